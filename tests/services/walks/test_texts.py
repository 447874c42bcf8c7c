"""What a person typed: measured, without secrets, and nobody else's is lost for it."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import pytest

from services.errors import NotAllowed, Refused
from services.flows.proposals import Proposals
from services.intake.model import AdHoc, Call
from services.team.users import Users
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Verified
from services.walks.texts import LINE_LIMIT, TEXT_LIMIT
from tests.services.walks.scene import Scene

SECRET = "her password is Hunter2!xyz"
HUGE = "x" * (TEXT_LIMIT + 1)


async def test_what_looks_like_a_password_is_not_stored_in_a_red_flag_or_an_instruction(scene: Scene) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(1), RedFlag(SECRET))
    walk = await scene.walks.escalate(scene.team.tech, walk, category="other", reason=SECRET)
    walk = await scene.escalations.hand_back(scene.team.engineer, walk, SECRET)
    assert "Hunter2" not in repr(await scene.walks.open(scene.team.tech, walk.id))


@pytest.mark.parametrize(
    "reply", [Verified("callback_number_on_record", "x" * (LINE_LIMIT + 1)), RedFlag("x" * (LINE_LIMIT + 1))]
)
async def test_how_a_caller_was_proved_is_a_sentence_or_two(scene: Scene, reply: Verified | RedFlag) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(1))
    with pytest.raises(Refused, match="4,000 is the most"):
        await scene.answer(walk, reply)
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


TOO_LONG: dict[str, Callable[[Scene], Awaitable[object]]] = {
    "value": lambda on: _with(on, lambda walk: on.answer(walk, CannotTell(), Enter(HUGE))),
    "note": lambda on: _with(on, lambda walk: on.walks.answer(on.team.tech, walk, Choose(0), note=HUGE)),
    "step": lambda on: _with(on, lambda walk: on.walks.note_step(on.team.tech, walk, HUGE)),
    "free": lambda on: _with(on, lambda walk: on.walks.save_note(on.team.tech, walk, uuid4(), HUGE * 4)),
    "end": lambda on: _with(on, lambda walk: on.walks.resolve(on.team.tech, walk, helpful=True, notes=HUGE)),
    "reason": lambda on: _with(on, lambda walk: on.walks.escalate(on.team.tech, walk, category="other", reason=HUGE)),
    "instruction": lambda on: _with(on, lambda walk: on.escalations.hand_back(on.team.engineer, walk, HUGE)),
    "rejection": lambda on: Proposals(on.database, on.clock, on.library).reject(on.team.owner, uuid4(), HUGE),
}


async def _with(scene: Scene, doing: Callable[..., Awaitable[object]]) -> object:
    return await doing(await scene.start_flow())


@pytest.mark.parametrize("where", TOO_LONG)
async def test_every_text_has_an_end(scene: Scene, where: str) -> None:
    with pytest.raises(Refused, match=r"is the most|more than 256 KiB"):
        await TOO_LONG[where](scene)


NOTHING = "\u200b\u2060 \ufeff\u3164\x00"
"""Spaces, zero-width characters, a letter of which nothing is drawn."""

SAYS_NOTHING: dict[str, Callable[[Scene], Awaitable[object]]] = {
    "the problem": lambda on: on.intake.take(on.team.tech, Call(problem=NOTHING), AdHoc()),
    "how the caller was proved": lambda on: _proved(on, Verified("manager_approval", NOTHING)),
    "a reason": lambda on: _with(
        on, lambda walk: on.walks.escalate(on.team.tech, walk, category="other", reason=NOTHING)
    ),
    "an instruction": lambda on: _with(on, lambda walk: on.escalations.hand_back(on.team.engineer, walk, NOTHING)),
    "a reason to be rejected": lambda on: Proposals(on.database, on.clock, on.library).reject(
        on.team.owner, uuid4(), NOTHING
    ),
}


async def _proved(on: Scene, reply: Verified) -> object:
    return await on.answer(await on.answer(await on.start_flow(), Choose(1)), reply)


@pytest.mark.parametrize("where", SAYS_NOTHING)
async def test_what_nobody_can_see_says_nothing(scene: Scene, where: str) -> None:
    with pytest.raises(Refused, match=r"empty|missing|needs a reason|reason"):
        await SAYS_NOTHING[where](scene)


async def test_going_back_keeps_the_note_typed_on_the_node_that_is_left(scene: Scene) -> None:
    walk = await scene.walks.answer(scene.team.tech, await scene.start_flow(), Choose(0), note="was upside down")
    walk = await scene.walks.note_step(scene.team.tech, walk, "says it was IT-42")
    back = await scene.walks.back(scene.team.tech, walk)
    assert back.pending_note == "was upside down\nsays it was IT-42"


async def test_going_back_twice_does_not_pile_up_the_notes_of_the_steps(scene: Scene) -> None:
    walk = await scene.walks.answer(scene.team.tech, await scene.start_flow(), Choose(0), note="one")
    walk = await scene.walks.answer(scene.team.tech, walk, Acknowledge(), note="two")
    walk = await scene.walks.back(scene.team.tech, walk)
    assert walk.pending_note == "two"
    assert (await scene.walks.back(scene.team.tech, walk)).pending_note == "one"


async def test_writing_notes_does_not_shorten_the_time_a_node_stood_on_the_screen(scene: Scene) -> None:
    walk = await scene.start_flow()
    scene.clock.forward(seconds=100)
    walk = await scene.walks.save_note(scene.team.tech, walk, uuid4(), "hold music")
    assert (await scene.answer(walk, Choose(0))).steps[-1].seconds == 105


async def test_a_saved_note_gives_what_the_store_has(scene: Scene) -> None:
    walk, first = await scene.start_flow(), uuid4()
    for note_id, text in ((first, "one"), (uuid4(), "two"), (uuid4(), "three"), (first, "one again")):
        walk = await scene.walks.save_note(scene.team.tech, walk, note_id, text)
        scene.clock.forward(seconds=1)
    assert walk == await scene.walks.open(scene.team.tech, walk.id)
    assert {note.text for note in walk.notes} == {"one again", "two", "three"}


async def test_a_note_of_another_call_is_not_moved_into_this_one(scene: Scene) -> None:
    other, note_id = await scene.start_flow(), uuid4()
    other = await scene.walks.save_note(scene.team.tech, other, note_id, "one")
    with pytest.raises(Refused):
        await scene.walks.save_note(scene.team.tech, await scene.start_flow(), note_id, "two")
    assert await scene.walks.open(scene.team.tech, other.id) == other


async def test_whoever_was_disabled_reads_nothing_any_more(scene: Scene) -> None:
    begun, users = await scene.start_flow(), Users(scene.database, scene.clock)
    await users.disable(scene.team.owner, "tina")
    await users.disable(scene.team.owner, "emil")
    for reading in (
        scene.walks.open(scene.team.tech, begun.id),
        scene.walks.listed(scene.team.tech),
        scene.walks.resumable(scene.team.tech),
        scene.queue.listed(scene.team.tech),
        scene.escalations.listed(scene.team.engineer),
    ):
        with pytest.raises(NotAllowed):
            await reading
