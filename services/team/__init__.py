"""The account itself: its users, its settings, what it remembers of who did what, and who is told."""
