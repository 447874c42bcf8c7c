"""What an engineer asks first of a call that is passed on, and which of it was not told."""

from dataclasses import replace

import pytest

from services.flows.nodes import Instruction
from services.intake.model import Call, EscalateAtOnce, EscalatedAtOnce
from services.walks.handover import PARTS, asked, suspected, untold
from services.walks.model import Choose, Part
from tests.services.walks.scene import Scene


@pytest.mark.parametrize(
    ("reason", "wanted"),
    [
        ("Queue never drains, others print. Driver or port after the move?", "Driver or port after the move?"),
        ("It clicks. He needs to leave at 5. NEXT: please check the disk.", "NEXT: please check the disk."),
        ("Please check the disk. He needs to leave at 5.", "Please check the disk."),
        ("The printer should be online, it is not.", None),
        ("The code must be reset by somebody at the site.", "The code must be reset by somebody at the site."),
        ("It should print from tray 2.", None),
        ("Sessions must be ended now.", "Sessions must be ended now."),
        ("Somebody has to look at the switch.\nThanks", "Somebody has to look at the switch."),
        ("The rent run has to go by 12.", None),
        ("Needs admin to reinstall the runtime. Vendor says so.", "Needs admin to reinstall the runtime."),
        ("She left. Call back after three on the mobile.", "Call back after three on the mobile."),
        ("Check the port\nShe is in until four.", "Check the port"),
        ("Latitude 5420, driver from 2021. Last try 9:05, next to the lift.", None),
        ("", None),
    ],
)
def test_the_sentence_that_asks_for_something_is_found(reason: str, wanted: str | None) -> None:
    assert asked(reason) == wanted


def test_what_level_1_suspects_is_found_where_it_asks_for_nothing() -> None:
    assert suspected("Calibrated, no change. Could be the sensor? Courier at 15:30.") == "Could be the sensor?"
    assert suspected("No change.") is None


def test_before_there_is_a_call_its_words_alone_are_looked_at() -> None:
    assert untold(None, reason="", category=None, problem="dead") == tuple(PARTS)
    told = "nobody on the second floor can print since this morning"
    reason = "Rebooted, same. Please look at the switch."
    assert untold(None, reason=reason, category=None, problem=told) == ("who",)
    assert untold(None, reason=reason, category=None, problem=told, caller="Kim") == ()


def test_where_somebody_may_be_in_the_system_nothing_is_to_be_tried() -> None:
    told = untold(None, reason="", category="suspected_security", problem="clicked a link")
    assert "tried" not in told
    assert "next" in told


async def test_what_the_path_says_was_told(scene: Scene) -> None:
    walk = await scene.start_flow()
    assert untold(walk, reason="", category=None) == ("who", "how_many", "since", "tried", "next")
    walk = await scene.walks.answer(scene.team.tech, walk, Choose(0), note="all of the office, since 9:05")
    assert untold(walk, reason="", category=None) == ("who", "tried", "next")


async def test_what_level_1_was_to_do_tells_nothing_of_whom_it_hits_or_since_when(scene: Scene) -> None:
    walk = await scene.walks.answer(scene.team.tech, await scene.start_flow(), Choose(0))
    [step] = walk.path
    node = Instruction(text="Since others wait: restart the computers of all the users today.", next="check")
    walk = replace(walk, path=(replace(step, pending=replace(step.pending, node=node)),))
    assert untold(walk, reason="", category=None) == ("who", "how_many", "since", "next")


@pytest.mark.parametrize(
    ("words", "part", "told"),
    [
        ("no sound at all, all day", "how_many", False),
        ("rename the user on my other computer", "how_many", False),
        ("we all see it", "how_many", True),
        ("all the phones are dead", "how_many", True),
        ("Office 16.0 on 10.0.0.5", "since", False),
        ("it was there on 3/11", "since", True),
        ("on 3.11.2026 at 9.05", "since", True),
        ("he is on holiday", "since", False),
        ("same phone as always", "tried", False),
        ("Power cycle, same.", "tried", True),
    ],
)
def test_words_that_say_something_else_do_not_count(words: str, part: Part, told: bool) -> None:
    assert (part not in untold(None, reason="", category=None, problem=words)) is told


async def test_it_is_kept_with_the_escalation_and_said_anew_with_the_next_one(scene: Scene) -> None:
    walk = await scene.start_flow()
    walk = await scene.walks.escalate(scene.team.tech, walk, category="other", reason="no rights")
    assert walk.escalation is not None
    assert walk.escalation.untold == ("who", "how_many", "since", "tried", "next")
    (listed,) = await scene.escalations.listed(scene.team.engineer)
    assert listed.escalation == walk.escalation
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, "Since when?")
    reason = "Since Monday, only she. Restarted, same. Please give her the right."
    walk = await scene.walks.escalate(scene.team.tech, walk, category="other", reason=reason)
    assert walk.escalation is not None
    assert walk.escalation.untold == ("who",)


async def test_a_call_that_is_born_escalated_has_it_too(scene: Scene) -> None:
    call = Call(problem="clicked a link", contact="Kim")
    born = await scene.intake.take(scene.team.tech, call, EscalateAtOnce("suspected_security", "Since today."))
    assert isinstance(born, EscalatedAtOnce)
    assert born.walk.escalation is not None
    assert born.walk.escalation.untold == ("how_many", "next")


def test_every_part_has_its_words() -> None:
    from screens import words

    assert tuple(words.PARTS) == PARTS
