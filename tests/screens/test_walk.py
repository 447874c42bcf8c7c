"""A call under way: what keys do, what they never do, and what stays when something goes wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from rfl1.compose import Services
from screens.node import NodePane
from screens.notes import NotesPane
from screens.session import SessionScreen
from screens.walk import WalkScreen
from screens.writing import Writing
from services.access import Actor
from services.builder.protocol import BuildContext, BuildFailed, Built, Show
from services.flows.nodes import Answer, Flow, Instruction, Node, Outcome, Question
from services.intake.model import BuildAnyway, Call, Matched, TakeFlow
from services.intake.model import Built as BuiltWalk
from services.walks.model import Choose, Walk
from services.walks.service import NOTES_LIMIT, Walks
from storage.errors import StoreUnreachable
from tests.services.making import Files
from tests.services.people import Team
from tests.stage import LARGE, SMALL, Stage, stage


async def begin(services: Services, actor: Actor, slug: str = "printer-offline") -> Walk:
    outcome = await services.intake.take(actor, Call(problem="printer", customer="Acme"), TakeFlow(slug))
    assert isinstance(outcome, Matched)
    return outcome.walk


async def resume(on: Stage) -> WalkScreen:
    await on.press("enter")
    return on.page(WalkScreen)


async def test_one_key_twice_at_once_answers_one_node(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        on.strike("1")
        on.strike("1")
        await on.settle()
        await on.sees("Does the queue print now?")
    assert len((await services.walks.open(team.tech, walk.id)).path) == 1


async def test_a_key_that_is_held_down_does_not_run_through_the_flow(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech, "outlook-prompt")
    async with stage(services, team.tech) as on:
        await resume(on)
        for _ in range(6):
            on.strike("y")
        await on.settle()
        for _ in range(6):
            on.strike("y")
            await asyncio.sleep(0.03)
        await on.settle()
        await on.sees("Clear the saved credentials.")
    assert len((await services.walks.open(team.tech, walk.id)).path) == 1


async def test_a_node_that_leads_to_itself_is_answered_again_and_again(
    services: Services, team: Team, files: Files
) -> None:
    again = Question(
        text="Does it still print?", answers=(Answer(label="Yes", next="again"), Answer(label="No", next="end"))
    )
    end = Outcome(text="Done.", result="resolved")
    flow = Flow(slug="round", title="Round", category="printer", start="again", nodes={"again": again, "end": end})
    await services.library.bring_in(team.owner, files(flow))
    walk = await begin(services, team.tech, "round")
    async with stage(services, team.tech) as on:
        await resume(on)
        for _ in range(3):
            await on.press("y")
            await on.settle()
        await on.sees("step 4")
    assert len((await services.walks.open(team.tech, walk.id)).steps) == 3


async def test_an_answer_whose_confirmation_was_lost_is_stored_once(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = await begin(services, team.tech)
    stored = services.walks.answer

    async def lost(*given: Any, **named: Any) -> Walk:
        await stored(*given, **named)
        raise StoreUnreachable("the connection was lost", "Try again.")

    async with stage(services, team.tech) as on:
        await resume(on)
        monkeypatch.setattr(services.walks, "answer", lost)
        await on.press("y")
        await on.sees("The store cannot be reached", "Try again.", "Is the green light on?")
        monkeypatch.setattr(services.walks, "answer", stored)
        await on.press("y")
        await on.sees("Does the queue print now?", "That was stored before; nothing was added.")
        await on.press("b")
        await on.sees("Is the green light on?")
        await on.press("y")
        await on.sees("Does the queue print now?")
    assert [step.taken_back for step in (await services.walks.open(team.tech, walk.id)).path] == [True, False]


async def test_a_step_is_shown_as_going_back_before_the_store_has_said_so(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(services, team.tech)
    may = asyncio.Event()

    async def unsure(*given: Any, **named: Any) -> Walk:
        await may.wait()
        raise StoreUnreachable("the connection was lost", "Try again.")

    async with stage(services, team.tech) as on:
        await resume(on)
        await on.press("y")
        await on.sees("Does the queue print now?")
        monkeypatch.setattr(services.walks, "back", unsure)
        on.strike("b")
        while "taking back" not in on.words:
            await on.pilot.pause(0.01)
        assert "Does the queue print now?" in on.words
        may.set()
        await on.sees("The store cannot be reached")
        assert "taking back" not in on.words
        assert "taken back" not in on.words


async def test_a_refused_value_stays_in_its_field(services: Services, team: Team) -> None:
    await begin(services, team.tech, "vpn-error")
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.press("y")
        await on.paste("69x")
        await on.press("enter")
        await on.sees("this does not look like error code", "69x")
        await on.press("backspace")
        await on.paste("1")
        await on.press("enter")
        await on.sees("Sign out of the client")


async def test_the_note_on_a_step_is_kept_as_it_is_typed_and_goes_with_its_step(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)

    async def kept() -> str | None:
        return (await services.walks.open(team.tech, walk.id)).pending_note

    async with stage(services, team.tech) as on:
        screen = await resume(on)
        await on.press("o", *"amber")
        await on.until(lambda: screen.unsaved is None, "the autosave")
        assert await kept() == "amber"
        await on.press("escape", "2")
        await on.sees("Switch the printer on.", "“amber”")
        assert not screen.query_one("#step-note").display
        await on.press("o")
        await on.paste("by the door")
        await on.press("escape", "enter")
        await on.sees("Does the queue print now?", "“by the door”")
        await on.press("b")
        await on.sees("Switch the printer on.")
        assert screen.query_one("#step-note").display
    walk = await services.walks.open(team.tech, walk.id)
    assert [step.note for step in walk.path] == ["amber", "by the door"]
    assert await kept() == "by the door"


async def test_the_note_on_a_step_says_what_it_is_and_that_it_is_kept(services: Services, team: Team) -> None:
    await begin(services, team.tech)
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        assert "Note on this step" not in on.text
        await on.press("o")
        await on.sees("Note on this step")
        assert "kept" not in on.text
        await on.press(*"amber")
        await on.sees("Note on this step ✓ kept", "amber", "1 y Yes")
        await on.press("enter", "f2", "enter")
        await on.sees("Note on this step ✓ kept", "amber")


async def test_what_to_say_and_to_do_stand_apart_where_there_is_room(
    services: Services, team: Team, files: Files
) -> None:
    short = Instruction(text="Press reset.", say="Please hold on.", expect="A green light.", next="end")
    crowded = replace(short, text="Press it, and then do this. " * 12, caution="It is loud. " * 12)
    for slug, node, apart in (("short", short, True), ("crowded", crowded, False)):
        nodes: dict[str, Node] = {"a": node, "end": Outcome(text="It runs.", result="resolved")}
        flow = Flow(slug=slug, title=slug, category="other", start="a", nodes=nodes)
        await services.library.bring_in(team.owner, files(flow))
        await begin(services, team.tech, slug)
        async with stage(services, team.tech, SMALL) as on:
            await resume(on)
            await on.sees("SAY", "“Please hold on.”", "DO", "enter Done")
            lines = [line.strip(" │") for line in on.text.splitlines()]
            say = next(n for n, line in enumerate(lines) if line.startswith("SAY"))
            assert lines[say + 1].startswith("DO") != apart
            if apart:
                assert (lines[say + 1], lines[say + 2][:2], lines[say + 4][:6]) == ("", "DO", "EXPECT")
            await on.press("p")


@pytest.mark.parametrize("count", [2, 4, 9])
async def test_answers_of_any_length_leave_the_step_its_place(
    services: Services, team: Team, files: Files, count: int
) -> None:
    answers = tuple(Answer(label=f"{n} " + "very long " * 200, next="end") for n in range(1, count + 1))
    asked = Question(text="Which is it?", say="Please read it to me.", answers=answers)
    nodes: dict[str, Node] = {"a": asked, "end": Outcome(text="It runs.", result="resolved")}
    flow = Flow(slug="wordy", title="Wordy", category="other", start="a", nodes=nodes)
    await services.library.bring_in(team.owner, files(flow))
    walk = await begin(services, team.tech, "wordy")
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.sees("“Please read it to me.”", "Which is it?", *(f"{n} very long" for n in range(1, count + 1)))
        assert on.text.count("…") >= count
        await on.press(str(count))
        await on.sees("It runs.")
    [step] = (await services.walks.open(team.tech, walk.id)).path
    assert step.answer_label == answers[-1].label


async def test_notes_typed_without_a_pause_are_kept_all_the_same(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pause that never comes: what is kept is kept before it."""
    monkeypatch.setattr("screens.autosave.AUTOSAVE_SECONDS", 3600)
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        screen = await resume(on)
        await on.press("t", *"smoke")
        await on.until(lambda: screen.unsaved is None, "the autosave")
        await on.press(*" and fire")
        await on.until(lambda: screen.unsaved is None, "the autosave")
        stored = await services.walks.open(team.tech, walk.id)
        assert [note.text for note in stored.notes] == ["smoke and fire"]


async def test_notes_that_are_too_long_are_refused_and_stay_on_the_screen(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    text = "word " * (NOTES_LIMIT // 5 + 1)
    async with stage(services, team.tech) as on:
        screen = await resume(on)
        await on.press("t")
        await on.paste(text)
        await on.press("ctrl+g")
        await on.sees("Refused", "more than 256 KiB")
        writing = screen.query_one("#entry", Writing)
        assert writing.text == text
        writing.text = "shorter"
        await on.press("ctrl+g")
        assert writing.text == ""
        await on.sees("shorter")
    assert [note.text for note in (await services.walks.open(team.tech, walk.id)).notes] == ["shorter"]


async def test_free_notes_beside_the_walk_leave_the_node_where_it_is(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.press("t")
        await on.paste("she is in a hurry")
        await on.sees("Is the green light on?", "1 y Yes", "she is in a hurry")
        await on.press("tab", "y")
        await on.sees("Does the queue print now?", "she is in a hurry")
        await on.press("t")
        assert not on.app.screen.query_one(NotesPane).display
    walk = await services.walks.open(team.tech, walk.id)
    assert ([note.text for note in walk.notes], len(walk.path), walk.free_notes) == (["she is in a hurry"], 1, False)


async def test_a_note_being_typed_outlives_a_takeover(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.press("t", *"half a wo")
        await services.walks.take(team.second, await services.walks.open(team.second, walk.id))
        await on.press(*"rd")
        on.app.screen.query_one(NotesPane).flush()
        await on.settle()
    notes = (await services.walks.open(team.tech, walk.id)).notes
    assert [(note.text, note.by.name) for note in notes] == [("half a word", "tina")]


async def test_a_risky_step_counts_only_when_it_is_confirmed(services: Services, team: Team, files: Files) -> None:
    node = Instruction(text="Clear the cache.", risk="confirm", scope="This profile.", undo="Sign in.", next="end")
    end = Outcome(text="Done.", result="resolved")
    risky = Flow(slug="risky", title="Risky", category="printer", start="do", nodes={"do": node, "end": end})
    await services.library.bring_in(team.owner, files(risky))
    walk = await begin(services, team.tech, "risky")

    async def steps() -> int:
        return len((await services.walks.open(team.tech, walk.id)).path)

    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.sees("TOUCHES This profile.", "UNDO Sign in.", "enter Do it: asks once more")
        await on.press("enter")
        await on.sees("confirm Really do it?", "This profile.", "Sign in.", "esc Not yet")
        assert await steps() == 0
        await on.press("escape", "x")
        await on.sees("asks once more", "Press one of these: enter")
        await on.press("enter")
        await on.sees("Really do it?")
        assert "Press one of these" not in on.words  # it would speak for the risky key
        await on.press("x", "escape")
        assert "Press one of these" not in on.words
        await on.press("enter", "enter")
        await on.sees("SOLVED Done.")
    assert await steps() == 1


async def test_nine_answers_and_long_lanes_fit_the_smallest_terminal(
    services: Services, team: Team, files: Files
) -> None:
    labels = [f"The light is colour number {n}" for n in range(1, 10)]
    answers = tuple(Answer(label=label, next="end") for label in labels)
    words = "Speak slowly and wait for the answer. " * 8
    ask = Question(text="Which colour?", say=words, caution=words, answers=answers, unsure="end")
    end = Outcome(text="Done.", result="resolved")
    await services.library.bring_in(
        team.owner,
        files(Flow(slug="nine", title="Nine", category="printer", start="ask", nodes={"ask": ask, "end": end})),
    )
    walk = await begin(services, team.tech, "nine")
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.sees("SAY", "Which colour?", *(f"{n} {label}" for n, label in enumerate(labels, 1)), "u Can't tell")
        await on.press("9")
        await on.sees("SOLVED Done.")
    assert (await services.walks.open(team.tech, walk.id)).steps[0].answer_label == labels[8]


async def test_answers_keep_their_place_from_node_to_node(services: Services, team: Team) -> None:
    await begin(services, team.tech, "teams-sound")

    def row(on: Stage, text: str) -> int:
        return next(number for number, line in enumerate(on.text.splitlines()) if text in line)

    async with stage(services, team.tech) as on:
        await resume(on)
        first = row(on, "1 y")
        await on.press("y")
        await on.sees("Unplug it")
        assert row(on, "enter  Done") == first
        await on.press("enter")
        await on.sees("Do the others hear them?")
        assert row(on, "1 y") == first


async def test_the_coverage_of_an_engineer_is_seen_and_recorded(services: Services, team: Team) -> None:
    walk = await begin(services, team.covering)
    async with stage(services, team.covering) as on:
        await on.sees("▲ covers level 1")
        await resume(on)
        await on.sees("You cover level 1")
    assert (await services.walks.open(team.covering, walk.id)).acting_as == "l1_coverage"


async def test_a_technician_is_not_told_that_they_cover_where_somebody_else_did(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    worked = await services.walks.save_note(team.covering, walk, uuid4(), "rang again")
    assert worked.acting_as == "l1_coverage"
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.sees("rang again")
        assert "You cover level 1" not in on.text


async def test_a_call_that_a_colleague_ended_shows_its_story(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        taken = await services.walks.take(team.second, walk)
        await services.walks.resolve(team.second, taken, helpful=True, notes="Paper was out.")
        await on.press("y")
        await on.sees("tom changed this call", "✓ resolved", "Paper was out.")
        on.page(SessionScreen)


class Builder:
    """Gives what it is told to give."""

    def __init__(self) -> None:
        self.gives: Callable[[], Awaitable[Built]] = self.fails

    async def fails(self) -> Built:
        raise BuildFailed("the model did not answer in time", "Try again, or go on with free notes.")

    async def node(self) -> Built:
        answers = (Answer(label="Yes", next=""), Answer(label="No", next=""))
        return Built(Question(text="Is the plug in?", answers=answers), "model")

    def at_hand(self, context: BuildContext) -> Built | None:
        return None

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        return await self.gives()


@pytest.fixture
def builder(services: Services) -> Builder:
    """Of the walks that are built in this test."""
    made = Builder()
    services.__dict__["walks"] = Walks(services.database, services.clock, services.library, made)
    return made


async def built(services: Services, actor: Actor) -> Walk:
    outcome = await services.intake.take(actor, Call(problem="the printer is offline"), BuildAnyway())
    assert isinstance(outcome, BuiltWalk)
    return outcome.walk


async def test_where_no_step_can_be_built_the_reason_and_the_ways_on_are_said(
    services: Services, team: Team, builder: Builder
) -> None:
    await built(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.sees("the model did not answer in time", "a Try again", "f6 Go on with free notes", "e Escalate")
        builder.gives = builder.node
        await on.press("a")
        await on.sees("Is the plug in?", "AI-built, check before you act", "u Can't tell")
        builder.gives = builder.fails
        await on.press("y")
        await on.sees("the model did not answer in time", "› Yes")
        await on.press("f6")
        await on.sees("Free notes")
        await on.paste("it was the plug")
        await on.press("ctrl+g", "tab", "b")
        await on.sees("a Try again")
    walk = (await services.walks.listed(team.tech))[0]
    assert (walk.status, walk.steps) == ("active", 1)


async def test_while_a_step_is_built_nothing_can_be_answered_and_much_be_done(
    services: Services, team: Team, builder: Builder
) -> None:
    ready = asyncio.Event()

    async def slowly() -> Built:
        await ready.wait()
        return await builder.node()

    builder.gives = builder.node
    walk = await built(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.sees("Is the plug in?")
        builder.gives = slowly
        on.strike("y")
        for _ in range(30):
            await on.pilot.pause(0.01)
        assert "Preparing the next step" in on.words
        on.strike("n")
        await on.pilot.pause(0.05)
        assert on.page(WalkScreen).query_one(NodePane).offered[0].words == "Yes"
        ready.set()
        await on.settle()
        await on.sees("› Yes")
    assert [step.answer_label for step in (await services.walks.open(team.tech, walk.id)).path] == ["Yes"]


async def test_a_form_that_is_left_keeps_what_was_typed(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.press("r")
        await on.paste("Paper was out.")
        await on.press("tab", "right", "escape")
        await on.sees("Is the green light on?")
        await on.press("f2", "enter", "r")
        await on.sees("Paper was out.", "● no")
        await on.press("escape", "e")
        await on.paste("Nobody knows why.")
        await on.press("escape", "e")
        await on.sees("Nobody knows why.")
        await on.press("escape", "r", "ctrl+g")
        await on.sees("Resolved.")
    resolution = (await services.walks.open(team.tech, walk.id)).resolution
    assert resolution is not None
    assert (resolution.notes, resolution.helpful) == ("Paper was out.", False)


async def test_an_escalation_without_reason_is_refused_with_the_form_as_it_was(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await on.press("e", "ctrl+g")
        await on.sees("the engineer has to know something")
        await on.paste("The key is lost.")
        await on.press("ctrl+g")
        await on.sees("no reason is chosen. ↑ ↓ choose why, then ctrl+g again.")
        await on.press("down", "down", "ctrl+g")
        await on.sees("Escalated.")
    escalation = (await services.walks.open(team.tech, walk.id)).escalation
    assert escalation is not None
    assert (escalation.category, escalation.reason) == ("needs_access", "The key is lost.")


async def test_the_node_somebody_else_answered_is_not_answered_again(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    async with stage(services, team.tech) as on:
        await resume(on)
        await services.walks.answer(team.tech, walk, Choose(1))
        await on.press("1")
        await on.sees("tina changed this call", "Switch the printer on.")
    assert [step.answer_label for step in (await services.walks.open(team.tech, walk.id)).path] == ["No"]


async def test_a_long_instruction_of_the_engineer_can_be_read_whole(services: Services, team: Team) -> None:
    walk = await begin(services, team.tech)
    walk = await services.walks.escalate(team.tech, walk, category="other", reason="Nothing helps.")
    asked = " ".join(f"{number}. Look at cable {number} behind the printer." for number in range(1, 21))
    await services.escalations.hand_back(team.engineer, walk, asked)
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.sees("From the engineer (shift+tab and ↓ read on): 1. Look at cable 1")
        assert "cable 20" not in on.words
        await on.press("shift+tab", "end")
        await on.sees("20. Look at cable 20", "1 y Yes")
    async with stage(services, team.tech, LARGE) as on:
        await resume(on)
        await on.sees("From the engineer: 1. Look at cable 1")
        assert asked in on.words
        await on.pilot.resize_terminal(*SMALL)
        await on.sees("From the engineer (shift+tab and ↓ read on): 1. Look at cable 1", "1 y Yes")


async def test_on_a_small_terminal_the_whole_call_is_one_key_away(services: Services, team: Team) -> None:
    await begin(services, team.tech)
    async with stage(services, team.tech, SMALL) as on:
        await resume(on)
        await on.press("o", *"amber", "enter", "2")
        await on.sees("Switch the printer on.", "s so far")
        await on.press("s")
        await on.sees("So far", "Is the green light on?", "“amber”")
        await on.press("y", "escape")
        await on.sees("Switch the printer on.")
        await on.press("o", *"no switch", "enter", "s")
        await on.sees("So far", "unanswered Switch the printer on.", "“no switch”")
