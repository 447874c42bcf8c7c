"""A walk of a flow that nobody is called for: to see what a technician would. Nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.access import Act, Actor
from services.access.acting import reading
from services.errors import Refused
from services.flows.library import Library
from services.flows.nodes import Flow, Link
from services.team.settings import values
from services.walks.engine import Position, advance, said, start
from services.walks.model import Pending, Reply
from storage.database import Database

_TRIED = ""
"""What the tried flow itself is known by; no slug is empty."""
_WITHOUT_THEM = ("start", "next")
"""The rules of lint that a flow has to keep to be walked at all."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One answer, and where it was given."""

    position: Position
    pending: Pending
    label: str


@dataclass(frozen=True, slots=True)
class Trial:
    flows: Mapping[str, Flow]
    """The tried one, and by slug those that may be linked to."""
    methods: Mapping[str, str]
    """The account's ways of proving a caller, key to words."""
    position: Position
    steps: tuple[Tried, ...] = ()

    @property
    def pending(self) -> Pending:
        if self.position.pending is None:
            raise RuntimeError("a flow always has a next node")
        return self.position.pending

    @property
    def where(self) -> str:
        """The flow that is walked; a linked one behind the one that it returns to."""
        return " › ".join(self.flows[frame.tree].title for frame in self.position.frames)

    def answer(self, reply: Reply) -> "Trial":
        """Raises Refused where that does not answer the node."""
        node = self.pending.node
        linked = self.flows.get(node.flow) if isinstance(node, Link) else None
        told = said(self.pending, reply, methods=self.methods, built=False, behind=linked is not None)
        to = (node.flow, linked) if isinstance(node, Link) and linked is not None else None
        step = Tried(self.position, self.pending, told.label)
        return replace(self, position=advance(self.position, reply, self.flows, linked=to), steps=(*self.steps, step))

    def back(self) -> "Trial":
        """Before the last answer."""
        return replace(self, position=self.steps[-1].position, steps=self.steps[:-1]) if self.steps else self


class Trials:
    def __init__(self, database: Database, library: Library) -> None:
        self._database = database
        self._library = library

    async def begin(self, actor: Actor, flow: Flow) -> Trial:
        """At its first node. Raises Refused where one of its ways leads nowhere."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            faults = await self._library.faults(read, flow)
            methods = (await values(read)).identity_methods
            linked = any(isinstance(node, Link) for node in flow.nodes.values())
            known = {each.flow.slug: each.flow for each in await self._library.published(read)} if linked else {}
        if nowhere := [fault for fault in faults if fault.rule in _WITHOUT_THEM]:
            raise Refused(f"this cannot be walked yet: {nowhere[0]}", "Mend that first.")
        flows = {**known, _TRIED: flow}
        return Trial(flows, methods, start(_TRIED, flows))
