"""Proposals by keys: the list, one as a tree, stubs filled in, tried, published, merged, turned down."""

from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from rfl1.compose import Services
from screens import merge
from screens.node_form import NodeForm
from screens.proposal import ProposalScreen
from screens.proposals import ProposalsScreen
from services.access import Actor
from services.errors import Refused
from services.flows.nodes import Answer, Flow, Instruction, Link, Node, Outcome, Question, flow_to_json
from services.flows.proposal import ProposalDetail
from services.intake.model import AdHoc, BuildAnyway, Call
from services.walks.model import Choose
from storage.errors import StoreUnreachable
from storage.tables import Proposal
from tests.screens.test_hostile import STRINGS, look, whole
from tests.screens.test_hostile import flow as hostile_flow
from tests.services.making import Files
from tests.services.people import Team, past
from tests.stage import LARGE, SMALL, USUAL, Stage, stage

TELLING = [("everything", SMALL), ("everything", LARGE), ("long", SMALL), ("wide", SMALL), ("lines", USUAL)]

SAID = "the scanner hums and scans nothing"


def tree(**more: Any) -> Flow:
    """A question with one answer that was taken and one that was not."""
    stub = Outcome(text="Not taken.", result="escalate", needs_review=True)
    nodes: dict[str, Node] = {
        "hums": Question(
            text="Does it hum?",
            answers=(Answer(label="Yes", next="lid"), Answer(label="No", next="hums-other-2")),
        ),
        "lid": Instruction(text="Close the lid.", next="solved"),
        "hums-other-2": stub,
        "solved": Outcome(text="It scans.", result="resolved"),
    }
    given = Flow(slug="captured-1", title="Scanner hums", category="printer", start="hums", nodes=nodes)
    return replace(given, examples=(SAID,), **more)


async def captured(services: Services, by: Actor, flow: Flow | None = None, **fields: Any) -> UUID:
    given, proposal_id = flow or tree(), uuid4()
    row = {"status": "pending", "type": "new_flow", "source": "ai_realtime_l1", "keywords": ["scanner"], "worked": 1}
    about = {"title": given.title, "category": given.category, "tree": flow_to_json(given), "created_by": by.user_id}
    async with past(services.database, by) as tx:
        tx.add(Proposal(id=proposal_id, created_at=services.clock(), **{**row, **about, **fields}))
    return proposal_id


async def shown(services: Services, team: Team, proposal_id: UUID) -> ProposalDetail:
    return await services.proposals.show(team.engineer, proposal_id)


async def opened(on: Stage) -> None:
    await on.press("p", "enter")
    on.page(ProposalScreen)


async def test_the_list_says_what_waits_and_level_1_has_none(services: Services, team: Team) -> None:
    await captured(
        services, team.tech, status="rejected", reviewed_by=team.engineer.user_id, reviewed_at=services.clock()
    )
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("p")
        await on.sees("No proposal waits for a reviewer. a shows all there were.")
        on.page(ProposalsScreen)
        await on.press("a")
        await on.sees("All proposals", "Scanner hums", "× rejected by emil")
        await captured(services, team.tech, tree(title="A newer one"))
        await on.press("a")
        await on.sees("A newer one", "1 waiting", "1 stub", f"“{SAID}”", "a call of tina")
        assert "× rejected" not in on.words
    async with stage(services, team.tech) as on:
        assert not on.app.check_action("proposals", ())
        await on.press("alt+p")
        assert not isinstance(on.app.screen, ProposalsScreen)


async def test_a_list_that_cannot_be_read_says_so(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> tuple[ProposalDetail, ...]:
        raise Refused("the store is away", "Try again.")

    async with stage(services, team.engineer) as on:
        monkeypatch.setattr(services.proposals, "waiting", fails)
        await on.press("alt+p")
        await on.sees("They could not be read.", "the store is away")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_a_stub_is_filled_in_and_the_flow_is_published_with_the_callers_words(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    proposal_id = await captured(services, team.tech)
    async with stage(services, team.engineer, size) as on:
        await opened(on)
        await on.sees("Does it hum?", "Yes • Close the lid.", "No Not taken.", "▲ stub", "▲ 1 stub to fill in")
        await on.press("y")
        await on.sees("A stub is left: enter says what to do there.")
        await on.press("enter")
        await on.sees("after Does it hum? › No")
        await on.press("d", "tab")
        await on.paste("Plug it in.")
        await on.press("tab", *"lid", "ctrl+g")
        await on.sees("Kept. Nothing is missing", "No • Plug it in.", "◐ begun by emil", "✓ ready to publish")
        await on.press("y")
        await on.sees("Publish: Scanner hums", SAID)
        await on.press("ctrl+g")
        await on.sees("scanner-hums is published", "✓ approved by emil")
    flow = (await services.library.show(team.tech, "scanner-hums")).flow
    assert flow.nodes["hums-other-2"] == Instruction(text="Plug it in.", next="lid")
    assert (flow.examples, flow.keywords) == ((SAID,), ())
    assert (await shown(services, team, proposal_id)).summary.status == "approved"


async def test_what_was_typed_stays_until_it_is_stored_and_a_colleagues_change_is_told(
    services: Services, team: Team
) -> None:
    seen = await shown(services, team, await captured(services, team.tech))
    async with stage(services, team.engineer) as on:
        await opened(on)
        await on.press("n", "enter", "tab")
        assert on.page(NodeForm).unsaved is None
        await on.paste("Ring the floor.")
        on.strike("ctrl+q")
        await on.sees("something typed in a form that is not stored")
        await on.press("n")
        await on.sees("Ring the floor.")
        await on.press("escape")
        await services.proposals.edit(team.admin, seen, tree(title="Scanner is dead"))
        await on.press("enter")
        await on.sees("Ring the floor.")
        await on.press("ctrl+g")
        await on.sees("Somebody was faster", "ada changed this proposal", "Ring the floor.")
        await on.press("ctrl+g")
        await on.sees("Kept.", "Scanner is dead", "Ring the floor.")
        assert on.page(ProposalScreen).desk.drafts.unsent() is None


async def test_what_is_kept_but_cannot_be_read_again_is_not_said_to_have_failed(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal_id = await captured(services, team.tech)

    async def away(*_: object) -> ProposalDetail:
        raise StoreUnreachable("nobody answers")

    async with stage(services, team.engineer) as on:
        await opened(on)
        await on.press("n", "enter", "tab")
        await on.paste("Ring the floor.")
        with monkeypatch.context() as patch:
            patch.setattr(services.proposals, "show", away)
            await on.press("ctrl+g")
            await on.sees("It is kept, but what is shown is older: nobody answers.")
        assert on.page(ProposalScreen).desk.drafts.unsent() is None
        await on.press("f5")
        await on.sees("Ring the floor.")
    assert (await shown(services, team, proposal_id)).summary.state_version == 2


async def test_what_was_typed_about_a_step_that_a_colleague_has_changed_since_says_so(
    services: Services, team: Team
) -> None:
    seen = await shown(services, team, await captured(services, team.tech))
    async with stage(services, team.engineer) as on:
        await opened(on)
        await on.press("n", "enter", "tab")
        await on.paste("Ring the floor.")
        await on.press("escape")
        nodes = {**seen.flow.nodes, "hums-other-2": Outcome(text="Ask the landlord.", result="escalate")}
        await services.proposals.edit(team.admin, seen, replace(seen.flow, nodes=nodes))
        await on.press("f5")
        await on.sees("Ask the landlord.")
        await on.press("enter")
        await on.sees("Ring the floor.", "yours would replace that")


async def test_the_whole_comes_back_from_the_editor_with_what_lint_says(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposal_id = await captured(services, team.tech)
    async with stage(services, team.engineer) as on:
        monkeypatch.setattr(on.app, "suspend", nullcontext)
        await opened(on)
        monkeypatch.setenv("EDITOR", "sed -i s/type:/tpye:/")
        await on.press("w")
        await on.sees("Not valid: line", "w opens it again as you left it")
        assert (await shown(services, team, proposal_id)).summary.state_version == 1
        monkeypatch.setenv("EDITOR", "sed -i d")
        await on.press("w")
        await on.sees("Thrown away; nothing was changed.")
        monkeypatch.setenv("EDITOR", "sed -i -e s/tpye:/type:/ -e s/next:.solved/next:\\ gone/")
        await on.press("w")
        await on.sees("Kept.", "gone: no node is named so", "‹no path leads here› ✓ It scans.")
        await on.press("end", "x")
        await on.sees("Kept.")
        assert "It scans." not in on.words
        await on.press("t")
        await on.sees("cannot be walked yet")
    assert list((await shown(services, team, proposal_id)).flow.nodes) == ["hums", "lid", "hums-other-2"]


async def test_it_is_tried_as_a_technician_would_walk_it_and_no_call_begins(services: Services, team: Team) -> None:
    await captured(services, team.tech, tree())
    async with stage(services, team.engineer, SMALL) as on:
        await opened(on)
        await on.press("t")
        await on.sees("Tried, nothing of it is stored", "Does it hum?", "1 y Yes")
        await on.press("y")
        await on.sees("Close the lid.")
        await on.press("enter")
        await on.sees("It scans.")
        await on.press("enter")
        await on.sees("Here a call would be solved.")
        await on.press("b", "b", "2")
        await on.sees("Not taken.")
        await on.press("escape")
        on.page(ProposalScreen)
    assert await services.walks.listed(team.owner) == ()


async def test_it_becomes_a_branch_of_a_flow_that_is_in_use(
    services: Services, team: Team, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merge, "LIMIT", 2)
    nodes = {**tree().nodes, "hums-other-2": Link(text="Go on there.", flow="teams-sound", next="solved")}
    proposal_id = await captured(services, team.tech, tree(nodes=nodes))
    used = (await services.library.show(team.admin, "printer-offline")).flow
    await services.library.bring_in(team.admin, files(replace(used, summary="Changed")), draft=True)
    async with stage(services, team.engineer, SMALL) as on:
        await opened(on)
        await on.press("m")
        await on.sees("2 of ", "are shown, a word more finds the others.")
        await on.paste("printer offline")
        await on.sees("Printer offline")
        await on.press("enter")
        await on.sees("Merge into: Printer offline", "Is the green light on?", "The branch begins at this question")
        await on.sees("v2, a draft by ada, waits: it will be older than this, and without it.")
        await on.press("ctrl+g")
        await on.sees("an answer has an empty label")
        await on.press("tab")
        await on.paste("yES")
        await on.sees("is an answer there already, and it leads to steps of its own")
        await on.press("ctrl+u")
        await on.sees("It has: ")
        await on.paste("It hums")
        await on.press("ctrl+g")
        await on.sees("printer-offline v3 is published, with this as a branch.", "✓ approved by emil")
    flow = (await services.library.show(team.tech, "printer-offline")).flow
    question = flow.nodes[flow.start]
    assert isinstance(question, Question)
    assert (question.answers[-1], SAID in flow.examples) == (Answer(label="It hums", next="hums"), True)
    review = (await shown(services, team, proposal_id)).review
    assert review is not None
    assert review.reason == "merged into printer-offline v3"


async def test_it_is_turned_down_with_a_reason_and_ones_own_is_approved_by_a_colleague(
    services: Services, team: Team
) -> None:
    nodes = {**tree().nodes, "hums-other-2": Outcome(text="Pass it on.", result="escalate")}
    proposal_id = await captured(services, team.covering, tree(nodes=nodes))
    async with stage(services, team.covering) as on:
        await on.press("f4")
        await opened(on)
        await on.press("y")
        await on.sees("It is from a call of your own: a colleague approves it, or merges it.")
        await on.press("r", "ctrl+g")
        await on.sees("a rejection needs a reason")
        await on.paste("Covered by another one.")
        await on.press("ctrl+g")
        await on.sees("× rejected by cora", "Covered by another one.")
        assert not on.page(ProposalScreen).allows("approve", ())
    assert (await shown(services, team, proposal_id)).summary.status == "rejected"


async def test_the_call_that_it_came_from_is_read(services: Services, team: Team) -> None:
    begun: Any = await services.intake.take(team.tech, Call(problem=SAID), AdHoc())
    await captured(services, team.tech, session_id=begun.walk.id)
    async with stage(services, team.engineer) as on:
        await opened(on)
        await on.press("c")
        await on.sees("Problem", SAID, "Path and notes")


async def test_a_call_that_was_built_becomes_the_flow_of_the_next_caller(services: Services, team: Team) -> None:
    said = "half pages come out of the dispatch printer, the print queue is empty"
    begun: Any = await services.intake.take(team.tech, Call(problem=said), BuildAnyway())
    walk = await services.walks.answer(team.tech, begun.walk, Choose(0))
    await services.walks.resolve(team.tech, walk, helpful=True, notes="ok")
    async with stage(services, team.engineer, SMALL) as on:
        await opened(on)
        for left in range(on.page(ProposalScreen).detail.summary.stubs, 0, -1):
            await on.press("n", "enter", "tab")
            await on.paste(f"Pass it on, {left}.")
            await on.press("ctrl+g")
            await on.sees("Kept.", f"Pass it on, {left}.")
        await on.press("y", "enter")
        await on.sees("is published: who says the like is led there.")
    async with stage(services, team.second, SMALL) as on:
        await on.press("n")
        await on.paste(said)
        await on.sees("half pages come out", "never used")


@pytest.mark.parametrize(("name", "size"), TELLING, ids=str)
async def test_a_proposal_full_of_hostile_text_is_only_text(
    name: str, size: tuple[int, int], services: Services, team: Team
) -> None:
    text = STRINGS[name]
    given = hostile_flow(text)
    stub = Outcome(text=text, result="escalate", reason_category=text, needs_review=True)
    nodes = {**given.nodes, "end": stub, text: Link(text=text, flow=text, next=text)}
    await captured(services, team.tech, replace(given, nodes=nodes, keywords=(text,), examples=(text,)), category=text)
    async with stage(services, team.engineer, size) as on:
        await look(on, "p")
        await look(on, "enter")
        for _ in range(6):
            await look(on, "j")
        await look(on, "n")
        await look(on, "enter")
        await look(on, "escape")
        await look(on, "home", "enter")
        await look(on, "q", "escape")
        await look(on, "t")
        await look(on, "1")
        await look(on, "enter", "enter")
        await on.press("escape", "escape")
        await look(on, "y")
        await look(on, "r")
        await on.paste(text)
        await look(on, "ctrl+g")
        whole(on)
