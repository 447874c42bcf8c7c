"""The library of flows by keys: searched, read as a tree, changed in an editor, published, gone back to, retired."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from rfl1.compose import Services
from screens.flow import FlowScreen
from screens.flows import FlowsScreen
from screens.revision import RevisionScreen
from services.access import Actor
from services.flows.nodes import Answer, Flow, Node, Outcome, Question
from services.flows.revising import Revising, Revision
from services.intake.model import Call, Matched, TakeFlow
from services.walks.model import Choose, Walk
from tests.services.making import Files, flow
from tests.services.people import HOSTILE, Team, audited
from tests.stage import LARGE, SMALL, USUAL, Stage, stage

Typing = Callable[[str], None]


@pytest.fixture
def types(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Typing:
    """Has the editor make one change, written as sed has it, whenever it is opened."""
    script = tmp_path / "changes"
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"sed -i -f {script}")

    def write(change: str) -> None:
        script.write_text(f"{change}\n")

    return write


@pytest.fixture(autouse=True)
def _with_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rfl1.app.Rfl1App.suspend", lambda _: nullcontext())


async def called(services: Services, team: Team, answer: int) -> Walk:
    begun = await services.intake.take(team.tech, Call(problem="It is dead"), TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    return await services.walks.answer(team.tech, begun.walk, Choose(answer))


async def opened(on: Stage, *words: str) -> None:
    await on.press("ctrl+l", *words, "enter")
    on.page(FlowScreen)


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_the_library_is_searched_while_one_types_and_a_flow_is_read_as_a_tree(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    walk = await called(services, team, 0)
    await services.walks.resolve(team.tech, walk, helpful=True, notes="It prints.")
    await services.counting.up_to_date(team.tech)
    async with stage(services, team.tech, size) as on:
        await on.press("ctrl+l")
        on.page(FlowsScreen)
        await on.sees("9 of 9 flows", "Who is calling", "● v1 published")
        await on.press("slash", *"offl")  # what opens a search elsewhere is none of its words
        await on.sees("1 of 9 flows", "offline")
        assert "Who is calling" not in on.words
        await on.press("x")
        await on.sees("No flow has these words.")
        await on.press("backspace", "down", "enter")
        await on.sees("? Is the green light on?", "● v1 published · resolved here 1 of 1 calls", "question light")
        await on.sees("? Is the green light on? 1 of 1", "calls resolved 1 of 1 times")
        await on.press("down")
        await on.sees("question queue", "answer Can't tell → up")
        await on.press("down", "down", "down")
        await on.sees("enter go there", "outcome up")
        await on.press("enter")
        assert "enter go there" not in on.words


async def test_a_flow_is_found_by_what_is_asked_in_it_and_by_what_callers_say(
    services: Services, team: Team, files: Files
) -> None:
    found = flow("tunnel", ask="Does FortiClient say PRN-4F?", examples=("nothing goes through from the train",))
    await services.library.bring_in(team.owner, files(replace(found, title="Tunnel")))
    async with stage(services, team.tech) as on:
        await on.press("ctrl+l", *"forticl")
        await on.sees("1 of 10 flows", "Tunnel Does FortiClient say PRN-4F?")
        await on.press("ctrl+u", *"train")
        await on.sees("1 of 10 flows", "Tunnel nothing goes through from the train")
        await on.press(*" tunnel prn-4f")
        await on.sees("1 of 10 flows")
        await services.library.bring_in(team.owner, files(replace(found, title="Tunnel", examples=())))
        await on.sees("No flow has these words.")
        await on.press("ctrl+u", *"tunnel")
        await on.sees("2 of 10 flows")  # what has it in its title comes first
        assert on.words.index("Tunnel") < on.words.index("published")
        assert "FortiClient" not in on.words


async def test_whoever_takes_calls_reads_flows_and_changes_none(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await opened(on, *"offl")
        await on.press("e", "x", "p")
        on.page(FlowScreen)
        await on.press("v")
        await on.sees("This is the first version.")
        await on.press("r")
    assert [each.status for each in await services.library.listed(team.tech)] == ["published"] * 9


async def test_a_flow_is_changed_mended_tried_against_recorded_calls_and_published(
    services: Services, team: Team, types: Typing
) -> None:
    for _ in range(2):
        await called(services, team, 1)
    async with stage(services, team.engineer, SMALL) as on:
        await opened(on, *"offl")
        types("s/label: 'No', next: power/label: Never, next: nowhere/")
        await on.press("e")
        on.page(RevisionScreen)
        await on.sees("To be mended", 'leads to "nowhere"', "What you typed is kept")
        await on.press("p", "k")
        on.page(RevisionScreen)
        types("s/next: nowhere/next: power/; s/label: 'Yes', next: queue/label: Green, next: queue/")
        await on.press("e")
        await on.sees(
            "2 calls by 1 path: 0 as before; 2 break:", "publishes it all the same", "Different from v1, in use"
        )
        await on.press("p")
        await on.sees("v2 is in use.")
        on.page(FlowScreen)
        await on.press("v")
        await on.sees("● v2 published", "× v1 retired", '+ answer "Never"')
        await on.press("down", "r")
        await on.sees("v3 is in use; it says what v1 says.", "● v3 published")
    rows = await audited(services.database, team.owner, "flow.roll_back")
    assert [(row.details["number"], row.details["of"]) for row in rows] == [(3, 1)]


async def test_what_was_typed_is_there_again_until_it_is_stored_or_thrown_away(
    services: Services, team: Team, types: Typing
) -> None:
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        types("s/nodes:/nodes: [/")
        await on.press("e")
        await on.sees("To be mended")
        await on.press("escape")
        await on.sees("You have begun to change it: e goes on with what you typed.")
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        types("s/nodes: \\[/nodes:/; s/^title: .*/title: The silent printer/")
        await on.press("e")
        await on.sees("You went on with what you had typed before.", "The silent printer")
        await on.press("k")
        await on.sees("v2 is kept as a draft.", "a draft waits: v2")
        types("")
        await on.press("e")
        await on.sees("Nothing was changed.")
        await on.press("p")
        await on.sees("Different from v1, in use", "publishes it.")
        await on.press("p")
        await on.sees("v2 is in use.")
        types("s/silent/dead/")
        await on.press("e", "x")
        await on.sees("Thrown away")
        types("")
        await on.press("e")
        await on.sees("Nothing was changed.")


async def test_what_somebody_else_has_written_meanwhile_is_compared_with_before_it_is_replaced(
    services: Services, team: Team, types: Typing, files: Files
) -> None:
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        types("s/^title: .*/title: Mine/")
        await on.press("e")
        await on.sees("publishes it")
        theirs = (await services.library.show(team.admin, "printer-offline")).flow
        await services.library.bring_in(team.admin, files(replace(theirs, title="Theirs")))
        await on.press("p")
        await on.sees(
            "ada has written v2 since: this is compared with it.",
            "Different from v2, in use",
            "- title Theirs",
            "+ title Mine",
        )
        await on.press("p")
        await on.sees("v3 is in use.")


async def test_what_a_colleague_publishes_is_on_the_screen_at_once(
    services: Services, team: Team, types: Typing, files: Files
) -> None:
    theirs = (await services.library.show(team.admin, "printer-offline")).flow

    async def publishes(title: str) -> None:
        await services.library.bring_in(team.admin, files(replace(theirs, title=title)))

    async with stage(services, team.engineer) as on:
        await on.press("ctrl+l", *"offl")
        await on.sees("1 of 9 flows")
        await publishes("The second")
        await on.sees("The second", "● v2 published")
        await on.press("enter")
        await on.sees("● v2 published")
        await publishes("The third")
        await on.sees("ada has just written v3; this is how it stands.", "The third", "● v3 published")
        types("s/^title: .*/title: Mine/")
        await on.press("e")
        await on.sees("Different from v3, in use")
        await publishes("The fourth")
        await on.sees("ada has written v4 since: this is compared with it.", "- title The fourth", "+ title Mine")
        await on.press("p")
        await on.sees("v5 is in use.")
        await on.press("v")
        await on.sees("● v5 published")
        await publishes("The sixth")
        await on.sees("● v6 published")


async def test_a_draft_that_a_colleague_has_kept_since_is_what_one_compares_with(
    services: Services, team: Team, types: Typing, files: Files
) -> None:
    theirs = (await services.library.show(team.admin, "printer-offline")).flow
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        types("s/^title: .*/title: Mine/")
        await on.press("e")
        await on.sees("Different from v1, in use")
        await services.library.bring_in(team.admin, files(replace(theirs, title="Theirs")), draft=True)
        for key in ("f1", "f5", "e"):
            await on.sees("ada has written v2 since: this is compared with it.", "Different from v2, a draft")
            assert "- title Theirs" in on.words
            await on.press(key, *(["escape"] if key == "f1" else []))
        await on.sees("ada has written v2 since: this is compared with it.", "- title Theirs", "+ title Mine")
        await on.press("p")
        await on.sees("v3 is in use.")


async def test_what_is_typed_while_a_colleagues_version_is_read_is_kept(
    services: Services, team: Team, types: Typing, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = (await services.library.show(team.admin, "printer-offline")).flow
    look, looking, go_on = Revising.look, asyncio.Event(), asyncio.Event()

    async def slowly(revising: Revising, actor: Actor, slug: str, number: int, text: str) -> Revision:
        seen = await look(revising, actor, slug, number, text)
        if "title: First" in text and seen.newest is not None and seen.newest.number == 2:
            looking.set()
            await go_on.wait()
        return seen

    monkeypatch.setattr(Revising, "look", slowly)
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        types("s/^title: .*/title: First/")
        await on.press("e")
        await on.sees("+ title First")
        await services.library.bring_in(team.admin, files(replace(theirs, title="Theirs")))
        await looking.wait()
        types("s/^title: .*/title: Second/")
        on.page(RevisionScreen).action_edit()
        go_on.set()
        await on.sees("ada has written v2 since: this is compared with it.", "+ title Second")
        await on.press("p")
        await on.sees("v3 is in use.")
    assert (await services.library.show(team.engineer, "printer-offline")).flow.title == "Second"


async def test_what_is_typed_in_two_terminals_at_once_is_two_texts_and_neither_is_lost(
    services: Services, team: Team, types: Typing
) -> None:
    async with stage(services, team.engineer) as one:
        await opened(one, *"offl")
        types("s/^title: .*/title: One/")
        await one.press("e")
        await one.sees("+ title One")
        async with stage(services, team.engineer) as two:
            await opened(two, *"offl")
            await two.sees("You are changing it in another terminal of yours")
            types("s/^title: .*/title: Two/")
            await two.press("e")
            await two.sees("this is a text of its own, and both are kept.", "+ title Two")
            assert "One" not in two.words
            await two.press("escape")
            await two.sees("You have begun to change it: e goes on with what you typed.")
        await one.press("p")
        await one.sees("v2 is in use.", "you have begun a change")
        types("")
        await one.press("e")
        await one.sees("- title One")
        await one.sees("You have written v2 since: this is compared with it.", "+ title Two")
        await one.press("p")
        await one.sees("v3 is in use.")
        assert "have begun" not in one.words


async def test_what_was_missing_is_shown_to_whoever_edits_and_seen_to(services: Services, team: Team) -> None:
    walk = await called(services, team, 1)
    walk = await services.walks.escalate(team.tech, walk, category="other", reason="Stuck.")
    await services.missing.ask(team.engineer, walk, "Ask about the fuse")
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        await on.sees("Missing in calls of it", "▲ Ask about the fuse", "missing Ask about the fuse", "emil")
        await on.press("w")
        await on.sees("Seen to.")
        assert "Ask about the fuse" not in on.words
    assert await services.missing.of_flow(team.engineer, "printer-offline") == ()


async def test_a_flow_is_retired_and_put_into_use_again(services: Services, team: Team, tmp_path: Path) -> None:
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        await on.press("x")
        await on.sees("It is out of use.", "× v1 retired")
        await on.press("p", "p")
        await on.sees("v1 is in use.")
        await on.press("i")
        await on.sees("It is in ")
    assert _written(tmp_path, "printer-offline.svg").startswith("<svg")


async def test_a_new_flow_begins_with_a_small_one_that_works(services: Services, team: Team, types: Typing) -> None:
    types("s/^slug: .*/slug: coffee/; s/^title: .*/title: No coffee/")
    async with stage(services, team.engineer) as on:
        await on.press("ctrl+l", "f6")
        await on.sees("A new flow of 3 nodes.")
        await on.press("p")
        await on.sees("v1 is in use.", "10 of 10 flows", "No coffee")


async def test_an_editor_that_is_not_there_is_told_of(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISUAL", "no-such-editor-here")
    async with stage(services, team.engineer) as on:
        await opened(on, *"offl")
        await on.press("e")
        await on.sees("the editor no-such-editor-here did not start")
        on.page(FlowScreen)


@pytest.mark.parametrize("size", [SMALL, USUAL], ids=str)
async def test_hostile_text_is_only_text(services: Services, team: Team, types: Typing, size: tuple[int, int]) -> None:
    """What the store already holds, whoever put it there; and what is typed."""
    hostile = _hostile()
    async with services.database.transaction(team.owner) as tx:
        await services.library.add(tx, team.owner, hostile)
    walk = await services.intake.take(team.tech, Call(problem=HOSTILE), TakeFlow("hostile"))
    assert isinstance(walk, Matched)
    passed_on = await services.walks.escalate(team.tech, walk.walk, category="other", reason="Stuck.")
    await services.missing.ask(team.engineer, passed_on, HOSTILE)
    async with stage(services, team.engineer, size) as on:
        await on.press("ctrl+l")
        await on.paste(HOSTILE)
        await on.press("ctrl+u", *"hostile", "enter")
        await on.sees("[red]x[/] ␀ ␛[31m")
        for key in ("down", "end", "v", "escape"):
            await on.press(key)
            whole(on)
        types("s/label: B/label: '[red]C[\\/] {0}'/")
        await on.press("e")
        await on.sees("To be mended")  # no file can hold that
        whole(on)


def _written(folder: Path, name: str) -> str:
    [file] = folder.rglob(name)
    return file.read_text()


def _hostile() -> Flow:
    answers = (Answer(label=f"{HOSTILE} A", next="end"), Answer(label="B", next="end"))
    ask = Question(text=HOSTILE, answers=answers, say=HOSTILE, expect=HOSTILE, caution=HOSTILE)
    nodes: dict[str, Node] = {"ask": ask, "end": Outcome(text=HOSTILE, result="resolved")}
    return replace(flow("hostile"), title=HOSTILE, nodes=nodes, summary=HOSTILE)


def whole(on: Stage) -> None:
    strips = on.app.screen._compositor.render_strips()
    assert {strip.cell_length for strip in strips} == {on.app.size.width}
    assert not any(segment.control for strip in strips for segment in strip)
    assert "\x1b" not in on.text
