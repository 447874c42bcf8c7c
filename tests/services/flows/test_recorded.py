"""Recorded calls test a change: real calls of both stores, replayed against another version of their flow."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from services.errors import NotFound
from services.flows.nodes import Answer, Flow, Instruction, Node, Outcome, Question
from services.flows.recorded import Checked, Recorded
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Verified
from tests.services.walks.scene import LIFE, Scene, as_file

BACK = Choose(1)
PROOF = Verified("callback_number_on_record", "Called back on the number on record.")


@pytest.fixture
async def scene(migrated_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_url)
    yield set_up
    await set_up.database.dispose()


@pytest.fixture
def recorded(scene: Scene) -> Recorded:
    return Recorded(scene.database, scene.library)


@pytest.fixture
async def calls(scene: Scene) -> None:
    """Six of them: two by the cached credentials to their end, one through the linked flow, one by a gate that was
    put in front of a node, one stopped by a red flag there, one that was passed on after its first answer was taken
    back."""
    for _ in range(2):
        walk = await scene.answer(await scene.start_flow(), Choose(0), Acknowledge(), Choose(1))
        await scene.walks.resolve(scene.team.tech, walk, helpful=True, notes="Cleared.")
    linked = await scene.answer(await scene.start_flow(), Choose(0), Acknowledge(), Choose(0), Acknowledge(), Choose(0))
    await scene.walks.resolve(scene.team.tech, linked, helpful=True, notes="The line.")
    serial = await scene.answer(await scene.start_flow(), CannotTell(), Enter("AB1234"))
    await scene.answer(serial, PROOF, Acknowledge(), Choose(1))
    flagged = await scene.answer(await scene.start_flow(), CannotTell(), Enter("AB1234"), RedFlag("He hung up."))
    await scene.walks.escalate(scene.team.tech, flagged, category="suspected_security", reason="Not proved.")
    once = await scene.answer(await scene.start_flow(), Choose(0))
    once = await scene.answer(await scene.walks.back(scene.team.tech, once), Choose(1))
    await scene.walks.escalate(scene.team.tech, once, category="needs_access", reason="No mail at all.")


def changed(**nodes: Node) -> Flow:
    return replace(LIFE, nodes={**LIFE.nodes, **nodes})


async def check(scene: Scene, recorded: Recorded, flow: Flow | None = None) -> Checked:
    return await recorded.check(scene.team.tech, "life", flow=flow)


@pytest.mark.usefixtures("calls")
async def test_every_call_fits_the_version_it_was_walked_in(scene: Scene, recorded: Recorded) -> None:
    checked = await check(scene, recorded)
    assert (checked.number, checked.used, checked.more) == (1, None, False)
    assert (checked.calls, checked.paths, checked.same, checked.otherwise, checked.before) == (6, 5, 6, 0, 0)
    assert checked.breaks == ()


@pytest.mark.usefixtures("calls")
async def test_which_paths_break_where_and_how_many_is_told(scene: Scene, recorded: Recorded) -> None:
    check_node = LIFE.nodes["check"]
    assert isinstance(check_node, Question)
    answers = (Answer(label="Still", next="line"), Answer(label="Never again", next="done"))
    checked = await check(scene, recorded, changed(check=replace(check_node, answers=answers)))
    assert (checked.number, checked.used) == (None, 1)
    assert (checked.calls, checked.same, checked.broken) == (6, 2, 4)
    first, second = checked.breaks
    assert (first.node, first.calls, first.paths) == ("check", 3, 2)
    assert first.says == 'has no answer "No" any more; there are: Still, Never again'
    assert first.example[-1] == "Does Outlook still ask? › No"
    assert (second.node, second.calls, len(second.sessions)) == ("check", 1, 1)


@pytest.mark.usefixtures("calls")
async def test_what_happened_in_a_linked_flow_is_no_matter_of_this_one(scene: Scene, recorded: Recorded) -> None:
    """The link is now an instruction: the answers given behind it have no place, and need none."""
    checked = await check(scene, recorded, changed(line=Instruction(text="Test the line yourself.", next="done")))
    assert (checked.same, checked.otherwise, checked.broken) == (5, 1, 0)


@pytest.mark.usefixtures("calls")
async def test_what_does_not_fit_the_version_in_use_either_is_no_fault_of_the_new_one(
    scene: Scene, recorded: Recorded
) -> None:
    ends = changed(done=Outcome(text="Pass it on.", result="escalate"))
    await scene.library.bring_in(scene.team.owner, [as_file(ends)])
    await scene.library.bring_in(scene.team.owner, [as_file(replace(ends, title="Outlook"))], draft=True)
    checked = await check(scene, recorded)
    assert (checked.number, checked.used) == (3, 2)
    assert (checked.before, checked.broken) == (4, 0)
    in_use = await recorded.check(scene.team.tech, "life", 2)
    assert (in_use.used, in_use.before, in_use.broken) == (None, 0, 4)
    first = await recorded.check(scene.team.tech, "life", 1)
    assert (first.used, first.same) == (2, 6)


async def test_a_call_that_turned_to_free_notes_ended_nowhere_in_the_flow(scene: Scene, recorded: Recorded) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(0), Acknowledge(), Choose(1))
    await scene.walks.to_notes(scene.team.tech, walk)
    checked = await check(scene, recorded, changed(done=Outcome(text="No.", result="escalate")))
    assert (checked.calls, checked.broken) == (1, 0)


async def test_only_the_newest_calls_are_replayed_where_there_are_too_many(
    scene: Scene, recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.flows.recorded.MOST_CALLS", 2)
    first = await scene.answer(await scene.start_flow(), Choose(1))
    for _ in range(2):
        await scene.answer(await scene.start_flow(), Choose(0))
    checked = await check(scene, recorded, changed(who=Outcome(text="Stop.", result="escalate")))
    assert (checked.calls, checked.paths, checked.more) == (2, 1, True)
    monkeypatch.setattr("services.flows.recorded.MOST_CALLS", 3)
    checked = await check(scene, recorded)
    assert (checked.calls, checked.more) == (3, False)
    assert first.id


@pytest.mark.usefixtures("calls")
async def test_nothing_of_another_account_is_replayed(scene: Scene, recorded: Recorded) -> None:
    with pytest.raises(NotFound):
        await recorded.check(scene.team.their_owner, "life")
    await scene.library.bring_in(scene.team.their_owner, [as_file(replace(LIFE, nodes=_short()))])
    assert (await recorded.check(scene.team.their_owner, "life")).calls == 0


def _short() -> dict[str, Outcome]:
    return {"web": Outcome(text="Pass it on.", result="escalate")}
