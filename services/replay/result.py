"""What comes out of a script, and what is told while it runs."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from services.drafting.model import Draft
from services.walks.writebacks import Writeback

ChangeName = Literal[
    "start", "step", "back", "notes", "pause", "resume", "resolve", "escalate", "claim", "fact", "fix", "decision",
    "outcome", "hand_back", "missing",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change that is in the store to stay."""

    change: ChangeName
    session_id: UUID
    state_version: int
    step_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """`at` names the place in the script: `intake`, `steps[2]`, `then[0]`, `after.status`."""

    at: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class StepTaken:
    seq: int
    node_type: str
    text: str
    label: str
    milliseconds: float
    """From the answer until the next node, or the end, was there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    script: str
    failures: tuple[Failure, ...]
    prevented: bool = False
    """It failed not because of what it expects: somebody else held the store, or the system did not give the file."""
    outcome: str | None = None
    """None where intake was refused."""
    session_id: UUID | None = None
    status: str | None = None
    steps: tuple[StepTaken, ...] = ()
    """The walked path."""
    drafts: tuple[Draft, ...] = ()
    """As they were asked for."""
    writeback: Writeback | None = None
    """The last one; what is unfinished stays in the outbox."""
    local: bool = False
    """The call ended, and without a PSA ticket: there is nothing to write back."""
    milliseconds: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.failures
