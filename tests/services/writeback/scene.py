"""A call on a ticket of each PSA, and what looks past the services at both sides of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from services.access import Actor
from services.builder.playbook import PlaybookBuilder
from services.flows.library import Library
from services.intake.model import AdHoc, Call
from services.psa import notes
from services.psa.provider import Provider
from services.team.settings import AccountSettings
from services.walks.changes import Sheet
from services.walks.closing import Closing
from services.walks.model import Walk
from services.walks.service import Walks
from services.walks.trees import Trees
from services.walks.writebacks import Writeback
from services.writeback.journal import Journal
from services.writeback.outbox import Outbox
from storage.database import Database
from storage.tables import Notification
from storage.tables import Writeback as Row
from tests.psa_servers.offices import Office
from tests.psa_servers.server import PsaServer
from tests.services.walks.scene import Scene


@dataclass
class Psa:
    """One terminal of the account, with the PSA set up."""

    scene: Scene
    office: Office
    server: PsaServer
    provider: Provider
    journal: Journal = field(init=False)
    outbox: Outbox = field(init=False)
    looking: Provider = field(init=False)
    """Of whoever looks afterwards, who is patient where `provider` is not."""

    def __post_init__(self) -> None:
        self.looking = self.office.provider(self.server)
        self.journal = journal(self.scene, lambda: self.provider)
        self.outbox = Outbox(self.scene.database, self.scene.clock, self.journal)

    async def set_up(self) -> None:
        await self.set("psa.resolved_status_id", self.office.resolved.status)
        await self.set("psa.escalated_status_id", self.office.escalated.status)
        await self.set("psa.escalation_board", self.office.escalated.board)
        await self.set("psa.escalation_owner", self.office.escalated.owner)

    async def set(self, key: str, value: str) -> None:
        await AccountSettings(self.scene.database, self.scene.clock).set(self.scene.team.owner, key, value)

    async def call(self, ticket: str = "1", by: Actor | None = None) -> Walk:
        asked = Call(problem="Outlook asks again", psa_ticket=ticket)
        outcome = await self.scene.intake.take(by or self.scene.team.tech, asked, AdHoc())
        return outcome.walk  # type: ignore[union-attr]

    async def resolved(
        self, ticket: str = "1", said: str = "It was **the cable**.", *, log_time: bool | None = None
    ) -> Walk:
        """Asked for, and not sent yet."""
        walk = await self.call(ticket)
        scene = self.scene
        builder, tina = PlaybookBuilder(), self.office.tina
        walks = Walks(scene.database, scene.clock, scene.library, builder, signs_in_as=tina)
        return await walks.resolve(self.scene.team.tech, walk, helpful=True, notes=said, log_time=log_time)

    async def escalated(self, ticket: str = "2") -> Walk:
        walk = await self.call(ticket)
        return await self.scene.walks.escalate(
            self.scene.team.tech, walk, category="needs_access", reason="It needs **rights**."
        )

    async def run(self, walk: Walk) -> Writeback:
        return await self.journal.run(self.scene.team.tech, walk.writebacks[-1].id)

    async def now(self, walk: Walk) -> Walk:
        return await self.scene.walks.open(self.scene.team.tech, walk.id)

    async def later(self, walk: Walk) -> None:
        """As if time had passed, also by the server's clock: what is waited for is over, who was silent is dead."""
        self.scene.clock.forward(seconds=60)
        minute = timedelta(seconds=60)
        async with self.scene.database.session() as session:
            for row in (await session.scalars(select(Row).where(Row.session_id == walk.id))).all():
                row.next_try_at = row.created_at
                row.leased_until = None if row.leased_until is None else row.created_at
                row.posting_at = row.posting_at and row.posting_at - minute
                row.timing_at = row.timing_at and row.timing_at - minute

    async def until_over(self, walk: Walk, most: int = 15) -> Writeback:
        """Tried again and again, as the outbox does."""
        for _ in range(most):
            await self.outbox.drain(self.scene.team.tech, workers=1)
            now = (await self.now(walk)).writebacks[-1]
            if now.state != "waiting":
                return now
            await self.later(walk)
        raise AssertionError(f"it still waits: {now.why}")

    async def holds(self, walk: Walk) -> None:
        """One note and no more; and the session says what the ticket does, or somebody was told."""
        now = await self.now(walk)
        last = now.writebacks[-1]
        ticket = now.ticket.external_id or ""
        marks = [note for note in self.notes() if f"Ref {last.mark}" in note and f"{last.mark}-time" not in note]
        assert len(marks) == (last.noted_at is not None), marks
        times = [each for each in await self.looking.times(ticket) if notes.carries(each.text, f"{last.mark}-time")]
        assert len(times) == (last.timed_at is not None)
        assert not now.awaits_psa
        wanted = self.office.resolved if last.kind == "resolution" else self.office.escalated
        if last.state == "verified":
            assert await self.status(ticket) == wanted.status
            assert now.status == ("resolved" if last.kind == "resolution" else "escalated")
        else:
            assert (last.state, bool(last.why), bool(await self.told())) == ("failed", True, True)
            assert now.status != "resolved"

    async def told(self) -> list[UUID]:
        """Who was notified that something will not reach the PSA."""
        found = select(Notification.user_id).where(Notification.event == "psa.writeback.failed")
        told = list[UUID]()
        for actor in self.scene.team.everybody().values():
            async with self.scene.database.reading(actor) as read:
                mine = found.where(Notification.user_id == actor.user_id)
                told += (await read.session.scalars(mine)).all()
        return told

    def notes(self) -> list[str]:
        return [str(note) for note in self.server.desk.notes]

    async def status(self, ticket: str = "1") -> str:
        return (await self.looking.ticket(ticket)).status.id


def journal(scene: Scene, provider: Callable[[], Provider | None], database: Database | None = None) -> Journal:
    of = database or scene.database
    closing = Closing(of, scene.clock, Sheet(of, scene.clock, Trees(Library(of, scene.clock))))
    return Journal(of, scene.clock, closing, provider, pause=0)
