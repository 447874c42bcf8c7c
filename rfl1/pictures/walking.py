"""Walking, ending and passing on a call by the keys of its screens."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from textual.screen import Screen

from rfl1.pictures.seat import NoKey, Seat
from rfl1.pictures.sitting import Sitting
from screens.escalate import EscalateScreen
from screens.fields import Choice, Line
from screens.hand_back import HandBackScreen
from screens.node import NodePane
from screens.notes import NotesPane
from screens.offers import DOUBTING, PROVING, SURE, Do, Doubt, Offer, Prove, Send
from screens.resolve import ResolveScreen
from screens.rows import Rows
from screens.session import SessionScreen
from screens.walk import WalkScreen
from screens.words import HOW
from screens.writing import Writing
from services.access import Actor
from services.walks.model import Acknowledge, Enter, HandOver, RedFlag, Reply, Verified, Walk
from services.walks.settling import Settlement

S = TypeVar("S", bound=Screen[Any])


class _ByKeys:
    def __init__(self, sitting: Sitting) -> None:
        self._sitting = sitting
        self._services = sitting.services

    async def _either(
        self, actor: Actor, by_keys: Callable[[Seat], Awaitable[Walk]], otherwise: Callable[[], Awaitable[Walk]]
    ) -> Walk:
        """What the screens refuse by having no key for it, the service refuses in its own words."""
        seat = await self._sitting.seat(actor)
        try:
            return await by_keys(seat)
        except NoKey as without:
            walk = await otherwise()
            self._sitting.say(f"{without}; done without")
        await show(seat, walk)
        return walk


class WalksByKeys(_ByKeys):
    async def open(self, actor: Actor, session_id: UUID) -> Walk:
        return await self._services.walks.open(actor, session_id)

    async def answer(
        self, actor: Actor, walk: Walk, reply: Reply, *, step_id: UUID | None = None, note: str | None = None
    ) -> Walk:
        answer = self._services.walks.answer
        return await self._either(
            actor,
            lambda seat: _answer(seat, walk, reply, note),
            lambda: answer(actor, walk, reply, step_id=step_id, note=note),
        )

    async def next_node(self, actor: Actor, walk: Walk, *, by_playbook: bool = False) -> Walk:
        make = self._services.walks.next_node
        return await self._either(
            actor, lambda seat: _next_node(seat, walk, by_playbook), lambda: make(actor, walk, by_playbook=by_playbook)
        )

    async def back(self, actor: Actor, walk: Walk) -> Walk:
        by_keys = partial(_press, walk=walk, service="walks.back", action="walk.take_back")
        return await self._either(actor, by_keys, lambda: self._services.walks.back(actor, walk))

    async def to_notes(self, actor: Actor, walk: Walk) -> Walk:
        by_keys = partial(_press, walk=walk, service="walks.to_notes", action="walk.only_notes")
        return await self._either(actor, by_keys, lambda: self._services.walks.to_notes(actor, walk))

    async def pause(self, actor: Actor, walk: Walk) -> Walk:
        by_keys = partial(_press, walk=walk, service="walks.pause", action="walk.pause")
        return await self._either(actor, by_keys, lambda: self._services.walks.pause(actor, walk))

    async def take(self, actor: Actor, walk: Walk) -> Walk:
        return await self._either(
            actor, lambda seat: _resume(seat, walk), lambda: self._services.walks.take(actor, walk)
        )

    async def save_note(self, actor: Actor, walk: Walk, note_id: UUID, text: str) -> Walk:
        save = self._services.walks.save_note
        return await self._either(
            actor, lambda seat: _write(seat, walk, text), lambda: save(actor, walk, note_id, text)
        )

    async def resolve(
        self, actor: Actor, walk: Walk, *, helpful: bool, notes: str, fix: Settlement | None = None
    ) -> Walk:
        resolve = self._services.walks.resolve
        if fix is not None:
            return await resolve(actor, walk, helpful=helpful, notes=notes, fix=fix)
        return await self._either(
            actor,
            lambda seat: _resolve(seat, walk, helpful, notes),
            lambda: resolve(actor, walk, helpful=helpful, notes=notes),
        )

    async def escalate(
        self, actor: Actor, walk: Walk, *, category: str, reason: str, how: HandOver | None = None
    ) -> Walk:
        escalate = self._services.walks.escalate
        return await self._either(
            actor,
            lambda seat: _escalate(seat, walk, category, reason, how),
            lambda: escalate(actor, walk, category=category, reason=reason, how=how),
        )


class EscalationsByKeys(_ByKeys):
    async def claim(self, actor: Actor, walk: Walk) -> Walk:
        return await self._either(
            actor, lambda seat: _claim(seat, walk), lambda: self._services.escalations.claim(actor, walk)
        )

    async def hand_back(self, actor: Actor, walk: Walk, instruction: str) -> Walk:
        hand_back = self._services.escalations.hand_back
        return await self._either(
            actor, lambda seat: _hand_back(seat, walk, instruction), lambda: hand_back(actor, walk, instruction)
        )


async def show(seat: Seat, walk: Walk) -> None:
    """What was done without a key, seen by the person who would have pressed it."""
    with suppress(NoKey):
        await seat.reach(walk)
        await seat.do("page.refresh")
    seat.picture()


async def escalation(seat: Seat, category: str, reason: str, how: HandOver | None) -> None:
    """Fills in the form that is on the screen."""
    screen = _on(seat, EscalateScreen)
    await seat.highlight(screen.query_one("#categories", Rows), category)
    await seat.fill(screen.query_one("#text", Writing), reason)
    await seat.choose(screen.query_one(Choice), [value for value, _, _ in HOW].index(how))


async def _at(seat: Seat, walk: Walk, kind: type[S]) -> S:
    """This call's screen of that kind, with letters for commands."""
    await seat.reach(walk)
    screen = _on(seat, kind)
    await seat.leave_fields()
    return screen


def _on(seat: Seat, kind: type[S]) -> S:
    screen = seat.app.screen
    if not isinstance(screen, kind):
        raise NoKey(f"{type(screen).__name__} is shown and not {kind.__name__}")
    return screen


async def _press(seat: Seat, walk: Walk, service: str, action: str) -> Walk:
    await _at(seat, walk, WalkScreen)
    return await seat.change(service, action)


async def _next_node(seat: Seat, walk: Walk, by_playbook: bool) -> Walk:
    """The screen asks for it by itself; another try and the playbook take a key."""
    if by_playbook:
        return await _press(seat, walk, "walks.next_node", "walk.playbook")
    if "walks.next_node" in seat.came:
        made: Walk = seat.told("walks.next_node")
        return made
    return await _press(seat, walk, "walks.next_node", "walk.again")


async def _resume(seat: Seat, walk: Walk) -> Walk:
    """A call of one's own goes on when it is opened, a colleague's when that is confirmed."""
    seat.came.clear()
    await seat.reach(walk)
    if "walks.take" in seat.came:
        taken: Walk = seat.told("walks.take")
        return taken
    await _at(seat, walk, SessionScreen)
    return await seat.change("walks.take", "session.go_on")


async def _answer(seat: Seat, walk: Walk, reply: Reply, note: str | None) -> Walk:
    pane = (await _at(seat, walk, WalkScreen)).query_one(NodePane)
    if pane.offered in (PROVING, DOUBTING, SURE):
        await seat.do("page.back")
    if note is not None:
        await _note_step(seat, note)
    match reply:
        case Verified(method, evidence):
            await _open(seat, pane, Prove(method), evidence)
            last: Do = Send()
        case RedFlag(text):
            await _open(seat, pane, Doubt(), text)
            last = Send()
        case Enter(value):
            _offer(pane, Send())
            await seat.fill(pane.query_one("#value", Line), value)
            last = Send()
        case _:
            last = reply
    action = _offer(pane, last).actions[0]
    asked_twice = last == Acknowledge() and walk.pending is not None and walk.pending.node.risk == "confirm"
    return await seat.change("walks.answer", *[action] * (2 if asked_twice else 1))


async def _open(seat: Seat, pane: NodePane, asked: Prove | Doubt, text: str) -> None:
    """The question within a question, and its field filled in."""
    await seat.do(_offer(pane, asked).actions[0])
    await seat.fill(pane.query_one("#value", Line), text)


def _offer(pane: NodePane, do: Do) -> Offer:
    offer = next((each for each in pane.offered if each.do == do), None)
    if offer is None:
        raise NoKey(f"the node offers no {type(do).__name__}")
    return offer


async def _note_step(seat: Seat, text: str) -> None:
    screen = _on(seat, WalkScreen)
    seat.came.clear()
    await seat.do("walk.note")
    await seat.fill(screen.query_one("#step-note", Line), text)
    await seat.do("field.submit")
    with suppress(NoKey):  # it was there before
        seat.told("walks.note_step")
    await seat.leave_fields()


async def _write(seat: Seat, walk: Walk, text: str) -> Walk:
    screen = await _at(seat, walk, WalkScreen)
    beside = not screen.live.walk.free_notes
    if beside and not screen.query_one(NotesPane).display:
        await seat.do("walk.notes")
    seat.came.clear()
    await seat.fill(screen.query_one("#entry", Writing), text)
    seat.picture()
    await seat.do("notes.finish")
    if beside:
        await seat.leave_fields()
        await seat.do("walk.notes")
    seat.picture()
    written: Walk = seat.told("walks.save_note")
    return written


async def _resolve(seat: Seat, walk: Walk, helpful: bool, notes: str) -> Walk:
    await seat.reach(walk)
    await seat.leave_fields()
    await seat.do("session.resolve" if isinstance(seat.app.screen, SessionScreen) else "walk.resolve")
    form = _on(seat, ResolveScreen)
    await seat.fill(form.query_one("#text", Writing), notes)
    await seat.choose(form.query_one(Choice), 0 if helpful else 1)
    return await seat.change("walks.resolve", "form.confirm")


async def _escalate(seat: Seat, walk: Walk, category: str, reason: str, how: HandOver | None) -> Walk:
    await _at(seat, walk, WalkScreen)
    await seat.do("walk.escalate")
    await escalation(seat, category, reason, how)
    return await seat.change("walks.escalate", "form.confirm")


async def _claim(seat: Seat, walk: Walk) -> Walk:
    await _at(seat, walk, SessionScreen)
    return await seat.change("escalations.claim", "session.claim")


async def _hand_back(seat: Seat, walk: Walk, instruction: str) -> Walk:
    await _at(seat, walk, SessionScreen)
    await seat.do("session.hand_back")
    await seat.fill(_on(seat, HandBackScreen).query_one("#text", Writing), instruction)
    return await seat.change("escalations.hand_back", "form.confirm")
