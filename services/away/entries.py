"""What is kept aside: the changes that a technician makes without waiting for anybody, as they are written down."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Reply, Verified
from storage.written import Unreadable

_REPLIES: dict[str, type[Reply]] = {
    "choose": Choose,
    "cannot_tell": CannotTell,
    "acknowledge": Acknowledge,
    "enter": Enter,
    "verified": Verified,
    "red_flag": RedFlag,
}
_NAMES = {kind: name for name, kind in _REPLIES.items()}


@dataclass(frozen=True, slots=True)
class Answered:
    step_id: UUID
    node_id: str
    reply: Reply
    note: str | None
    at: datetime
    text: str
    """Of the node, and of the answer: for people, where it cannot be stored as a step any more."""
    label: str


@dataclass(frozen=True, slots=True)
class StepNoted:
    node_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    note_id: UUID
    text: str


Entry: TypeAlias = Answered | StepNoted | Noted


def written(entry: Entry) -> str:
    match entry:
        case Answered(reply=reply):
            told = {
                "answered": str(entry.step_id),
                "node": entry.node_id,
                "reply": [_NAMES[type(reply)], asdict(reply)],
                "note": entry.note,
                "at": entry.at.isoformat(),
                "text": entry.text,
                "label": entry.label,
            }
        case StepNoted(node_id, text):
            told = {"step_note": node_id, "text": text}
        case Noted(note_id, text):
            told = {"note_id": str(note_id), "text": text}
    return json.dumps(told)


def read(line: str) -> Entry:
    """The inverse. Raises Unreadable."""
    try:
        told = json.loads(line)
        if "answered" in told:
            name, fields = told["reply"]
            return Answered(
                UUID(told["answered"]),
                told["node"],
                _REPLIES[name](**fields),
                told["note"],
                datetime.fromisoformat(told["at"]),
                told["text"],
                told["label"],
            )
        if "step_note" in told:
            return StepNoted(told["step_note"], told["text"])
        return Noted(UUID(told["note_id"]), told["text"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise Unreadable("what was kept on this machine cannot be read") from error
