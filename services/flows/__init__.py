"""Troubleshooting flows: the tree, the file format, lint, the published library, proposals."""
