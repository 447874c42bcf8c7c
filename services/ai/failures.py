"""Why a model gave no answer: one family, one line for the technician each."""

from typing import Literal

from services.errors import Trouble

Why = Literal[
    "off",
    "unreachable",
    "timeout",
    "overloaded",
    "limited",
    "rejected",
    "refused",
    "cut",
    "truncated",
    "invalid",
    "over_budget",
]

SAID: dict[Why, tuple[str, str]] = {
    "off": ("no model is set up", "Set ANTHROPIC_API_KEY to have one."),
    "unreachable": ("the model cannot be reached", "Look at the network; `rfl1 doctor` tests the connection."),
    "timeout": ("the model took too long", "Try again, or go on without it."),
    "overloaded": ("the model is overloaded", "Try again in a moment, or go on without it."),
    "limited": ("the model's limit on calls is reached", "Wait for a while, or go on without it."),
    "rejected": ("the model's maker turned the call down", "`rfl1 doctor` says what is wrong with the key."),
    "refused": ("the model does not want to help with this", "Go on without it."),
    "cut": ("the connection to the model broke off", "Try again, or go on without it."),
    "truncated": ("the model's answer was cut short", "Try again, or go on without it."),
    "invalid": ("the model's answer made no sense", "Try again, or go on without it."),
    "over_budget": ("the budget for the model is used up", "`rfl1 account show` has the limits."),
}

PASSING: frozenset[Why] = frozenset({"unreachable", "overloaded", "cut"})
"""Worth one more try at once, where nothing was shown yet."""

LASTING: frozenset[Why] = frozenset({"off", "limited", "rejected", "over_budget"})
"""The next call will fare no better."""


class ModelFailed(Trouble):
    """No usable answer. What the call has cost all the same is on record."""

    title = "The model gave no answer"

    def __init__(self, why: Why, more: str = "", *, wait: float | None = None) -> None:
        """`more` is what the other side said, one line; `wait` is for how many seconds it wants to be left alone."""
        line, hint = SAID[why]
        super().__init__(f"{line} ({more})" if more else line, hint)
        self.why = why
        self.wait = wait
