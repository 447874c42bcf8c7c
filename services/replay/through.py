"""What a replayed call goes through: the services themselves, or somebody who works them by the keys of a screen."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from services.access import Actor
from services.drafting.model import Draft, DraftKind
from services.intake.model import Call, Outcome, Wish
from services.psa.model import Status
from services.replay.desk import AtTheDesk
from services.walks.model import HandOver, Reply, Walk
from services.walks.settling import Settlement
from services.walks.writebacks import Writeback


class Intake(Protocol):
    async def take(self, actor: Actor, call: Call, wish: Wish = ...) -> Outcome: ...


class Walks(Protocol):
    async def open(self, actor: Actor, session_id: UUID) -> Walk: ...

    async def answer(
        self, actor: Actor, walk: Walk, reply: Reply, *, step_id: UUID | None = None, note: str | None = None
    ) -> Walk:
        """The step that was taken is the last one of the walk's steps; `step_id` is only a wish for its id."""
        ...

    async def next_node(self, actor: Actor, walk: Walk, *, by_playbook: bool = False) -> Walk: ...

    async def back(self, actor: Actor, walk: Walk) -> Walk: ...

    async def save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk: ...

    async def to_notes(self, actor: Actor, walk: Walk) -> Walk: ...

    async def pause(self, actor: Actor, walk: Walk) -> Walk: ...

    async def take(self, actor: Actor, walk: Walk) -> Walk: ...

    async def resolve(
        self, actor: Actor, walk: Walk, *, helpful: bool, notes: str, fix: Settlement | None = None
    ) -> Walk: ...

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk: ...


class Escalations(Protocol):
    async def claim(self, actor: Actor, walk: Walk) -> Walk: ...

    async def hand_back(self, actor: Actor, walk: Walk, instruction: str) -> Walk: ...


class Journal(Protocol):
    async def run(self, actor: Actor, writeback_id: UUID) -> Writeback: ...

    async def ticket_status(self, ticket: str) -> Status: ...


class Users(Protocol):
    async def actor(self, name: str | None = None) -> Actor: ...


class Drafting(Protocol):
    async def draft(self, actor: Actor, walk: Walk, kind: DraftKind) -> Draft: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    intake: Intake
    walks: Walks
    escalations: Escalations
    users: Users
    drafting: Drafting
    desk: AtTheDesk
    journal: Journal | None = None
    """None: what the PSA is to have stays in the outbox."""
