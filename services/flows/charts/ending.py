"""Whether words end a call, and how."""

import re

from services.flows.nodes import Result

_ESCALATE = re.compile(
    r"\bescalat(?:e|ed|ion|ing)\b"
    r"|\b(?:tier|level|l)[ -]?[23]\b"
    r"|\b(?:pass|hand|send|transfer|refer)\b.{0,40}\b(?:on|over|to)\b"
    r"|\b(?:call|contact|open)\b.{0,30}\b(?:vendor|manufacturer|supplier|engineers?|ticket|case|onsite|field)\b"
    r"|\breplace (?:the )?(?:device|hardware|unit|printer|computer|laptop)\b",
    re.IGNORECASE,
)
_RESOLVED = re.compile(
    r"^(?:(?:it|this|that|the|problem|issue|call|all|now|is|are|has|been|works?)\s+){0,4}"
    r"(?:done|resolved|solved|fixed|finished|complete|completed|works|working|success|ok|okay)\b"
    r"|\bclose (?:the |this )?(?:ticket|call|case)\b"
    r"|\b(?:problem|issue|call|ticket|it) (?:is |has been )?(?:resolved|solved|fixed|closed)\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:not|no|never|un(?:re)?solved|isn't|doesn't|still)\b", re.IGNORECASE)


_ASKS = re.compile(r"[?？](?:\s*(?:\([^()]*\)|\[[^\[\]]*\]|y(?:es)?\s*(?:/|or)\s*no?\b))*[\s.:]*\Z", re.IGNORECASE)
_SIGNS = re.compile(r"^[\W_]+")


def asks(text: str) -> bool:
    """It ends in a question mark, whatever hint stands behind that in brackets."""
    return _ASKS.search(text[-400:]) is not None


def ending(text: str) -> Result | None:
    """None: nothing says that it ends there. A question ends no call."""
    words = _SIGNS.sub("", " ".join(text.split())[:400])
    if "?" in words:
        return None
    if _ESCALATE.search(words):
        return "escalate"
    if _RESOLVED.search(words) and not _NOT.search(words):
        return "resolved"
    return None
