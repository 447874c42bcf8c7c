"""Which store this program works with."""

SCHEMA = "0016"
"""The migration that it needs; a test compares it with the last one in `migrations`."""
