"""A walk of a flow that is only tried: as a technician would see it, and nothing of it is stored."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from services.errors import Refused
from services.flows.library import Library
from services.flows.nodes import Instruction, Outcome, Verify
from services.walks.model import Acknowledge, Choose, RedFlag, Verified
from services.walks.trial import Trials
from storage.database import Database
from storage.tables import AuditEntry, Session, Ticket
from tests.services.making import Files, flow
from tests.services.people import ManualClock, Team, past


@pytest.fixture
def library(database: Database, clock: ManualClock) -> Library:
    return Library(database, clock)


@pytest.fixture
def trials(database: Database, library: Library) -> Trials:
    return Trials(database, library)


async def test_a_flow_and_what_it_links_to_is_walked_and_nothing_is_stored(
    trials: Trials, library: Library, database: Database, files: Files, team: Team
) -> None:
    await library.bring_in(team.owner, files(flow("printer", ask="Is it warm?")))

    async def rows() -> list[int]:
        async with past(database, team.owner) as read:
            counted = [select(func.count()).select_from(each) for each in (Session, Ticket, AuditEntry)]
            return [(await read.session.scalars(each)).one() for each in counted]

    before = await rows()
    trial = await trials.begin(team.engineer, flow("captured", links="printer"))
    assert (trial.pending.id, trial.where) == ("ask", "Captured")
    trial = trial.answer(Choose(0)).answer(Acknowledge())
    assert (trial.pending.node.text, trial.where) == ("Is it warm?", "Captured › Printer")
    trial = trial.answer(Choose(1))
    assert trial.pending.node == Outcome(text="Done.", result="resolved")
    assert trial.where == "Captured"
    assert [(each.pending.id, each.label) for each in trial.steps] == [("ask", "Yes"), ("on", "Done"), ("ask", "No")]
    with pytest.raises(Refused, match="end of the flow"):
        trial.answer(Acknowledge())
    back = trial.back().back()
    assert (back.pending.id, len(back.steps)) == ("on", 1)
    assert back.back().back() == await trials.begin(team.engineer, flow("captured", links="printer"))
    assert await rows() == before


async def test_who_is_calling_has_to_be_proved_in_a_trial_too(trials: Trials, team: Team) -> None:
    gate = {"ask": Verify(text="Who is it?", next="on", failed="end")}
    given = flow("captured")
    risky = {**given.nodes, "on": Instruction(text="Reset it.", next="end", needs_identity=True)}
    trial = await trials.begin(team.engineer, replace(given, nodes=risky))
    gated = trial.answer(Choose(0))
    assert gated.pending.behind is not None
    method = next(iter(trial.methods))
    assert gated.answer(Verified(method, "rang back")).pending.id == "on"
    trial = await trials.begin(team.engineer, replace(given, nodes={**risky, **gate}))
    assert trial.answer(RedFlag("odd")).pending.id == "end"


async def test_a_flow_that_leads_nowhere_cannot_be_tried(trials: Trials, team: Team) -> None:
    given = flow("captured")
    for broken in (
        replace(given, start="gone"),
        replace(given, nodes={}),
        replace(given, nodes={**given.nodes, "on": Instruction(text="x", next="gone")}),
    ):
        with pytest.raises(Refused, match="cannot be walked yet"):
            await trials.begin(team.engineer, broken)


async def test_a_link_to_nothing_is_passed_over(trials: Trials, team: Team) -> None:
    trial = await trials.begin(team.engineer, flow("captured", links="nowhere"))
    trial = trial.answer(Choose(0)).answer(Acknowledge())
    assert (trial.pending.id, trial.steps[-1].label) == ("end", "Skipped: the flow nowhere is retired")
