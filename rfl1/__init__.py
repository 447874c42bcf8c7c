"""rfl1: troubleshooting on the phone. The composition root and the command line live here."""
