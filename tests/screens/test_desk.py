"""The engineer's desk, by keys: the story, steps put on record, a fix suggested, decided and settled, its script."""

from collections.abc import Iterable
from pathlib import Path
from uuid import uuid4

import pytest

from rfl1.compose import Services
from screens.brief import deed
from screens.case import CaseScreen
from screens.messages import AtTheDesk
from services.fixes.model import Case, Suggestion
from services.fixes.scripts.model import Parameter, Script, Template
from services.intake.model import AdHoc, AdHocStarted, Call, EscalateAtOnce, EscalatedAtOnce, Matched, TakeFlow
from services.walks.model import Acknowledge, Choose, Walk
from tests.screens.test_hostile import whole
from tests.services.people import HOSTILE, Team
from tests.stage import LARGE, SMALL, USUAL, stage

SCRIPT = Script("# Look first\nGet-Printer\nRestart-Service Spooler\n")


async def escalated(services: Services, team: Team) -> Walk:
    begun = await services.intake.take(
        team.tech, Call(problem="printer is dead", contact="Kim", customer="Acme"), TakeFlow("printer-offline")
    )
    assert isinstance(begun, Matched)
    walk = await services.walks.answer(team.tech, begun.walk, Choose(1))
    return await services.walks.escalate(team.tech, walk, category="needs_onsite", reason="The fuse is out")


async def case_of(services: Services, team: Team, walk: Walk) -> Case:
    return await services.cases.open(team.engineer, walk.id)


@pytest.mark.parametrize("size", [SMALL, USUAL, LARGE], ids=str)
async def test_problem_tried_and_next_step_are_seen_at_once(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    await escalated(services, team)
    async with stage(services, team.engineer, size) as on:
        await on.press("d")
        on.page(CaseScreen)
        await on.sees("printer is dead", "Kim, Acme", "Is the green light on?", "The fuse is out", "level 1 stopped at")


async def test_what_was_only_noted_was_tried_too_and_the_claimer_is_named(services: Services, team: Team) -> None:
    outcome = await services.intake.take(team.tech, Call(problem="the time clock takes no badge"), AdHoc())
    assert isinstance(outcome, AdHocStarted)
    walk = await services.walks.save_note(team.tech, outcome.walk, uuid4(), "Rebooted it at the wall.")
    walk = await services.walks.save_note(team.tech, walk, uuid4(), "Ping gets no answer.")
    reason = "Somebody has to look at the gatehouse switch."
    walk = await services.walks.escalate(team.tech, walk, category="needs_onsite", reason=reason, how="warm")
    await services.escalations.claim(team.engineer, walk)
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d")
        await on.sees("Tried 2 notes: Rebooted it at the wall. Ping gets no answer.", "note Rebooted it at the wall.")
        await on.sees("tina at 09:00, somebody has to be on site, warm: Somebody has", f"Check first {reason}")
        await on.sees("claimed by you", "who is not written down; not told: how many, since when")
        await on.press("end")
        await on.sees("Noted Ping gets no answer.")


async def test_what_level_1_was_told_last_is_not_called_the_next_step(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    walk = await services.escalations.hand_back(team.engineer, walk, "Which fuse?")
    walk = await services.walks.answer(team.tech, walk, Acknowledge())
    walk = await services.walks.answer(team.tech, walk, Choose(1))
    await services.walks.escalate(team.tech, walk, category="needs_onsite", reason="The left one")
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d")
        await on.sees("Check first level 1 names none; it was told:", "asked back “Which fuse?”: The left one")


async def test_what_was_done_its_answer_and_the_end_of_what_level_1_says_are_seen(
    services: Services, team: Team
) -> None:
    """And the newest of the path, each with its time, as long as nothing is highlighted."""
    begun = await services.intake.take(team.tech, Call(problem="printer is dead"), TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    walk = begun.walk
    for response in (Choose(1), Acknowledge(), Choose(1)):
        walk = await services.walks.answer(team.tech, walk, response, note=f"Said {response}")
    reason = f"It hums. {'The caller told much of it. ' * 30}Look at the fuse first."
    await services.walks.escalate(team.tech, walk, category="needs_onsite", reason=reason)
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d")
        await on.sees("Tried Switch the printer on; then: Does the queue print now? › No")
        await on.sees("It hums.", "Look at the fuse first.")
        await on.sees("step 3 Does the queue print now?", "note Said Choose(index=1)")
        assert "Asked" not in on.words
        await on.press("up", "up")
        await on.sees("Asked Does the queue print now?", "Note Said Choose")


async def test_what_was_taken_back_is_seen_and_does_not_go_on_record(services: Services, team: Team) -> None:
    call = Call(problem="printer is dead")
    begun = await services.intake.take(team.tech, call, TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    walk = await services.walks.back(team.tech, await services.walks.answer(team.tech, begun.walk, Choose(1)))
    walk = await services.walks.escalate(team.tech, walk, category="needs_onsite", reason="The fuse is out")
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d", "down")
        await on.sees("step 1 taken back: Is the green light on? › No", "Tried nothing", "level 1 stopped at")
        await on.press("enter")
        await on.sees("step 1 taken back")
    assert (await case_of(services, team, walk)).found.facts == ()


async def test_a_long_story_leaves_room_for_the_others(services: Services, team: Team) -> None:
    """All five, the first step and what was answered there; of a long text its beginning."""
    told = "It has been like that since the office moved last Thursday. " * 12
    begun = await services.intake.take(
        team.tech, Call(problem=told, contact=told[:180], customer="Acme"), TakeFlow("printer-offline")
    )
    assert isinstance(begun, Matched)
    walk = await services.walks.answer(team.tech, begun.walk, Choose(1))
    walk = await services.walks.escalate(team.tech, walk, category="needs_onsite", reason=told)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title=told[:180]))
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d")
        await on.sees(
            "Problem It has",
            "Since, who",
            "Tried 1 step",
            "Level 1 tina at 09:00, somebody has to be on site: It has",
            "Check first It has",
            "› No",
        )
        await on.sees("f1 help", "r resolve")


async def test_a_step_goes_on_record_by_one_key_and_comes_off_again(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "down", "enter")
        await on.sees("On record.", "step 1 ✓", "known", "Is the green light on? No")
        await on.press("a")
        await on.press(*"Warm", "ctrl+g")
        await on.sees("Warm")
        await on.press("end", "x")
        await on.sees("Taken off the record.")
    assert [fact.text for fact in (await case_of(services, team, walk)).found.facts] == ["Is the green light on? No"]


async def test_a_fix_is_suggested_decided_and_settled_by_keys(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "s")
        await on.press(*"Swap", "tab", *"Old", "tab", *"Look", "tab", *"hostname", "ctrl+g")
        await on.sees("Swap not applied yet", "Check first Swap")
        await on.press("g")
        await on.sees("You run the script as it is")
        await on.press("ctrl+g")
        await on.sees("run as it is")
        await on.press("o", "ctrl+g")
        await on.sees("what became of it is not said")
        await on.press("p", "tab", *"Half", "ctrl+g")
        await on.sees("worked in part")
    (fix,) = (await case_of(services, team, walk)).found.fixes
    assert (fix.title, fix.rationale, fix.steps, fix.script) == ("Swap", "Old", ("Look",), Script("hostname"))
    assert (fix.decision, fix.status, fix.said) == ("one_off", "applied_partial", "Half")


async def test_what_was_typed_is_there_again_until_it_is_stored(services: Services, team: Team) -> None:
    await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "s")
        await on.press(*"Swap", "tab", *"Old", "escape")
        await on.sees("Check first")
        await on.press("a", *"Warm", "escape", "s")
        await on.sees("Swap", "Old")
        await on.press("escape", "a")
        await on.sees("Warm")
        await on.press("ctrl+g")
        await on.sees("known Warm")
        await on.press("a")
        await on.sees("What is known?")
        assert "Warm" not in on.words


async def test_a_refusal_stands_where_the_eye_is(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Swap it"))
    async with stage(services, team.engineer) as on:
        await on.press("d", "g", "ctrl+g")
        await on.sees("this fix has no drafted script")


async def test_a_script_is_read_with_its_risks_and_copied(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    async with stage(services, team.engineer) as on:
        await on.press("d", "v")
        await on.sees("Get-Printer", "▲ 3 Restart-Service Spooler ‹stops or changes services›", "1 line is marked")
        await on.press("y")
        await on.sees("Copied")
        assert on.app.clipboard == SCRIPT.body


async def test_a_script_comes_back_from_the_editor_as_a_new_fix(
    services: Services, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    from contextlib import nullcontext

    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    monkeypatch.setenv("EDITOR", "sed -i s/Get-Printer/Get-PrintJob/")
    async with stage(services, team.engineer) as on:
        monkeypatch.setattr(on.app, "suspend", nullcontext)
        await on.press("d", "v", "e")
        await on.sees("Suggest a fix", "Get-PrintJob")
        await on.press("ctrl+g")
        await on.sees("fix 2")
    fixes = (await case_of(services, team, walk)).found.fixes
    assert [(fix.active, fix.script and "Get-PrintJob" in fix.script.body) for fix in fixes] == [
        (False, False),
        (True, True),
    ]


async def test_an_editor_that_fails_is_told_of(services: Services, team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    from contextlib import nullcontext

    walk = await escalated(services, team)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    monkeypatch.setenv("EDITOR", "false")
    async with stage(services, team.engineer) as on:
        monkeypatch.setattr(on.app, "suspend", nullcontext)
        await on.press("d", "v", "e")
        await on.sees("the editor false ended with 1", "Get-Printer")


async def test_what_helped_before_begins_a_fix(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.walks.resolve(team.engineer, walk, helpful=True, notes="Replaced the fuse.")
    await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "l")
        await on.sees("Replaced the fuse.", "how a similar call was resolved")
        await on.press("enter")
        await on.sees("Suggest a fix", "Replaced the fuse.")


async def test_what_was_missing_is_kept(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "w")
        await on.press(*"Fuse", "ctrl+g")
        await on.sees("Check first")
    assert [missed.text for missed in (await case_of(services, team, walk)).found.missed] == ["Fuse"]


async def test_hostile_text_is_only_text(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    case = await services.facts.add(team.engineer, walk, HOSTILE)
    given = Suggestion(title=HOSTILE, rationale=HOSTILE, steps=(HOSTILE,), script=Script(HOSTILE))
    await services.fixes.suggest(team.engineer, case.walk, given)
    async with stage(services, team.engineer) as on:
        await on.press("d")
        await on.sees("[red]x[/] ␀ ␛[31m")
        await on.press("end", "v")
        await on.sees("[red]x[/]")
        await on.press("escape", "s")
        await on.sees("Suggest a fix")


async def test_level_1_has_no_desk(services: Services, team: Team) -> None:
    await escalated(services, team)
    async with stage(services, team.tech) as on:
        assert not on.app.check_action("escalations", ())


TEMPLATE = Template(
    Script('$server = "{{server}}"\n$mode = {{mode}}\n$key = "{{key}}"\nGet-Printer\n'),
    (
        Parameter(name="server", type="host", label="Server"),
        Parameter(name="mode", type="choice", choices=("slow", "fast")),
        Parameter(name="key", type="secret", label="Key"),
    ),
)


async def test_a_script_is_filled_in_and_its_secret_is_seen_and_kept_nowhere(
    services: Services, team: Team, tmp_path: Path
) -> None:
    walk = await escalated(services, team)
    stored = await services.scripts.add(team.engineer, "Look at it", TEMPLATE)
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Look at it", template_id=stored.id))
    async with stage(services, team.engineer) as on:
        await on.press("d", "b")
        await on.sees("Server (host)", "Still to be filled in: Server, Key")
        await on.press(*"a b", "tab", "f", "tab", *"to$p")
        await on.sees("Still to be filled in: Server")
        await on.press("ctrl+g")
        await on.sees("neither the name nor the address of a machine")
        await on.press("shift+tab", "shift+tab", "end", "backspace", "backspace", *"1")
        await on.sees('$server = "a1"', "$mode = 'fast'", "••••••••")
        assert "to$p" not in on.text
        await on.press("ctrl+g")
        await on.sees("kept nowhere, since a secret is in it")
        assert on.app.clipboard == '$server = "a1"\n$mode = \'fast\'\n$key = "to`$p"\nGet-Printer\n'
    assert not any("to`$p" in text for text in written(tmp_path))


def written(folder: Path) -> Iterable[str]:
    """The content of every file below."""
    return (each.read_bytes().decode("latin-1") for each in folder.rglob("*") if each.is_file())


async def test_a_draft_is_accepted_and_retired_in_the_library(services: Services, team: Team) -> None:
    await escalated(services, team)
    await services.scripts.add(team.engineer, HOSTILE, TEMPLATE)
    async with stage(services, team.engineer) as on:
        await on.press("d", "t")
        await on.sees("[red]x[/] ␀", "powershell", "draft", "Get-Printer")
        await on.press("y")
        await on.sees("offered from now on", "accepted")
        await on.press("x")
        await on.sees("not offered any more", "retired")


async def test_from_the_first_word_to_the_resolution(services: Services, team: Team) -> None:
    """Escalated, claimed, facts, a fix with a script, a template of it, partly, then success, resolved."""
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("c")
        await on.sees("You have it.")
        await on.press("d", "down", "enter")
        await on.sees("On record.")
        await on.press("s")
        await on.press(*"Restart", "tab", *"Hangs", "tab", "tab")
        await on.paste('$server = "SRV1"\nRestart-Service Spooler')
        await on.press("ctrl+g")
        await on.sees("Restart not applied yet")
        await on.press("g", "right", "ctrl+g")
        await on.sees("run, and kept as a draft, outcome not said")
        await on.press("b")
        await on.sees("Server (host)")
        await on.press(*"SRV2")
        await on.sees('$server = "SRV2"')
        await on.press("escape", "o", "p", "ctrl+g")
        await on.sees("notes are missing")
        await on.press(*"only one", "ctrl+g")  # "o" and "n" begin words that could be chosen
        await on.sees("worked in part: only one")
        await on.press("o", "w", "ctrl+g")
        await on.sees("worked, run, and kept as a draft", "Check first whether it still works, then resolve: Restart")
        await on.press("escape", "r", *"Mine", "f9")
        await on.sees("Restart. This worked.", "the template's draft; f9 brings back your own")
        await on.press("f9")
        await on.sees("Mine")
        await on.press("f9")
        await on.press("ctrl+g")
        await on.sees("Resolved.")
    case = await case_of(services, team, walk)
    assert case.walk.status == "resolved"
    assert case.walk.resolution is not None
    assert "Hangs" in case.walk.resolution.notes
    assert [(fix.decision, fix.status) for fix in case.found.fixes] == [("draft_template", "applied_success")]


# The call as a whole


async def test_a_call_is_claimed_handed_back_and_resolved_from_the_desk(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "c")
        await on.sees("You have it.")
        assert (claim := (await case_of(services, team, walk)).walk.claim) is not None
        assert claim.by.id == team.engineer.user_id
        await on.press("h", *"Ask", "ctrl+g")
        await on.sees("Handed back to tina.")
    again = await services.walks.open(team.tech, walk.id)
    await services.walks.escalate(team.tech, again, category="needs_onsite", reason="Still dead")
    async with stage(services, team.engineer) as on:
        await on.press("d", "r", "ctrl+g")
        await on.sees("Resolved.")
    async with stage(services, team.owner) as on:
        on.app.post_message(AtTheDesk(walk.id))
        await on.sees("Check first")
        await on.press("p")
        await on.sees("Escalate")


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
async def test_drafts_the_psa_and_the_history_are_a_key_away(
    services: Services, team: Team, size: tuple[int, int]
) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.owner, size) as on:
        on.app.post_message(AtTheDesk(walk.id))
        await on.sees("Check first")
        await on.press("d")
        await on.sees("Resolution note, by the template", "printer is dead")
        await on.press("escape", "i")
        await on.sees("Nothing of this call goes to a PSA.")
        await on.press("escape", "y")
        await on.sees("tina", "start", "escalate", "The fuse is out")
    async with stage(services, team.engineer) as on:
        await on.press("d", "y")  # the log is not an engineer's to read
        on.page(CaseScreen)


async def test_what_was_missing_stands_on_the_desk(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.missing.ask(team.engineer, walk, f"Since when {HOSTILE}")
    async with stage(services, team.engineer, SMALL) as on:
        await on.press("d", "end")
        await on.sees("missing Since when", "Where")


async def test_deciding_to_build_opens_the_builder_and_keeps_a_draft(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    script = Script('$Printer = "HP1"\nGet-Printer $Printer\n')
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Look at it", script=script))
    async with stage(services, team.engineer) as on:
        await on.press("d", "g", "b", "ctrl+g")
        await on.sees("Script: Look at it", "Get-Printer")
        await on.press("f9")
        await on.sees("It is a draft among the account's scripts now.")
    (kept,) = await services.scripts.listed(team.engineer)
    assert (kept.title, kept.status) == ("Look at it", "draft")


async def test_what_nothing_fills_in_is_said_before_it_is_copied(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    script = Script("Unlock-ADAccount -Identity {{user}}\n")
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Unlock", script=script))
    async with stage(services, team.engineer) as on:
        await on.press("d", "g", "b", "ctrl+g")
        await on.sees("Nothing fills in {{user}} here: write it over in what you copy.")


async def test_hostile_text_does_nothing_in_what_else_there_is_to_read(services: Services, team: Team) -> None:
    call = Call(problem=f"zebra {HOSTILE}", customer=HOSTILE, contact=HOSTILE)
    born = await services.intake.take(team.tech, call, EscalateAtOnce("other", f"because {HOSTILE}"))
    assert isinstance(born, EscalatedAtOnce)
    async with stage(services, team.owner, SMALL) as on:
        on.app.post_message(AtTheDesk(born.walk.id))
        await on.sees("Check first")
        whole(on)
        for key in ("d", "i", "y"):
            await on.press(key)
            whole(on)
            await on.press("escape")


def test_the_way_there_through_menus_is_shortened_before_what_is_done() -> None:
    told = "In Settings, Network & internet, Wi-Fi, Manage known networks, forget this network and join it again"
    assert deed(told, 60) == "…Manage known networks, forget this network and join it…"
    assert deed("In the print window check that this printer is chosen, and no PDF printer", 40).startswith(
        "In the print"
    )
    assert deed("Short", 40) == "Short"
    assert len(deed("In " + "a" * 100_000, 40)) <= 40  # which would not end where one word can be split in many ways


async def test_a_note_on_what_is_not_answered_yet_is_on_the_desk_and_enter_leaves_notes_alone(
    services: Services, team: Team
) -> None:
    walk = await escalated(services, team)
    begun = await services.intake.take(team.tech, Call(problem="another printer"), TakeFlow("printer-offline"))
    assert isinstance(begun, Matched)
    noted = await services.walks.note_step(team.tech, begun.walk, "The light blinks")
    walk = await services.walks.escalate(team.tech, noted, category="needs_onsite", reason="Please come")
    await services.fixes.suggest(team.engineer, walk, Suggestion(title="Restart it", script=SCRIPT))
    async with stage(services, team.engineer) as on:
        await on.press("d", "down")
        await on.sees("Noted The light blinks", "Where Is the green light on?")
        assert "enter take up" not in on.words
        await on.press("enter")
        on.page(CaseScreen)
        await on.press("down")
        await on.sees("enter take up")


async def test_what_was_read_before_ones_own_change_does_not_come_back_after_it(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    async with stage(services, team.engineer) as on:
        await on.press("d", "down")
        page = on.page(CaseScreen)
        late = page.case
        assert late is not None
        await on.press("enter")
        await on.sees("On record.")
        page._show(late)
        await on.press("a", *"Warm", "ctrl+g")
        await on.sees("known Warm")
    assert len((await case_of(services, team, walk)).found.facts) == 2


async def test_a_long_fact_does_not_move_the_answers_away_from_their_questions(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.facts.add(team.engineer, walk, "It has hummed. " * 12)
    async with stage(services, team.engineer, LARGE) as on:
        await on.press("d")
        await on.sees("It has hummed. " * 10)
        assert "Is the green light on?  › No" in on.text


async def test_a_resolved_call_asks_for_nothing(services: Services, team: Team) -> None:
    walk = await escalated(services, team)
    await services.walks.resolve(team.engineer, walk, helpful=True, notes="Replaced the fuse.")
    async with stage(services, team.engineer) as on:
        on.app.post_message(AtTheDesk(walk.id))
        await on.sees("Check first nothing: it is resolved")
