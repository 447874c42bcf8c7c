"""When the matcher is fitted, what waits for it and what does not, on both databases."""

import asyncio
import threading
from collections.abc import AsyncIterator, Collection, Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.errors import NotFound, StoreTrouble
from services.flows.library import Library
from services.intake import shelf
from services.intake.model import AdHoc, BuildAnyway, Built, Call, EscalateAtOnce, TakeFlow, Wish
from services.intake.service import Intake
from services.intake.shelf import Shelf
from services.team.settings import AccountSettings
from storage import matching
from storage.database import Reading
from tests.logins import open_for_people
from tests.services.walks.scene import Scene

OUTLOOK = "outlook wants my password every two minutes"


class Fitting:
    """The fitting of indexes, counted, and held up while the gate is shut."""

    def __init__(self) -> None:
        self.times = 0
        self.gate = threading.Event()
        self.gate.set()
        self.fails = False
        self._begun = threading.Event()
        self._shelved = shelf.shelved

    def __call__(self, *given: Any) -> Shelf:
        self.times += 1
        self._begun.set()
        assert self.gate.wait(timeout=30)
        if self.fails:
            raise StoreTrouble("the disk is gone", "Try again.")
        return self._shelved(*given)

    async def under_way(self) -> None:
        assert await asyncio.to_thread(self._begun.wait, 30)


@pytest.fixture
def fitting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fitting]:
    fitting = Fitting()
    monkeypatch.setattr(shelf, "shelved", fitting)
    yield fitting
    fitting.gate.set()


@pytest.fixture
async def narrow(scene: Scene, migrated_url: str) -> AsyncIterator[Intake]:
    """An intake whose store has one connection for everybody."""
    database = open_for_people(migrated_url, connections=1)
    yield Intake(database, scene.clock, Library(database, scene.clock), scene.walks)
    await database.dispose()


@pytest.mark.parametrize("wish", [AdHoc(), EscalateAtOnce("other", "smoke"), TakeFlow("life")])
async def test_what_is_asked_for_outright_waits_for_no_matcher(scene: Scene, fitting: Fitting, wish: Wish) -> None:
    await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), wish)
    assert fitting.times == 0


async def test_build_anyway_waits_for_no_matcher_where_it_may_build(scene: Scene, fitting: Fitting) -> None:
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK), BuildAnyway())
    assert isinstance(outcome, Built)
    assert fitting.times == 0


async def test_many_who_ask_at_once_wait_for_one_fit(scene: Scene, fitting: Fitting) -> None:
    found = await asyncio.gather(*(scene.intake.match(scene.team.tech, OUTLOOK) for _ in range(6)))
    assert {each.candidates[0].slug for each in found} == {"life"}
    assert fitting.times == 1


async def test_a_fit_holds_no_connection(scene: Scene, narrow: Intake, fitting: Fitting) -> None:
    fitting.gate.clear()
    matching = asyncio.create_task(narrow.match(scene.team.tech, OUTLOOK))
    await fitting.under_way()
    await narrow.take(scene.team.tech, Call(problem=OUTLOOK), AdHoc())
    fitting.gate.set()
    assert (await matching).candidates[0].slug == "life"


async def test_whoever_stops_asking_does_not_stop_the_fit(scene: Scene, fitting: Fitting) -> None:
    fitting.gate.clear()
    matching = asyncio.create_task(scene.intake.match(scene.team.tech, OUTLOOK))
    await fitting.under_way()
    matching.cancel()
    fitting.gate.set()
    await scene.intake.match(scene.team.tech, OUTLOOK)
    assert fitting.times == 1


async def test_the_old_shelf_serves_until_the_new_one_is_there(
    scene: Scene, fitting: Fitting, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scene.intake.match(scene.team.tech, OUTLOOK)
    await scene.library.retire(scene.team.owner, "life")
    fitting.gate.clear()
    with monkeypatch.context() as patch:
        patch.setattr(shelf, "PATIENCE", 0.01)
        assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].slug == "life"
        await scene.intake.match(scene.team.tech, OUTLOOK)
    assert fitting.times == 2
    fitting.gate.set()
    monkeypatch.setattr(shelf, "PATIENCE", 30)
    later = await scene.intake.match(scene.team.tech, OUTLOOK)
    assert "life" not in [each.slug for each in later.candidates]
    assert fitting.times == 2


async def test_a_flow_that_was_retired_meanwhile_is_not_started_and_no_dead_end(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "PATIENCE", 0)
    await AccountSettings(scene.database, scene.clock).set(scene.team.owner, "match.auto_start", "on")
    await scene.intake.match(scene.team.tech, OUTLOOK)
    await scene.library.retire(scene.team.owner, "life")
    outcome = await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK))
    assert isinstance(outcome, Built)


async def test_a_ticket_that_is_not_there_is_told_after_a_second_look_only(scene: Scene, fitting: Fitting) -> None:
    await AccountSettings(scene.database, scene.clock).set(scene.team.owner, "match.auto_start", "on")
    with pytest.raises(NotFound, match="no ticket"):
        await scene.intake.take(scene.team.tech, Call(problem=OUTLOOK, ticket_id=uuid4()))
    assert fitting.times == 1


async def test_a_fit_that_failed_is_told_and_tried_again(scene: Scene, fitting: Fitting) -> None:
    fitting.fails = True
    with pytest.raises(StoreTrouble, match="the disk is gone"):
        await scene.intake.match(scene.team.tech, OUTLOOK)
    fitting.fails = False
    assert (await scene.intake.match(scene.team.tech, OUTLOOK)).candidates[0].slug == "life"


async def test_a_library_is_taken_in_by_parts(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many flows there are, what was read of them is in memory a part at a time."""
    whole = await scene.intake.match(scene.team.tech, OUTLOOK)
    asked: list[int] = []
    readings = matching.readings

    async def noted(read: Reading, reader: str, versions: Collection[UUID]) -> dict[UUID, bytes]:
        asked.append(len(versions))
        return await readings(read, reader, versions)

    monkeypatch.setattr(shelf, "_TAKEN_AT_ONCE", 1)
    monkeypatch.setattr(matching, "readings", noted)
    anew = Intake(scene.database, scene.clock, Library(scene.database, scene.clock), scene.walks)
    assert (await anew.match(scene.team.tech, OUTLOOK)).candidates == whole.candidates
    assert asked
    assert set(asked) == {1}
