"""What other tools draw and write: Markdown checklists, Mermaid and DOT flow charts, as drafts of flows."""
