"""What the database itself refuses, whatever the services do. On both databases."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from storage.database import Database
from storage.tables import Account, Base, Flow, FlowVersion, NoteEntry, Proposal, Session, Step, Ticket, User

NOW = datetime(2026, 3, 1, 9, 14, tzinfo=UTC)


class Rows:
    """Two accounts with one row of everything in each; what a test adds names them."""

    def __init__(self) -> None:
        self.ours, self.theirs = Ids(), Ids()

    async def store(self, database: Database) -> None:
        for ids in (self.ours, self.theirs):
            async with database.session() as session:
                for row in ids.rows():
                    session.add(row)
                    await session.flush()


class Ids:
    def __init__(self) -> None:
        names = ("account", "user", "ticket", "flow", "version", "session", "proposal")
        self.account, self.user, self.ticket, self.flow, self.version, self.session, self.proposal = (
            uuid4() for _ in names
        )

    def rows(self) -> list[Base]:
        return [
            Account(id=self.account, name=str(self.account), created_at=NOW),
            User(id=self.user, account_id=self.account, name="u", role="owner", created_at=NOW),
            a_ticket(self, id=self.ticket),
            Flow(id=self.flow, account_id=self.account, slug="f", created_at=NOW),
            a_version(self, id=self.version),
            a_session(self, id=self.session),
            a_proposal(self, id=self.proposal),
        ]


def a_ticket(ids: Ids, **given: object) -> Ticket:
    usual = {"account_id": ids.account, "kind": "internal", "status": "open", "problem": "p", "customer": ""}
    return Ticket(**{**usual, "contact": "", "created_at": NOW, "updated_at": NOW, **given})


def a_version(ids: Ids, **given: object) -> FlowVersion:
    usual = {"account_id": ids.account, "flow_id": ids.flow, "number": 1, "status": "published", "title": "t"}
    return FlowVersion(
        **{**usual, "category": "c", "content": {}, "nodes": 0, "digest": "d", "created_at": NOW, **given}
    )


def a_session(ids: Ids, **given: object) -> Session:
    usual = {"account_id": ids.account, "kind": "adhoc", "status": "active", "user_id": ids.user, "problem_text": "p"}
    times = {"created_at": NOW, "last_step_at": NOW, "changed_at": NOW, "changed_by": ids.user}
    return Session(**{**usual, **times, "ticket_id": ids.ticket, "customer": "", "contact": "", "frames": [], **given})


def a_proposal(ids: Ids, **given: object) -> Proposal:
    usual = {"account_id": ids.account, "status": "pending", "type": "new_flow", "source": "ai_realtime_l1"}
    return Proposal(**{**usual, "title": "t", "category": "c", "keywords": [], "tree": {}, "created_at": NOW, **given})


def a_step(ids: Ids, **given: object) -> Step:
    usual = {"account_id": ids.account, "session_id": ids.session, "seq": 1, "step_id": uuid4(), "answer": "1"}
    return Step(**{**usual, "answer_label": "Yes", "at": NOW, "by": ids.user, "seconds": 1, "before": {}, **given})


def a_note(ids: Ids, **given: object) -> NoteEntry:
    usual = {"account_id": ids.account, "session_id": ids.session, "author_id": ids.user, "text": "n"}
    return NoteEntry(**{**usual, "created_at": NOW, "updated_at": NOW, **given})


@pytest.fixture
async def rows(database: Database) -> Rows:
    stored = Rows()
    await stored.store(database)
    return stored


async def add(database: Database, *rows: Base) -> None:
    async with database.session() as session:
        session.add_all(rows)


REFUSED: dict[str, Callable[[Ids, Ids], Base]] = {
    "an unknown kind": lambda ours, _: a_session(ours, kind="chat"),
    "an unknown status": lambda ours, _: a_session(ours, status="open"),
    "a flow call without a flow": lambda ours, _: a_session(ours, kind="flow"),
    "an ad hoc call with one": lambda ours, _: a_session(ours, flow_id=ours.flow, flow_version_id=ours.version),
    "a built call with one": lambda ours, _: a_session(
        ours, kind="ai_build", flow_id=ours.flow, flow_version_id=ours.version
    ),
    "a flow without its version": lambda ours, _: a_session(ours, kind="flow", flow_id=ours.flow),
    "a proposal in an ad hoc call": lambda ours, _: a_session(ours, proposal_id=ours.proposal),
    "another acting_as": lambda ours, _: a_session(ours, acting_as="boss"),
    "another hand-over": lambda ours, _: a_session(ours, escalation_how="mail"),
    "another role": lambda ours, _: User(account_id=ours.account, name="x", role="viewer", created_at=NOW),
    "a taken name": lambda ours, _: User(account_id=ours.account, name="u", role="owner", created_at=NOW),
    "a PSA ticket without a number": lambda ours, _: a_ticket(ours, kind="psa"),
    "an internal ticket with one": lambda ours, _: a_ticket(ours, external_id="1"),
    "two published versions": lambda ours, _: a_version(ours, number=2),
    "two versions with one number": lambda ours, _: a_version(ours, status="draft"),
    "their ticket": lambda ours, theirs: a_session(ours, ticket_id=theirs.ticket),
    "their technician": lambda ours, theirs: a_session(ours, user_id=theirs.user),
    "their flow": lambda ours, theirs: a_session(
        ours, kind="flow", flow_id=theirs.flow, flow_version_id=theirs.version
    ),
    "their version of our flow": lambda ours, theirs: a_session(
        ours, kind="flow", flow_id=ours.flow, flow_version_id=theirs.version
    ),
    "their proposal": lambda ours, theirs: a_session(ours, kind="proposal", proposal_id=theirs.proposal),
    "their confident flow": lambda ours, theirs: a_session(ours, confident_flow_id=theirs.flow),
    "their engineer": lambda ours, theirs: a_session(ours, claimed_by=theirs.user),
    "a step in their call": lambda ours, theirs: a_step(ours, session_id=theirs.session),
    "a step by their user": lambda ours, theirs: a_step(ours, by=theirs.user),
    "a note in their call": lambda ours, theirs: a_note(ours, session_id=theirs.session),
    "a note by their user": lambda ours, theirs: a_note(ours, author_id=theirs.user),
    "a proposal from their call": lambda ours, theirs: a_proposal(ours, session_id=theirs.session),
    "a version of their flow": lambda ours, theirs: a_version(ours, flow_id=theirs.flow, number=2),
}


@pytest.mark.parametrize("what", REFUSED)
async def test_the_database_refuses(database: Database, rows: Rows, what: str) -> None:
    with pytest.raises(IntegrityError):
        await add(database, REFUSED[what](rows.ours, rows.theirs))


async def test_what_is_refused_above_is_taken_when_it_is_right(database: Database, rows: Rows) -> None:
    ours = rows.ours
    await add(
        database,
        a_session(ours, kind="flow", flow_id=ours.flow, flow_version_id=ours.version, escalation_how="warm"),
        a_session(ours, kind="proposal", proposal_id=ours.proposal, confident_flow_id=ours.flow),
        a_session(ours, kind="ai_build", acting_as="l1_coverage", claimed_by=ours.user),
        a_ticket(ours, kind="psa", external_id="1"),
        a_version(ours, number=2, status="draft"),
        a_step(ours),
        a_note(ours),
        a_proposal(ours, session_id=ours.session),
    )


async def test_a_step_id_is_taken_once_in_an_account(database: Database, rows: Rows) -> None:
    step_id: UUID = uuid4()
    await add(database, a_step(rows.ours, step_id=step_id))
    with pytest.raises(IntegrityError):
        await add(database, a_step(rows.ours, step_id=step_id, seq=2))
    await add(database, a_step(rows.theirs, step_id=step_id))


@pytest.mark.parametrize(("column", "value"), [("answer_label", "No"), ("note", "other"), ("before", {"x": 1})])
async def test_a_stored_step_is_not_changed(database: Database, rows: Rows, column: str, value: object) -> None:
    await add(database, a_step(rows.ours))

    async def change() -> None:
        async with database.session() as session:
            step = await session.get(Step, (rows.ours.session, 1))
            setattr(step, column, value)

    with pytest.raises(DBAPIError):
        await change()


async def test_a_stored_step_can_be_taken_back(database: Database, rows: Rows) -> None:
    await add(database, a_step(rows.ours))
    async with database.session() as session:
        step = await session.get(Step, (rows.ours.session, 1))
        assert step is not None
        step.taken_back_at = NOW
    async with database.session(read_only=True) as session:
        step = await session.get(Step, (rows.ours.session, 1))
        assert step is not None
        assert step.taken_back_at == NOW
