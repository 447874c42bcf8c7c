"""How a call gets its ticket and its session: together, again, by somebody who left; on both databases."""

import asyncio
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from services.access import Actor
from services.clock import utc_now
from services.errors import NotAllowed, NotFound, Refused
from services.intake.model import (
    AdHoc,
    AlreadyBegun,
    BuildAnyway,
    Call,
    Decide,
    EscalateAtOnce,
    EscalatedAtOnce,
    InHand,
    OutOfScope,
    Suggest,
    TakeFlow,
    Wish,
)
from services.intake.service import Intake
from services.replay.record import recorded_script
from services.team.accounts import Accounts
from services.team.users import Users
from services.walks.model import Walk
from storage import tables
from tests.services.people import audited
from tests.services.walks.scene import Scene

PRINTER = "the printer shows offline and nothing prints"
WISHES: list[Wish] = [AdHoc(), BuildAnyway(), TakeFlow("life"), EscalateAtOnce("other", "smoke")]


async def take(scene: Scene, call: Call, wish: Wish = AdHoc(), by: Actor | None = None) -> Walk:  # noqa: B008  # frozen
    outcome = await scene.intake.take(by or scene.team.tech, call, wish)
    assert not isinstance(outcome, Suggest | OutOfScope)
    return outcome.walk


async def counted(scene: Scene) -> tuple[int, int]:
    """Sessions and tickets in the store."""
    async with scene.database.session(read_only=True) as session:
        sessions = (await session.scalars(select(func.count()).select_from(tables.Session))).one()
        tickets = (await session.scalars(select(func.count()).select_from(tables.Ticket))).one()
    return sessions, tickets


async def test_of_several_who_take_one_psa_ticket_at_once_one_gets_it_and_the_others_are_told_who(scene: Scene) -> None:
    people = [scene.team.tech, scene.team.second, scene.team.covering, scene.team.admin]
    calls = (take(scene, Call(problem="x", psa_ticket="42"), by=each) for each in people)
    ends = await asyncio.gather(*calls, return_exceptions=True)
    (walk,) = (each for each in ends if isinstance(each, Walk))
    others = [each for each in ends if isinstance(each, InHand)]
    assert len(others) == 3
    assert all(walk.technician.name in str(each) and each.walk.id == walk.id for each in others)
    assert await counted(scene) == (1, 1)


async def test_of_two_who_open_one_ticket_of_the_queue_at_once_one_gets_it(scene: Scene) -> None:
    first = await take(scene, Call(problem="x", psa_ticket="42"))
    await scene.walks.abandon(scene.team.tech, first)
    people = [scene.team.tech, scene.team.second]
    calls = (take(scene, Call(problem="x", ticket_id=first.ticket.id), by=each) for each in people)
    ends = await asyncio.gather(*calls, return_exceptions=True)
    assert sorted(type(each).__name__ for each in ends) == ["InHand", "Walk"]


async def test_a_paused_call_keeps_its_ticket_and_an_abandoned_one_lets_it_go(scene: Scene) -> None:
    tech, second = scene.team.tech, scene.team.second
    walk = await scene.walks.pause(tech, await take(scene, Call(problem="x", psa_ticket="42")))
    with pytest.raises(InHand, match=f"{tech.name} has a call about it since .*, paused"):
        await take(scene, Call(problem="x", psa_ticket=" #0042 "), by=second)
    await scene.walks.abandon(tech, walk)
    assert (await take(scene, Call(problem="x", psa_ticket="42"), by=second)).ticket.id == walk.ticket.id


@pytest.mark.parametrize("number", ["", " ", "\t\n", "7" * 101])
async def test_a_ticket_number_that_is_none_is_refused(scene: Scene, number: str) -> None:
    with pytest.raises(Refused, match="number"):
        await take(scene, Call(problem="x", psa_ticket=number))
    assert await counted(scene) == (0, 0)


async def test_a_new_call_leaves_an_escalated_ticket_with_the_engineers(scene: Scene) -> None:
    first = await take(scene, Call(problem="x", psa_ticket="42"), EscalateAtOnce("other", "smoke"))
    second = await take(scene, Call(problem="x again", psa_ticket=" 42 "), by=scene.team.second)
    assert (first.ticket.id, "escalated", "active") == (second.ticket.id, second.ticket.status, second.status)
    assert "no engineer has claimed it yet" in (second.warning or "")


async def test_a_resolved_ticket_takes_no_new_call(scene: Scene) -> None:
    first = await take(scene, Call(problem="x"))
    await scene.walks.resolve(scene.team.tech, first, helpful=True, notes="")
    with pytest.raises(Refused, match="resolved"):
        await take(scene, Call(problem="x", ticket_id=first.ticket.id))
    assert await counted(scene) == (1, 1)


async def test_what_is_typed_of_a_second_caller_stays_with_their_call(scene: Scene) -> None:
    first = await take(scene, Call(problem="x", customer="Acme", contact="Ann 555-0100"))
    second = await take(scene, Call(problem="y", contact="Bob 555-0199", ticket_id=first.ticket.id))
    assert (second.customer, second.contact) == ("Acme", "Bob 555-0199")
    assert (await scene.walks.open(scene.team.tech, first.id)).contact == "Ann 555-0100"


@pytest.mark.parametrize(
    ("field", "call"),
    [("customer", Call(problem="x", customer="x" * 5000)), ("contact", Call(problem="x", contact="x" * 5000))],
)
async def test_an_endless_line_is_refused(scene: Scene, field: str, call: Call) -> None:
    with pytest.raises(Refused, match=f"the {field} is 5,000 characters long"):
        await take(scene, call)


async def test_secrets_of_the_call_are_not_stored(scene: Scene) -> None:
    call = Call(problem=f"{PRINTER}, my password is Hunter2!", contact="password: Hunter2!")
    walk = await take(scene, call, BuildAnyway())
    (entry,) = await scene.queue.listed(scene.team.tech)
    for text in (walk.problem_text, walk.contact, entry.problem, entry.contact):
        assert "password" in text or "printer" in text
        assert "Hunter2" not in text


async def test_a_call_escalated_at_once_is_recorded_as_such_by_the_clock_on_the_wall_too(scene: Scene) -> None:
    intake = Intake(scene.database, utc_now, scene.library, scene.walks)
    outcome = await intake.take(scene.team.tech, Call(problem="fire"), EscalateAtOnce("other", "smoke"))
    assert not isinstance(outcome, Suggest | OutOfScope)
    assert "at_once: true" in recorded_script(outcome.walk)


@pytest.mark.parametrize("wish", WISHES)
async def test_a_call_taken_again_is_the_same_walk(scene: Scene, wish: Wish) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    first, again = [await scene.intake.take(scene.team.tech, call, wish) for _ in range(2)]
    assert type(first) is type(again)
    assert not isinstance(first, Suggest | OutOfScope)
    assert not isinstance(again, Suggest | OutOfScope)
    assert (first.walk.id, first.walk.repeated, again.walk.repeated) == (call.session_id, False, True)
    assert again.walk == first.walk
    assert await counted(scene) == (1, 1)
    assert len(await audited(scene.database, scene.team.owner, "l1.session.start")) == 1


@pytest.mark.parametrize("wish", WISHES)
async def test_a_call_taken_several_times_at_once_begins_once(scene: Scene, wish: Wish) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    walks = await asyncio.gather(*(take(scene, call, wish) for _ in range(4)))
    assert {walk.id for walk in walks} == {call.session_id}
    assert sorted(walk.repeated for walk in walks) == [False, True, True, True]
    assert await counted(scene) == (1, 1)


@pytest.mark.parametrize("first", WISHES)
@pytest.mark.parametrize("then", [*WISHES, TakeFlow("line")])
async def test_a_call_taken_again_otherwise_is_refused(scene: Scene, first: Wish, then: Wish) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    walk = await take(scene, call, first)
    if first == then:
        assert (await take(scene, call, then)).repeated
        return
    with pytest.raises(AlreadyBegun, match="otherwise than asked for now"):
        await take(scene, call, then)
    with pytest.raises(AlreadyBegun, match="otherwise than asked for now"):
        await take(scene, Call(problem="another caller", session_id=call.session_id), first)
    assert await scene.walks.open(scene.team.tech, walk.id) == walk
    assert await counted(scene) == (1, 1)


@pytest.mark.parametrize(("first", "given"), [(BuildAnyway(), True), (TakeFlow("life"), True), (AdHoc(), False)])
async def test_whoever_leaves_it_to_intake_gets_what_was_matched_or_built(
    scene: Scene, first: Wish, given: bool
) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    walk = await take(scene, call, first)
    if given:
        assert await take(scene, call, Decide()) == walk
    else:
        with pytest.raises(AlreadyBegun):
            await take(scene, call, Decide())


async def test_a_colleagues_call_is_not_given_to_whoever_names_its_id(scene: Scene) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    await take(scene, call)
    with pytest.raises(AlreadyBegun, match="tina has it"):
        await take(scene, call, by=scene.team.second)


async def test_two_people_with_one_id_at_once_have_one_call(scene: Scene) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    people = [scene.team.tech, scene.team.second]
    taken = await asyncio.gather(*(take(scene, call, by=each) for each in people), return_exceptions=True)
    assert sorted(type(each).__name__ for each in taken) in (["AlreadyBegun", "Walk"], ["NotFound", "Walk"])
    assert (await counted(scene))[0] == 1


async def test_an_id_of_another_account_is_told_like_one_that_nobody_has(scene: Scene) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    await take(scene, call)
    for wish in (AdHoc(), BuildAnyway(), EscalateAtOnce("other", "smoke")):
        with pytest.raises(NotFound) as told:
            await take(scene, call, wish, by=scene.team.their_tech)
        assert str(told.value) == "Not found: there is no such id. Begin again with another one."
    assert await counted(scene) == (1, 1)


async def test_somebody_who_was_disabled_neither_matches_nor_takes_calls(scene: Scene) -> None:
    call = Call(problem=PRINTER, session_id=uuid4())
    await take(scene, call)
    await Users(scene.database, scene.clock).disable(scene.team.owner, scene.team.tech.name)
    with pytest.raises(NotAllowed, match="not an active user"):
        await scene.intake.match(scene.team.tech, PRINTER)
    for asked, wish in ((call, AdHoc()), (Call(problem=PRINTER), BuildAnyway()), (Call(problem=PRINTER), AdHoc())):
        with pytest.raises(NotAllowed, match="not an active user"):
            await take(scene, asked, wish)


async def test_a_call_escalated_at_once_again_warns_again_that_nobody_is_there(scene: Scene) -> None:
    await Accounts(scene.database, scene.clock).establish("Solo", "sol")
    sol = await Users(scene.database, scene.clock).actor("Solo/sol")
    call = Call(problem="fire", session_id=uuid4())
    for repeated in (False, True):
        outcome = await scene.intake.take(sol, call, EscalateAtOnce("other", "smoke"))
        assert isinstance(outcome, EscalatedAtOnce)
        assert (outcome.walk.repeated, "Nobody else" in (outcome.walk.warning or "")) == (repeated, True)
