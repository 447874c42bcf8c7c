"""What an account may set: every key with its meaning, its default and what a person may write for it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from services.errors import Invalid, NotFound
from services.flows.visible import blank

Value: TypeAlias = str | int | tuple[str, ...] | None

IDENTITY_METHODS: Mapping[str, str] = {
    "callback_number_on_record": "Call back on the number on record",
    "push_to_enrolled_device": "Push to an enrolled device",
    "code_to_corporate_mailbox": "Code to the corporate mailbox",
    "manager_approval": "Approval of the manager",
    "video_and_id": "Video call with an identity card",
}
ESCALATION_REASONS: Mapping[str, str] = {
    "exhausted_safe_steps": "No safe step is left",
    "needs_access": "Needs access that level 1 does not have",
    "needs_onsite": "Somebody has to be on site",
    "suspected_security": "Suspected security incident",
    "outage_or_many_users": "Outage, or many users",
    "customer_request": "The customer asks for it",
    "out_of_scope": "Out of scope",
    "other": "Something else",
}
AUTO_START = ("evidence", "on", "off")
ON_OFF = ("on", "off")

LONGEST_TEXT = 100
MOST_NAMES = 30
_NAME = re.compile("[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True, slots=True)
class Key:
    default: Value
    help: str
    parse: Callable[[str], Value]
    """From what a person wrote, which is not empty. Raises ValueError with what is wrong with it."""


def label(name: str) -> str:
    """A method or a reason in words; one that the account made up, from its own name."""
    known = IDENTITY_METHODS.get(name) or ESCALATION_REASONS.get(name)
    return known or name.replace("_", " ").capitalize()


def found(key: str) -> Key:
    """Raises NotFound, with what may have been meant."""
    if key in KEYS:
        return KEYS[key]
    near = get_close_matches(key, KEYS, n=1, cutoff=0.5)
    raise NotFound(f"no setting {key!r}", f"Did you mean {near[0]}?" if near else f"There are: {', '.join(KEYS)}.")


def parse(key: str, text: str) -> Value:
    """The value that `text` stands for; the default where it is empty. Raises Invalid, NotFound for an unknown key."""
    known = found(key)
    if not text.strip():
        return known.default
    try:
        return known.parse(text.strip())
    except ValueError as wrong:
        raise Invalid(
            f"{key}: {wrong}", f"For example: rfl1 account set {key} {written(known.default) or '12'}"
        ) from None


def written(value: Value) -> str:
    """A value as `parse` reads it."""
    if value is None:
        return ""
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _number(low: int, high: int) -> Callable[[str], int]:
    def parse_number(text: str) -> int:
        if not re.fullmatch("[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"{text!r} is no whole number from {low} to {high:,}")
        return int(text)

    return parse_number


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse_choice(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError(f"{text!r} is none of {', '.join(choices)}")
        return text.lower()

    return parse_choice


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name; use lower-case letters, digits and _, with commas between")
    if len(names) > MOST_NAMES:
        raise ValueError(f"{len(names)} are more than anybody can choose from; {MOST_NAMES} is the most")
    return names


def _text(text: str) -> str:
    if len(text) > LONGEST_TEXT or not text.isprintable() or blank(text):
        raise ValueError(f"this has to be one line of at most {LONGEST_TEXT} characters")
    return text


KEYS: Mapping[str, Key] = {
    "sessions.abandon_after_hours": Key(
        24,
        "Hours without a step, a note or any other change after which an active call is abandoned; 0 is at once",
        _number(0, 8760),
    ),
    "ai.depth_cap": Key(12, "Steps after which an AI-built walk is passed on to an engineer", _number(1, 50)),
    "ai.session_budget": Key(25, "US cents that the model may cost in one call; 0 is none at all", _number(0, 100_000)),
    "ai.hour_budget": Key(200, "US cents that the model may cost the account in an hour", _number(0, 1_000_000)),
    "match.auto_start": Key(
        "evidence",
        "Whether a confident match starts its flow: evidence (once the account's own calls bear it out), on, off",
        _one_of(*AUTO_START),
    ),
    "identity.methods": Key(tuple(IDENTITY_METHODS), "The ways of proving who is calling, with commas between", _names),
    "escalation.reasons": Key(
        tuple(ESCALATION_REASONS), "The reason categories of an escalation, with commas between", _names
    ),
    "psa.resolved_status_id": Key(
        None,
        "The PSA's status for a resolved ticket, by id, or by its name on every board; without it the status is left "
        "alone",
        _text,
    ),
    "psa.escalated_status_id": Key(
        None,
        "The PSA's status for an escalated ticket, by id or name; without it the status is left alone",
        _text,
    ),
    "psa.escalation_board": Key(None, "The PSA's board or queue that escalated tickets move to, by id or name", _text),
    "psa.escalation_team": Key(None, "The id of the PSA's team that escalated tickets are for", _text),
    "psa.escalation_owner": Key(None, "Whose escalated tickets are, as they sign in to the PSA", _text),
    "psa.log_time": Key(
        "off", "Whether resolving offers to log the call's working time in the PSA: on, off", _one_of(*ON_OFF)
    ),
}
