"""Who may do what: the table of roles, every line of it tried by everybody on real services."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar
from uuid import UUID, uuid4

import pytest

from services.access import COVERAGE, Actor
from services.errors import NotAllowed
from services.flows.history import History
from services.flows.nodes import flow_to_json
from services.flows.proposals import Proposals
from services.flows.recorded import Recorded
from services.intake.model import AdHoc, AdHocStarted, Call, EscalateAtOnce, TakeProposal
from services.stats import Stats
from services.team.audit import Audit
from services.team.settings import AccountSettings, Categories
from services.team.users import Users
from services.walks.model import Choose, Walk
from storage.tables import Proposal
from tests.services.making import flow
from tests.services.people import audited, past
from tests.services.walks.scene import Scene, as_file

CALL = Call(problem="The printer is silent")


@pytest.fixture
async def scene(migrated_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_url)
    yield set_up
    await set_up.database.dispose()


@dataclass(frozen=True)
class Desk:
    """What somebody finds when they sit down: calls of a colleague, and a way to everything."""

    scene: Scene
    actor: Actor

    @property
    def users(self) -> Users:
        return Users(self.scene.database, self.scene.clock)

    @property
    def settings(self) -> AccountSettings:
        return AccountSettings(self.scene.database, self.scene.clock)

    @property
    def categories(self) -> Categories:
        return Categories(self.scene.database, self.scene.clock)

    @property
    def proposals(self) -> Proposals:
        return Proposals(self.scene.database, self.scene.clock, self.scene.library)

    async def colleagues(self) -> Walk:
        """A call that a colleague has."""
        return await self.scene.start_flow(by=self.scene.team.second)

    async def own(self) -> Walk:
        """The same, taken over; still the colleague's for whoever may not take calls."""
        walk = await self.colleagues()
        try:
            return await self.scene.walks.take(self.actor, walk)
        except NotAllowed:
            return walk

    async def escalated(self) -> Walk:
        walk = await self.colleagues()
        return await self.scene.walks.escalate(self.scene.team.second, walk, category="other", reason="Stuck.")

    async def proposal(self) -> UUID:
        proposal_id, tree = uuid4(), flow(f"captured-{uuid4().hex[:8]}")
        async with past(self.scene.database, self.scene.team.second) as tx:
            given = {"title": tree.title, "category": tree.category, "keywords": [], "tree": flow_to_json(tree)}
            about = {"status": "pending", "type": "new_flow", "source": "ai_realtime_l1", "worked": 1}
            by = self.scene.team.second.user_id
            tx.add(Proposal(id=proposal_id, **given, **about, created_by=by, created_at=self.scene.clock()))
        return proposal_id

    async def draft(self) -> str:
        slug = f"draft-{uuid4().hex[:8]}"
        await self.scene.library.bring_in(self.scene.team.owner, [as_file(flow(slug))], draft=True)
        return slug

    async def flow(self) -> str:
        slug = f"flow-{uuid4().hex[:8]}"
        await self.scene.library.bring_in(self.scene.team.owner, [as_file(flow(slug))])
        return slug

    @property
    def history(self) -> History:
        return History(self.scene.database, self.scene.clock, self.scene.library)

    async def two_versions(self) -> str:
        slug = await self.flow()
        await self.scene.library.bring_in(self.scene.team.owner, [as_file(flow(slug, ask="Does it hum?"))])
        return slug

    async def somebody(self) -> str:
        name = f"somebody {uuid4().hex[:8]}"
        await self.users.add(self.scene.team.owner, name, "l1_tech")
        return name

    # The lines of the table that need more than one call.

    async def roll_back(self) -> object:
        return await self.history.roll_back(self.actor, await self.two_versions(), 1)

    async def back(self) -> Walk:
        walk = await self.own()
        try:
            walk = await self.scene.walks.answer(self.actor, walk, Choose(0))
        except NotAllowed:
            walk = await self.scene.walks.answer(self.scene.team.second, walk, Choose(0))
        return await self.scene.walks.back(self.actor, walk)

    async def resolve_escalated(self) -> Walk:
        return await self.scene.walks.resolve(self.actor, await self.escalated(), helpful=False, notes="Done.")

    async def escalate_at_once(self) -> object:
        return await self.scene.intake.take(self.actor, CALL, EscalateAtOnce("other", "No idea."))

    async def take_proposal(self) -> object:
        return await self.scene.intake.take(self.actor, CALL, TakeProposal(await self.proposal()))


Made = TypeVar("Made")
Attempt: TypeAlias = Callable[[Desk], Awaitable[object]]
ALL = frozenset({"tech", "covering", "engineer", "admin", "owner"})
LEVEL_1 = ALL - {"engineer"}
ENGINEERS = ALL - {"tech"}
RUN_IT = frozenset({"admin", "owner"})


async def _of(make: Awaitable[Made], then: Callable[[Made], Awaitable[object]]) -> object:
    return await then(await make)


TABLE: dict[str, tuple[frozenset[str], Attempt]] = {
    # Intake, walk, notes, resolve, escalate.
    "match": (LEVEL_1, lambda me: me.scene.intake.match(me.actor, "outlook asks for a password")),
    "take a call": (LEVEL_1, lambda me: me.scene.intake.take(me.actor, CALL, AdHoc())),
    "escalate at once": (LEVEL_1, Desk.escalate_at_once),
    "walk a proposal": (LEVEL_1, Desk.take_proposal),
    "resume": (LEVEL_1, lambda me: me.scene.walks.resumable(me.actor)),
    "answer": (LEVEL_1, lambda me: _of(me.own(), lambda walk: me.scene.walks.answer(me.actor, walk, Choose(0)))),
    "back": (LEVEL_1, Desk.back),
    "note a step": (LEVEL_1, lambda me: _of(me.own(), lambda walk: me.scene.walks.note_step(me.actor, walk, "x"))),
    "free note": (
        LEVEL_1,
        lambda me: _of(me.own(), lambda walk: me.scene.walks.save_note(me.actor, walk, uuid4(), "x")),
    ),
    "turn to notes": (LEVEL_1, lambda me: _of(me.own(), lambda walk: me.scene.walks.to_notes(me.actor, walk))),
    "pause": (LEVEL_1, lambda me: _of(me.own(), lambda walk: me.scene.walks.pause(me.actor, walk))),
    "resolve": (
        LEVEL_1,
        lambda me: _of(me.own(), lambda walk: me.scene.walks.resolve(me.actor, walk, helpful=True, notes="Done.")),
    ),
    "escalate": (
        LEVEL_1,
        lambda me: _of(me.own(), lambda walk: me.scene.walks.escalate(me.actor, walk, category="other", reason="x")),
    ),
    "abandon": (LEVEL_1, lambda me: _of(me.own(), lambda walk: me.scene.walks.abandon(me.actor, walk))),
    # Any session of the account, not just one's own.
    "take over": (LEVEL_1, lambda me: _of(me.colleagues(), lambda walk: me.scene.walks.take(me.actor, walk))),
    "read any call": (ALL, lambda me: _of(me.colleagues(), lambda walk: me.scene.walks.open(me.actor, walk.id))),
    "list calls": (ALL, lambda me: me.scene.walks.listed(me.actor)),
    # The engineer's side.
    "escalation queue": (ENGINEERS, lambda me: me.scene.escalations.listed(me.actor)),
    "claim": (ENGINEERS, lambda me: _of(me.escalated(), lambda walk: me.scene.escalations.claim(me.actor, walk))),
    "hand back": (
        ENGINEERS,
        lambda me: _of(me.escalated(), lambda walk: me.scene.escalations.hand_back(me.actor, walk, "Ask again.")),
    ),
    # Flows.
    "approve": (ENGINEERS, lambda me: _of(me.proposal(), lambda each: me.proposals.approve(me.actor, each))),
    "merge": (
        ENGINEERS,
        lambda me: _of(
            me.proposal(),
            lambda each: _of(
                me.flow(),
                lambda slug: me.proposals.merge(me.actor, each, into=slug, at="ask", label="Neither"),
            ),
        ),
    ),
    "edit a proposal": (
        ENGINEERS,
        lambda me: _of(
            me.proposal(),
            lambda each: _of(
                me.proposals.show(me.actor, each),
                lambda seen: me.proposals.edit(me.actor, seen, flow("captured", ask="What else?")),
            ),
        ),
    ),
    "reject": (ENGINEERS, lambda me: _of(me.proposal(), lambda each: me.proposals.reject(me.actor, each, "no"))),
    "import": (ENGINEERS, lambda me: me.scene.library.bring_in(me.actor, [as_file(flow(f"own-{me.actor.role}"))])),
    "publish": (ENGINEERS, lambda me: _of(me.draft(), lambda slug: me.scene.library.publish(me.actor, slug))),
    "retire": (ENGINEERS, lambda me: _of(me.flow(), lambda slug: me.scene.library.retire(me.actor, slug))),
    "roll back": (ENGINEERS, Desk.roll_back),
    "compare versions": (ALL, lambda me: _of(me.two_versions(), lambda slug: me.history.compare(me.actor, slug))),
    "check a change": (
        ALL,
        lambda me: _of(me.flow(), lambda slug: Recorded(me.scene.database, me.scene.library).check(me.actor, slug)),
    ),
    "read flows": (ALL, lambda me: me.scene.library.listed(me.actor)),
    "read proposals": (ALL, lambda me: me.proposals.listed(me.actor)),
    # Settings, reading and writing alike.
    "read categories": (RUN_IT, lambda me: me.categories.listed(me.actor)),
    "enable a category": (RUN_IT, lambda me: me.categories.enable(me.actor, "printer")),
    "disable a category": (RUN_IT, lambda me: me.categories.disable(me.actor, "printer")),
    "read settings": (RUN_IT, lambda me: me.settings.show(me.actor)),
    "identity methods": (RUN_IT, lambda me: me.settings.set(me.actor, "identity.methods", "manager_approval")),
    "status ids": (RUN_IT, lambda me: me.settings.set(me.actor, "psa.resolved_status_id", "5")),
    "read the audit log": (RUN_IT, lambda me: Audit(me.scene.database).listed(me.actor)),
    "read the figures": (ALL, lambda me: Stats(me.scene.database).account(me.actor)),
    # People.
    "list users": (RUN_IT, lambda me: me.users.listed(me.actor)),
    "add a user": (RUN_IT, lambda me: me.users.add(me.actor, f"added by {me.actor.name}", "l1_tech")),
    "change a role": (
        RUN_IT,
        lambda me: _of(me.somebody(), lambda name: me.users.change_role(me.actor, name, "engineer")),
    ),
    "disable a user": (RUN_IT, lambda me: _of(me.somebody(), lambda name: me.users.disable(me.actor, name))),
    "add an owner": (frozenset({"owner"}), lambda me: me.users.add(me.actor, f"owner by {me.actor.name}", "owner")),
    "make an owner": (
        frozenset({"owner"}),
        lambda me: _of(me.somebody(), lambda name: me.users.change_role(me.actor, name, "owner")),
    ),
}


@pytest.mark.parametrize("line", TABLE)
async def test_the_table_of_roles(scene: Scene, line: str) -> None:
    able, attempt = TABLE[line]
    everybody = scene.team.everybody()
    for role in sorted(ALL):
        desk = Desk(scene, everybody[role])
        if role in able:
            await attempt(desk)
        else:
            with pytest.raises(NotAllowed):
                await attempt(desk)


async def test_an_escalated_call_is_resolved_by_whoever_may_work_on_it(scene: Scene) -> None:
    for actor in (scene.team.engineer, scene.team.covering, scene.team.admin, scene.team.owner):
        assert (await Desk(scene, actor).resolve_escalated()).status == "resolved"


async def test_whoever_works_on_level_1_in_another_role_is_recorded_so(scene: Scene) -> None:
    acting = {"tech": None, "covering": COVERAGE, "admin": COVERAGE, "owner": COVERAGE}
    for role, acting_as in acting.items():
        actor = scene.team.everybody()[role]
        outcome = await scene.intake.take(actor, CALL, AdHoc())
        assert isinstance(outcome, AdHocStarted)
        assert outcome.walk.acting_as == acting_as
        await scene.walks.resolve(actor, outcome.walk, helpful=True, notes="Done.")
        for action in ("l1.session.start", "l1.session.resolve"):
            rows = await audited(scene.database, actor, action)
            [row] = [row for row in rows if row.session_id == outcome.walk.id]
            assert (row.user_id, row.acting_as) == (actor.user_id, acting_as)
