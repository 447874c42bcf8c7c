"""What a session is, as everybody above the store sees it: frozen, whole, safe to keep on a screen.

A `Walk` is also the ticket for changing it: every change takes the walk it was made against, and gives the next one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from services.flows.nodes import Flow, Node
from services.walks.lines import (
    Claim,
    Escalation,
    HandOver,
    Kind,
    Part,
    Person,
    QueueEntry,
    QueueTicket,
    SessionSummary,
    Status,
    TicketKind,
    TicketRef,
    TicketStatus,
)
from services.walks.writebacks import Writeback
from storage.statuses import IN_ESCALATION

__all__ = [
    "IN_ESCALATION",
    "Claim",
    "Escalation",
    "HandOver",
    "Kind",
    "Part",
    "Person",
    "QueueEntry",
    "QueueTicket",
    "SessionSummary",
    "Status",
    "TicketKind",
    "TicketRef",
    "TicketStatus",
]
"""From there, and part of this too."""


@dataclass(frozen=True, slots=True)
class Pending:
    """The node on the screen, not answered yet. `id` is what an answer has to send back."""

    id: str
    node: Node
    origin: str | None = None
    """Where an AI-built node comes from: `playbook:<category>/<place>` or `model`; None for authored ones."""
    behind: "Pending | None" = None
    """An identity gate was put in front of this one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One flow being walked; a linked flow lies on top of the one that it returns to."""

    tree: str
    """`flow:<version id>` or `proposal:<id>`: a key of `Walk.trees`."""
    return_to: str | None = None
    """The node of the frame below where the walk goes on after this one is resolved."""


@dataclass(frozen=True, slots=True)
class Choose:
    """The answer at `index` (from 0) of the pending question."""

    index: int


@dataclass(frozen=True, slots=True)
class CannotTell:
    """The pending question cannot be answered."""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """An instruction or a link was done; with risk confirm: was confirmed."""


@dataclass(frozen=True, slots=True)
class Enter:
    """The value asked for by an input node."""

    value: str


@dataclass(frozen=True, slots=True)
class Verified:
    """The caller was proved by `method` (a key of the account's identity methods), and how."""

    method: str
    evidence: str


@dataclass(frozen=True, slots=True)
class RedFlag:
    """The caller could not be proved, or something was wrong."""

    text: str


Reply: TypeAlias = Choose | CannotTell | Acknowledge | Enter | Verified | RedFlag


@dataclass(frozen=True, slots=True)
class Step:
    """One answered or acknowledged node."""

    seq: int
    step_id: UUID
    pending: Pending
    """The node as it was shown."""
    answer: str
    """`1`..`9`, `unsure`, `ack`, the typed value, the identity method, or `red_flag`."""
    answer_label: str
    """The words that were pressed or typed: "Microsoft account", never "yes"."""
    note: str | None
    at: datetime
    by: Person
    seconds: int
    """How long the node stood on the screen."""
    taken_back: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """One free note."""

    id: UUID
    text: str
    at: datetime
    updated_at: datetime
    by: Person


@dataclass(frozen=True, slots=True)
class FlowRef:
    id: UUID
    version_id: UUID
    slug: str
    title: str
    number: int


@dataclass(frozen=True, slots=True)
class Resolution:
    helpful: bool
    notes: str
    at: datetime
    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One session, whole."""

    id: UUID
    account_id: UUID
    kind: Kind
    status: Status
    state_version: int
    technician: Person
    """Who has the call."""
    acting_as: str | None
    """`l1_coverage` where somebody of another role has worked on it as level 1."""
    ticket: TicketRef
    flow: FlowRef | None
    proposal_id: UUID | None
    category: str | None
    problem_text: str
    customer: str
    contact: str
    pending: Pending | None
    pending_note: str | None
    """A note on the step that is not taken yet."""
    path: tuple[Step, ...]
    """Every step, also those taken back, oldest first."""
    notes: tuple[Note, ...]
    free_notes: bool
    """No tree (any more)."""
    verified: bool
    instruction: str | None
    """What the engineer asked for when handing the call back."""
    created_at: datetime
    last_step_at: datetime
    changed_at: datetime
    changed_by: Person
    resolution: Resolution | None = None
    escalation: Escalation | None = None
    claim: Claim | None = None
    awaits_psa: bool = False
    """It is being resolved: its note waits for the PSA, and nothing else may be done with it."""
    writebacks: tuple[Writeback, ...] = ()
    """What its endings had to write to the PSA, oldest first."""
    frames: tuple[Frame, ...] = ()
    trees: Mapping[str, Flow] = field(default_factory=dict, compare=False, repr=False)
    """The flows that the frames name."""
    depth_cap: int = 12
    """Steps after which an AI-built walk is passed on."""
    repeated: bool = field(default=False, compare=False)
    """The change had been stored before: a retry that added nothing."""
    kept_here: int = field(default=0, compare=False)
    """Changes that are on this machine only, until the store is back; see `services.away`."""
    warning: str | None = field(default=None, compare=False)
    """One line the technician should see, such as an escalation that nobody will be told of."""

    @property
    def steps(self) -> tuple[Step, ...]:
        """The walked path: the steps that were not taken back."""
        return tuple(step for step in self.path if not step.taken_back)

    @property
    def born_escalated(self) -> bool:
        """An engineer was asked at once, before anything was tried."""
        return self.kind == "adhoc" and self.escalation is not None and self.escalation.at == self.created_at

    @property
    def awaits_node(self) -> bool:
        """The answer is stored, the next node of the AI-built walk has not been made yet."""
        under_way = self.status == "active" and not self.awaits_psa
        return self.kind == "ai_build" and under_way and not self.free_notes and self.pending is None
