"""The words and signs of states, so that every screen says the same."""

from collections.abc import Collection, Iterable, Mapping

from services.walks.lines import HandOver, Part, Status

HANDED_BACK = "handed_back"
AWAITS_PSA = "awaits_psa"

STATES: Mapping[str, tuple[str, str]] = {
    "open": ("○", "waiting"),
    "walking": ("▶", "under way"),
    "active": ("▶", "under way"),
    "paused": ("‖", "paused"),
    HANDED_BACK: ("↩", "handed back"),
    AWAITS_PSA: ("⋯", "waiting for PSA"),
    "requesting_escalation": ("▲", "asks for help"),
    "escalated": ("▲", "escalated"),
    "resolved": ("✓", "resolved"),
    "abandoned": ("×", "abandoned"),
}
"""A session's or a ticket's status, or what a call under way waits for: its sign and its word."""

STYLES: Mapping[str, str] = {
    "active": "$text-success",
    "walking": "$text-success",
    "paused": "$text-warning",
    HANDED_BACK: "$text-warning",
    AWAITS_PSA: "$text-warning",
    "requesting_escalation": "$text-error",
    "escalated": "$text-error",
}

HOW: tuple[tuple[HandOver | None, str, str], ...] = (
    (None, "not said", "The engineer decides."),
    ("warm", "warm", "The caller stays on the line until somebody takes over."),
    ("cold", "cold", "The caller has hung up; everything is written here."),
    ("callback", "callback", "An engineer calls back."),
)
"""How a call is handed over: the value, its word, what the caller can expect."""

PARTS: Mapping[Part, str] = {
    "problem": "what is wrong",
    "who": "who calls",
    "how_many": "how many",
    "since": "since when",
    "tried": "what was tried",
    "next": "what to check first",
}
"""What an engineer asks first of a call that is passed on."""


def state(status: Status | str) -> str:
    sign, word = STATES.get(status, ("", status))
    return f"{sign} {word}".strip()


def untold(parts: Iterable[Part]) -> str:
    return ", ".join(PARTS[part] for part in parts)


def in_dots(parts: Collection[Part]) -> str:
    """How much of it was told."""
    return "●" * (len(PARTS) - len(parts)) + "○" * len(parts)


def handed_over(how: HandOver | None) -> str:
    return next(word for value, word, _ in HOW if value == how)
