"""What a ticket and a session can be: the words that the tables know, for those too who load no database."""

TICKET_KINDS = ("internal", "psa")
TICKET_STATUSES = ("open", "walking", "resolved", "escalated")
SESSION_KINDS = ("flow", "proposal", "adhoc", "ai_build")
SESSION_STATUSES = ("active", "paused", "requesting_escalation", "escalated", "resolved", "abandoned")
IN_QUEUE = ("open", "walking")
UNDER_WAY = ("active", "paused")
IN_ESCALATION = ("requesting_escalation", "escalated")
ENDED = ("resolved", "escalated", "requesting_escalation", "abandoned")
"""Level 1 is done with it."""
ENDINGS = ("resolved", "escalated", "abandoned")
"""How level 1 was done with it; what went to an engineer stays `escalated` whatever came of it there."""
ON_SCREEN = -1
"""Instead of the seconds at a node: the call ended with it on the screen."""
HAND_OVERS = ("warm", "cold", "callback")
WRITEBACK_KINDS = ("resolution", "escalation")
WRITEBACK_STATES = ("waiting", "verified", "skipped", "failed")
