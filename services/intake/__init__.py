"""Intake: from what the caller says to a session, or to the honest choice of what to do instead."""
