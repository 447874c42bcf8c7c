"""Notes and statuses on their way to the PSA: exactly one note, a status that was read back, or somebody is told."""
