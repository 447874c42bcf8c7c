"""What a ticket and a session can be: the words that the tables know, for those too who load no database."""

TICKET_KINDS = ("internal", "psa")
TICKET_STATUSES = ("open", "walking", "resolved", "escalated")
SESSION_KINDS = ("flow", "proposal", "adhoc", "ai_build")
SESSION_STATUSES = ("active", "paused", "requesting_escalation", "escalated", "resolved", "abandoned")
IN_QUEUE = ("open", "walking")
UNDER_WAY = ("active", "paused")
IN_ESCALATION = ("requesting_escalation", "escalated")
HAND_OVERS = ("warm", "cold", "callback")
WRITEBACK_KINDS = ("resolution", "escalation")
WRITEBACK_STATES = ("waiting", "verified", "skipped", "failed")
