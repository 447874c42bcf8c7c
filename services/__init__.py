"""What the product does: one package per capability. Knows storage; no Textual, no Typer."""
