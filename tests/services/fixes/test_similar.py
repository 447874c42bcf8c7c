"""Fixes out of calls like this one: only of this account, only what helped, the most alike first."""

import pytest
from sqlalchemy import event

from services.errors import NotAllowed
from services.fixes.model import Suggestion
from services.fixes.scripts.model import Script
from services.intake.model import AdHoc, AdHocStarted, Call
from services.walks.model import Walk
from services.walks.settling import Settlement
from tests.services.fixes.conftest import Desk

JAM = "the printer in the hall jams after every second page"


async def resolved(
    desk: Desk, problem: str, notes: str, *, helpful: bool = True, fix: Suggestion | None = None
) -> Walk:
    """A call that was passed on and resolved; `fix` worked."""
    scene, team = desk.scene, desk.scene.team
    scene.clock.forward(hours=1)
    walk = await scene.build(problem)
    walk = await desk.walks.escalate(team.tech, walk, category="other", reason="Stuck.")
    if fix is not None:
        walk = (await desk.fixes.suggest(team.engineer, walk, fix)).walk
    said = None if fix is None else Settlement("applied_success")
    return await desk.walks.resolve(team.engineer, walk, helpful=helpful, notes=notes, fix=said)


async def test_what_helped_before_is_offered_the_most_alike_first(desk: Desk) -> None:
    mended = Suggestion(
        title="Turn the paper over", steps=("Open tray 2.",), script=Script("Get-Printer"), confidence=70
    )
    await resolved(desk, "the printer in the hall jams on every page", "Done.", fix=mended)
    await resolved(desk, "the printer jams", "Cleaned the rollers.")
    await resolved(desk, "nobody can reach the VPN", "Renewed the certificate.")
    await resolved(desk, "the printer in the hall jams badly", "Nothing helped.", helpful=False)
    walk = await desk.scene.build(JAM)
    found = await desk.similar.of(desk.scene.team.engineer, walk)
    assert [each.suggestion.title for each in found] == ["Turn the paper over", "Cleaned the rollers."]
    first = found[0].suggestion
    assert (first.origin, first.steps, first.script) == ("similar", ("Open tray 2.",), Script("Get-Printer"))
    assert "2026-03-02" in first.rationale
    assert set(found[0].why) >= {"jams", "hall", "printer"}
    assert 0 <= found[1].suggestion.confidence < first.confidence <= 100


async def test_the_same_remedy_is_offered_once(desk: Desk) -> None:
    for _ in range(3):
        await resolved(desk, "the printer in the hall jams", "Cleaned the rollers.")
    assert len(await desk.similar.of(desk.scene.team.engineer, await desk.scene.build(JAM))) == 1


async def test_a_call_of_another_account_or_this_one_is_no_example(desk: Desk) -> None:
    scene, team = desk.scene, desk.scene.team
    own = await resolved(desk, JAM, "Cleaned the rollers.")
    theirs = await scene.intake.take(team.their_owner, Call(problem=JAM), AdHoc())
    assert isinstance(theirs, AdHocStarted)
    assert await desk.similar.of(team.their_owner, theirs.walk) == ()
    assert await desk.similar.of(team.engineer, own) == ()
    with pytest.raises(NotAllowed):
        await desk.similar.of(team.tech, own)


async def test_what_was_found_can_be_suggested(desk: Desk) -> None:
    await resolved(desk, "the printer in the hall jams", "Cleaned the rollers, all four of them. " * 10)
    walk = await desk.escalated()
    (similar,) = await desk.similar.of(desk.scene.team.engineer, await desk.scene.build(JAM))
    case = await desk.fixes.suggest(desk.scene.team.engineer, walk, similar.suggestion)
    assert case.found.fixes[0].origin == "similar"
    assert case.found.fixes[0].title.endswith("…")


async def test_the_newest_are_found_by_an_index(desk: Desk) -> None:
    """Or a store with 100,000 calls would be read whole."""
    asked: list[str] = []
    database, walk = desk.scene.database, await desk.scene.build(JAM)

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    await desk.similar.of(desk.scene.team.engineer, walk)
    both = [each for each in asked if "LIMIT" in each and "sessions.resolved_at" in each]
    assert len(both) == 2
    if database.dialect == "sqlite":
        async with database.session() as session:
            explain = (await session.connection()).exec_driver_sql
            for statement, index in zip(both, ("ix_fixes_worked", "ix_sessions_helped"), strict=True):
                plan = (await explain(f"EXPLAIN QUERY PLAN {statement}", ("x",) * statement.count("?"))).all()
                assert any(index in str(row) for row in plan), plan
