"""A call while the store is away: it goes on, and everything is in the store afterwards, in order and once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from services.away import service
from services.away.entries import Answered, Noted, StepNoted, read, written
from services.away.service import Away
from services.builder.playbook import PlaybookBuilder
from services.errors import Conflict, Refused
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Reply, Verified, Walk
from services.walks.service import Walks
from storage.aside import Aside
from storage.database import Database
from storage.errors import StoreUnreachable
from storage.written import Unreadable
from tests.network import Network, network
from tests.services.people import ManualClock
from tests.services.walks.scene import Scene


@dataclass
class Terminal:
    """One technician's, on the other side of a network."""

    scene: Scene
    between: Network
    walks: Walks
    away: Away
    aside: Aside
    folder: Path

    async def answer(self, walk: Walk, *replies: Reply) -> Walk:
        for reply in replies:
            assert walk.pending is not None
            self.scene.clock.forward(seconds=5)
            node = walk.pending.id
            walk = await self.away.answer(self.scene.team.tech, walk, reply, node_id=node, step_id=uuid4())
        return walk

    async def stored(self, call: UUID) -> Walk:
        """As a colleague sees it, whose network is fine."""
        return await self.scene.walks.open(self.scene.team.second, call)


@pytest.fixture
async def scene(migrated_postgres_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_postgres_url)
    yield set_up
    await set_up.database.dispose()


@pytest.fixture
async def terminal(scene: Scene, migrated_postgres_url: str, tmp_path: Path) -> AsyncIterator[Terminal]:
    async with network(migrated_postgres_url) as between:
        database = Database.open(between.url)
        walks = Walks(database, scene.clock, scene.library, PlaybookBuilder())
        aside = Aside(tmp_path / "data" / "aside.db", "here")
        yield Terminal(
            scene, between, walks, Away(walks, aside, tmp_path / "unfit", scene.clock), aside, tmp_path / "unfit"
        )
        between.mend()
        await database.dispose()


async def begun(terminal: Terminal) -> Walk:
    walk = await terminal.scene.start_flow()
    await terminal.away.prepare(terminal.scene.team.tech, walk)
    return walk


async def test_a_call_goes_on_without_the_store_and_is_in_it_afterwards(terminal: Terminal) -> None:
    tech, note = terminal.scene.team.tech, uuid4()
    walk = await terminal.answer(await begun(terminal), Choose(0))
    assert walk.kept_here == 0
    terminal.between.cut()
    walk = await terminal.away.note_step(tech, walk, "two entries")
    walk = await terminal.answer(walk, Acknowledge(), Choose(0), Acknowledge(), Choose(0))
    walk = await terminal.away.save_note(tech, walk, note, "it is slow")
    walk = await terminal.away.save_note(tech, walk, note, "it is slow today")
    assert walk.pending is not None
    assert walk.pending.node.text == "Outlook opens without asking."
    assert walk.kept_here == 6
    assert len((await terminal.stored(walk.id)).path) == 1
    with pytest.raises(StoreUnreachable):
        await terminal.away.catch_up(tech, walk.id)

    terminal.between.mend()
    back = await terminal.away.catch_up(tech, walk.id)
    assert back == await terminal.stored(walk.id)
    assert [(step.answer_label, step.note, step.at) for step in back.path] == [
        (step.answer_label, step.note, step.at) for step in walk.path
    ]
    assert [step.step_id for step in back.path] == [step.step_id for step in walk.path]
    assert back.path[1].note == "two entries"
    assert [each.text for each in back.notes] == ["it is slow today"]
    assert back.kept_here == 0
    assert await terminal.away.calls(tech) == ()


async def test_who_is_calling_can_be_proved_without_the_store(terminal: Terminal) -> None:
    walk = await begun(terminal)
    terminal.between.cut()
    proof = Verified("callback_number_on_record", "rang back, it was them")
    walk = await terminal.answer(walk, Choose(1), proof, Acknowledge())
    terminal.between.mend()
    assert (await terminal.away.catch_up(terminal.scene.team.tech, walk.id)).verified


async def test_a_store_that_says_nothing_is_not_waited_for(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = await terminal.answer(await begun(terminal), Choose(0))
    monkeypatch.setattr(service, "LIMIT", 0.3)
    terminal.between.hold()
    walk = await terminal.answer(walk, Acknowledge(), Choose(1))
    assert walk.kept_here == 2
    terminal.between.mend()
    monkeypatch.setattr(service, "LIMIT", 10)
    back = await terminal.away.catch_up(terminal.scene.team.tech, walk.id)
    assert [step.step_id for step in back.path] == [step.step_id for step in walk.path]


async def test_an_answer_that_was_stored_though_nobody_was_told_is_there_once(terminal: Terminal) -> None:
    walk = await terminal.answer(await begun(terminal), Choose(0))
    await asyncio.sleep(0.5)  # its bell has rung, on a connection that is not meant here
    terminal.between.lose_answers()
    walk = await terminal.answer(walk, Acknowledge(), Choose(1))
    assert walk.kept_here == 2
    assert [step.step_id for step in (await terminal.stored(walk.id)).path] == [
        step.step_id for step in walk.path[:2]
    ], "this test is about an answer that arrived"
    terminal.between.mend()
    back = await terminal.away.catch_up(terminal.scene.team.tech, walk.id)
    assert [step.step_id for step in back.path] == [step.step_id for step in walk.path]


async def test_what_is_kept_outlives_the_program(terminal: Terminal) -> None:
    walk = await begun(terminal)
    terminal.between.cut()
    walk = await terminal.answer(walk, Choose(0), Acknowledge())
    terminal.between.mend()
    later = Away(terminal.walks, terminal.aside, terminal.folder, ManualClock())
    assert await later.calls(terminal.scene.team.tech) == (walk.id,)
    assert await later.calls(terminal.scene.team.second) == ()
    assert len((await later.catch_up(terminal.scene.team.tech, walk.id)).steps) == 2


async def test_what_does_not_fit_any_more_becomes_a_note_and_is_said(terminal: Terminal) -> None:
    tech, other = terminal.scene.team.tech, terminal.scene.team.second
    walk = await begun(terminal)
    terminal.between.cut()
    walk = await terminal.answer(walk, Choose(0), Acknowledge())
    walk = await terminal.away.save_note(tech, walk, uuid4(), "they sound angry")
    theirs = await terminal.scene.walks.take(other, await terminal.stored(walk.id))
    await terminal.scene.answer(theirs, CannotTell(), by=other)
    terminal.between.mend()
    with pytest.raises(Conflict) as caught:
        await terminal.away.catch_up(tech, walk.id)
    assert "note of the call" in str(caught.value)
    stored = await terminal.stored(walk.id)
    assert [step.answer_label for step in stored.steps] == ["Can't tell"]
    aside = next(each.text for each in stored.notes if "While the store was away" in each.text)
    assert "Can they sign in to webmail? Yes, at once" in aside
    assert "Clear the saved credentials. Done" in aside
    assert any(each.text == "they sound angry" for each in stored.notes)
    assert await terminal.away.calls(tech) == ()


async def test_what_a_closed_call_does_not_take_is_in_a_file_that_is_named(terminal: Terminal) -> None:
    tech, other = terminal.scene.team.tech, terminal.scene.team.second
    walk = await begun(terminal)
    terminal.between.cut()
    walk = await terminal.answer(walk, Choose(0))
    await terminal.scene.walks.resolve(other, await terminal.stored(walk.id), helpful=True, notes="solved")
    terminal.between.mend()
    with pytest.raises(Conflict) as caught:
        await terminal.away.catch_up(tech, walk.id)
    (left,) = terminal.folder.iterdir()
    assert str(left) in str(caught.value)
    assert "Yes, at once" in left.read_text()
    assert left.stat().st_mode & 0o077 == 0


async def test_a_note_of_a_colleague_meanwhile_is_in_nobodys_way(terminal: Terminal) -> None:
    walk = await begun(terminal)
    terminal.between.cut()
    walk = await terminal.answer(walk, Choose(0), Acknowledge())
    await terminal.scene.walks.save_note(terminal.scene.team.second, await terminal.stored(walk.id), uuid4(), "me too")
    terminal.between.mend()
    assert len((await terminal.away.catch_up(terminal.scene.team.tech, walk.id)).steps) == 2


async def test_a_wrong_answer_is_refused_without_the_store_too(terminal: Terminal) -> None:
    walk = await begun(terminal)
    terminal.between.cut()
    with pytest.raises(Refused):
        await terminal.answer(walk, Acknowledge())
    with pytest.raises(Refused):
        await terminal.away.answer(terminal.scene.team.second, walk, Choose(0), node_id="web", step_id=uuid4())
    assert await terminal.away.calls(terminal.scene.team.tech) == ()


async def test_a_built_walk_waits_for_the_store_and_its_notes_do_not(terminal: Terminal) -> None:
    walk = await terminal.scene.build()
    terminal.between.cut()
    with pytest.raises(StoreUnreachable):
        await terminal.answer(walk, Choose(0))
    walk = await terminal.away.save_note(terminal.scene.team.tech, walk, uuid4(), "it hums")
    assert walk.kept_here == 1


async def test_no_secret_is_kept_on_this_machine(terminal: Terminal) -> None:
    walk = await begun(terminal)
    terminal.between.cut()
    walk = await terminal.away.save_note(terminal.scene.team.tech, walk, uuid4(), "password: hunter2hunter2")
    proof = Verified("callback_number_on_record", "they said their password: tulip4711tulip")
    await terminal.answer(walk, Choose(1), proof)
    file = terminal.folder.parent / "data" / "aside.db"
    assert file.stat().st_mode & 0o077 == 0
    assert b"hunter2" not in file.read_bytes()
    assert b"tulip4711" not in file.read_bytes()


@pytest.mark.parametrize(
    "reply", [Choose(3), CannotTell(), Acknowledge(), Enter("é\ud800"), Verified("push", "ok"), RedFlag("odd\x00")]
)
def test_what_is_written_down_is_read_back(reply: Reply) -> None:
    entry = Answered(uuid4(), "web", reply, "a note", ManualClock()(), "Is it on?", "Yes")
    assert read(written(entry)) == entry


def test_other_entries_are_read_back_and_nonsense_is_told() -> None:
    for entry in (StepNoted("web", "x"), Noted(uuid4(), "")):
        assert read(written(entry)) == entry
    for nonsense in ("", "{", "[]", "{}", '{"answered": "x"}', '{"answered": 1, "reply": ["no", {}]}'):
        with pytest.raises(Unreadable):
            read(nonsense)


async def test_what_another_version_wrote_is_a_note_rather_than_nothing(terminal: Terminal) -> None:
    tech, walk = terminal.scene.team.tech, await begun(terminal)
    terminal.aside.keep(tech.user_id, walk.id, '{"waved": "at the caller"}')
    back = await terminal.away.catch_up(tech, walk.id)
    assert [each.text for each in back.notes] == ['{"waved": "at the caller"}']
