"""The life of a session: answering, going back, notes, pause, resolve, escalate."""
