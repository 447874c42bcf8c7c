"""The session's life, walked at random on both databases against a small model of it.

The model is a table of the flow's ways and a list of what was done; it knows nothing of the engine or the store.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID, uuid4

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from services.access import Actor
from services.errors import Conflict, Refused
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Reply, Verified, Walk
from tests.services.walks.scene import Scene

T = TypeVar("T")

YES, NO = Choose(0), Choose(1)
PASS, FLAG = Verified("callback_number_on_record", "rang back"), RedFlag("wrong number")

WAYS: dict[tuple[str, Reply], str] = {
    ("web", YES): "cached",
    ("web", NO): "who",
    ("web", CannotTell()): "serial",
    ("cached", Acknowledge()): "check",
    ("check", YES): "line",
    ("check", NO): "done",
    ("who", PASS): "reset",
    ("who", FLAG): "up",
    ("serial", Enter("AB1234")): "reset:identity",
    ("reset:identity", PASS): "reset",
    ("reset:identity", FLAG): "reset:identity:stop",
    ("reset", Acknowledge()): "check",
    ("line", Acknowledge()): "light",
    ("light", YES): "done",
    ("light", NO): "dead",
}
ENDS = ("done", "up", "dead", "reset:identity:stop")


@dataclass
class Model:
    """What should be true of the session."""

    pending: str = "web"
    verified: bool = False
    status: str = "active"
    technician: UUID = field(default_factory=uuid4)
    version: int = 1
    free_notes: bool = False
    path: list[tuple[UUID, str, bool]] = field(default_factory=list)
    """Step id, node id, taken back."""
    before: list[tuple[str, bool]] = field(default_factory=list)
    notes: dict[UUID, str] = field(default_factory=dict)
    claimed: bool = False

    @property
    def replies(self) -> list[Reply]:
        """What fits the pending node. A caller who is proved needs no gate."""
        return [reply for node, reply in WAYS if node == self.pending]

    def way(self, reply: Reply) -> str:
        to = WAYS[self.pending, reply]
        return "reset" if to == "reset:identity" and self.verified else to


class Life(RuleBasedStateMachine):
    scene: Scene
    loop: asyncio.AbstractEventLoop

    def __init__(self) -> None:
        super().__init__()
        self.old: Walk | None = None
        self.walk: Walk = self.run(self.scene.start_flow())
        self.model = Model(technician=self.scene.team.tech.user_id)

    def run(self, doing: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(doing)

    @property
    def holder(self) -> Actor:
        """Who has the call."""
        return self.scene.team.tech if self.model.technician == self.scene.team.tech.user_id else self.scene.team.second

    def seasoned(self) -> bool:
        """Enough has happened that the end may come: a life that ends at once shows nothing."""
        return len(self.model.path) >= 8

    def changed(self, walk: Walk) -> None:
        self.old, self.walk = self.walk, walk
        self.model.version += 1

    def walking(self) -> bool:
        return self.model.status == "active" and not self.model.free_notes

    @precondition(lambda self: self.walking() and self.model.pending not in ENDS)
    @rule(data=st.data(), notes=st.lists(st.none() | st.text(min_size=1, max_size=5), min_size=1, max_size=6))
    def answer(self, data: st.DataObject, notes: list[str | None]) -> None:
        """Several in a row: what is deep in the flow is reached too."""
        for note in notes:
            if self.model.pending in ENDS:
                break
            self.answer_once(data.draw(st.sampled_from(self.model.replies)), note)

    def answer_once(self, reply: Reply, note: str | None) -> None:
        step_id, node_id = uuid4(), self.model.pending
        self.model.before.append((node_id, self.model.verified))
        self.model.pending = self.model.way(reply)
        self.model.verified = reply == PASS or (self.model.verified and reply != FLAG)
        self.model.path.append((step_id, node_id, False))
        self.changed(
            self.run(
                self.scene.walks.answer(self.holder, self.walk, reply, node_id=node_id, step_id=step_id, note=note)
            )
        )

    @precondition(
        lambda self: self.old is not None and self.walking() and self.model.path and not self.model.path[-1][2]
    )
    @rule()
    def repeat_the_last_answer(self) -> None:
        """A retry with the same step id adds nothing and says so, whatever version it was made against."""
        assert self.old is not None
        step_id, node_id, _ = self.model.path[-1]
        if self.old.pending is None or self.old.pending.id != node_id or self.old.status != "active":
            return
        reply = next(reply for node, reply in WAYS if node == node_id)
        holder = (
            self.scene.team.tech if self.old.technician.id == self.scene.team.tech.user_id else self.scene.team.second
        )
        again = self.run(self.scene.walks.answer(holder, self.old, reply, step_id=step_id))
        assert again.repeated
        assert again == self.walk

    @precondition(lambda self: self.old is not None and self.walking() and self.model.pending not in ENDS)
    @rule()
    def answer_against_an_old_version(self) -> None:
        assert self.old is not None
        replies = [reply for node, reply in WAYS if self.old.pending is not None and node == self.old.pending.id]
        if not replies or self.old.status != "active" or self.old.technician.id != self.holder.user_id:
            return
        with pytest.raises(Conflict) as refused:
            self.run(self.scene.walks.answer(self.holder, self.old, replies[0]))
        assert refused.value.by == self.walk.changed_by.name

    @precondition(lambda self: self.walking())
    @rule()
    def answer_a_node_that_is_not_pending(self) -> None:
        with pytest.raises(Refused):
            self.run(self.scene.walks.answer(self.holder, self.walk, Choose(0), node_id="gone"))

    @precondition(lambda self: self.model.status == "active")
    @rule()
    def back(self) -> None:
        taken = [place for place, step in enumerate(self.model.path) if not step[2]]
        if self.model.free_notes:
            self.model.free_notes = False
        elif not taken:
            with pytest.raises(Refused):
                self.run(self.scene.walks.back(self.holder, self.walk))
            return
        else:
            step_id, node_id, _ = self.model.path[taken[-1]]
            self.model.path[taken[-1]] = (step_id, node_id, True)
            self.model.pending, self.model.verified = self.model.before.pop()
        self.changed(self.run(self.scene.walks.back(self.holder, self.walk)))

    @precondition(lambda self: self.model.status == "active")
    @rule(text=st.text(max_size=20), again=st.booleans())
    def note(self, text: str, again: bool) -> None:
        note_id = next(iter(self.model.notes)) if again and self.model.notes else uuid4()
        author = next((note.by.id for note in self.walk.notes if note.id == note_id), self.holder.user_id)
        if author != self.holder.user_id:
            with pytest.raises(Refused):
                self.run(self.scene.walks.save_note(self.holder, self.walk, note_id, text))
            return
        self.model.notes[note_id] = text
        self.changed(self.run(self.scene.walks.save_note(self.holder, self.walk, note_id, text)))

    @precondition(lambda self: self.walking())
    @rule()
    def to_notes(self) -> None:
        self.model.free_notes = True
        self.changed(self.run(self.scene.walks.to_notes(self.holder, self.walk)))

    @precondition(lambda self: self.model.status == "active")
    @rule()
    def pause(self) -> None:
        self.model.status = "paused"
        self.changed(self.run(self.scene.walks.pause(self.holder, self.walk)))

    @precondition(lambda self: self.model.status == "paused")
    @rule()
    def answer_while_paused(self) -> None:
        with pytest.raises(Refused):
            self.run(self.scene.walks.answer(self.holder, self.walk, Acknowledge()))

    @precondition(lambda self: self.model.status in {"active", "paused"})
    @rule(colleague=st.booleans())
    def take(self, colleague: bool) -> None:
        taker = self.holder
        if colleague:
            taker = self.scene.team.second if self.holder == self.scene.team.tech else self.scene.team.tech
        if self.model.status == "active" and not colleague:
            return
        self.model.status, self.model.technician = "active", taker.user_id
        self.changed(self.run(self.scene.walks.take(taker, self.walk)))

    @precondition(lambda self: self.model.status in {"active", "paused", "resolved"})
    @rule(how=st.sampled_from([None, "warm", "cold", "callback"]))
    def escalate(self, how: Any) -> None:
        self.model.status, self.model.claimed = "escalated", False
        doing = self.scene.walks.escalate(self.holder, self.walk, category="needs_access", reason="no rights", how=how)
        self.changed(self.run(doing))

    @precondition(lambda self: self.model.status == "escalated")
    @rule()
    def claim(self) -> None:
        again = self.model.claimed
        self.model.claimed = True
        claimed = self.run(self.scene.escalations.claim(self.scene.team.engineer, self.walk))
        assert claimed.repeated == again
        if again:
            self.walk = claimed
        else:
            self.changed(claimed)

    @precondition(lambda self: self.model.status == "escalated")
    @rule()
    def hand_back(self) -> None:
        self.model.status, self.model.claimed = "active", False
        self.changed(
            self.run(self.scene.escalations.hand_back(self.scene.team.engineer, self.walk, "ask for the serial"))
        )

    @precondition(lambda self: self.model.status in {"active", "paused", "escalated"} and self.seasoned())
    @rule(helpful=st.booleans())
    def resolve(self, helpful: bool) -> None:
        self.model.status = "resolved"
        self.changed(
            self.run(self.scene.walks.resolve(self.scene.team.owner, self.walk, helpful=helpful, notes="fine"))
        )

    @precondition(lambda self: self.model.status == "resolved")
    @rule()
    def resolve_twice(self) -> None:
        with pytest.raises(Refused):
            self.run(self.scene.walks.resolve(self.scene.team.owner, self.walk, helpful=True, notes="again"))

    @precondition(lambda self: self.model.status in {"active", "paused"} and self.seasoned())
    @rule()
    def abandon(self) -> None:
        self.model.status = "abandoned"
        self.changed(self.run(self.scene.walks.abandon(self.holder, self.walk)))

    @precondition(lambda self: self.model.status == "abandoned")
    @rule(doing=st.sampled_from(["take", "pause", "abandon", "resolve", "escalate", "note"]))
    def nothing_more_once_abandoned(self, doing: str) -> None:
        walks, walk = self.scene.walks, self.walk
        refused: Mapping[str, Callable[[], Coroutine[Any, Any, object]]] = {
            "take": lambda: walks.take(self.holder, walk),
            "pause": lambda: walks.pause(self.holder, walk),
            "abandon": lambda: walks.abandon(self.holder, walk),
            "resolve": lambda: walks.resolve(self.holder, walk, helpful=True, notes=""),
            "escalate": lambda: walks.escalate(self.holder, walk, category="other", reason="x"),
            "note": lambda: walks.save_note(self.holder, walk, uuid4(), "x"),
        }
        with pytest.raises(Refused):
            self.run(refused[doing]())

    @invariant()
    def the_store_says_the_same(self) -> None:
        """What the change gave back is what opening the session gives, and both are what the model says."""
        stored = self.run(self.scene.walks.open(self.scene.team.owner, self.walk.id))
        assert stored == self.walk
        model = self.model
        assert (stored.status, stored.state_version) == (model.status, model.version)
        assert stored.technician.id == model.technician
        assert [(step.step_id, step.pending.id, step.taken_back) for step in stored.path] == model.path
        assert {note.id: note.text for note in stored.notes} == model.notes
        shown = None if model.free_notes or model.status in {"resolved", "abandoned"} else model.pending
        assert (None if stored.pending is None else stored.pending.id) == shown
        assert stored.verified == model.verified
        assert (stored.claim is not None) == (model.claimed and model.status in {"escalated", "resolved"})


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_any_life_of_a_session_is_what_the_model_says(kind: str, request: pytest.FixtureRequest) -> None:
    url = str(request.getfixturevalue(f"migrated_{kind}_url"))
    loop = asyncio.new_event_loop()
    scene = loop.run_until_complete(Scene.set(url))

    class HereAndNow(Life):
        pass

    HereAndNow.scene, HereAndNow.loop = scene, loop
    try:
        run_state_machine_as_test(
            HereAndNow,
            settings=settings(max_examples=40, stateful_step_count=30, deadline=None, phases=[Phase.generate]),
        )
    finally:
        loop.run_until_complete(scene.database.dispose())
        loop.close()
