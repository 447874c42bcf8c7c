"""One case played against a builder, by the same rules as a real call: checked, gated, with the same limits."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID, uuid4

from services.access import Actor
from services.builder.protocol import BuildContext, Builder, BuildFailed, Built, Show, Taken, Unusable
from services.builder.rules import AT_THE_CAP, NOT_SAFE, TOO_EARLY, check, usable
from services.errors import Unsafe
from services.flows.nodes import Instruction, Node, Question
from services.scorecard.caller import Caller
from services.scorecard.case import Case
from services.walks.building import LIMIT
from services.walks.engine import GATE, STOP

CAP = 12
"""Steps, as an account has them until it says otherwise."""
NOBODY = Actor(UUID(int=0), UUID(int=0), "scorecard", "l1_tech")
"""Has no account, and no store knows them."""


Refused = Literal["unsafe", "early", "unusable"]
"""By the hard floor; as calling it solved before anybody has looked; as no step at all."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A node as the builder gave it, whatever became of it."""

    node: Node
    origin: str
    ms: float
    refused: Refused | None = None
    """Why it was not shown."""
    complaint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    case: Case
    id: UUID
    """Of the made-up session."""
    steps: tuple[Taken, ...]
    offered: tuple[Offered, ...]
    garbled: int
    """Answers of the model of which no node could be made."""
    end: Built | None
    """The outcome; None where no node came."""
    failed: str = ""
    """Why none came."""
    gone: bool
    """The trouble was, in the end."""
    unsure: int
    """Questions answered with "can't tell"."""
    unforeseen: int
    """Those of them to which the case has nothing to say."""


@dataclass(slots=True)
class _Watched:
    """A builder that keeps what it gave, also what the rules refuse."""

    builder: Builder
    offered: list[Offered] = field(default_factory=list)
    garbled: int = 0

    def at_hand(self, context: BuildContext) -> Built | None:
        built = self.builder.at_hand(context)
        return None if built is None else self._kept(built, context, 0.0)

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        begun = time.perf_counter()
        try:
            built = await self.builder.build(context, show)
        except Unusable:
            self.garbled += 1
            raise
        return self._kept(built, context, (time.perf_counter() - begun) * 1000)

    def _kept(self, built: Built, context: BuildContext, ms: float) -> Built:
        try:
            check(built, context)
        except (Unsafe, Unusable) as found:
            self.offered.append(Offered(built.node, built.origin, ms, _kind(found), found.detail))
        else:
            self.offered.append(Offered(built.node, built.origin, ms))
        return built


def _kind(found: Unsafe | Unusable) -> Refused:
    if found.detail == TOO_EARLY:
        return "early"
    return "unsafe" if isinstance(found, Unsafe) else "unusable"


class _Call:
    def __init__(self, case: Case, builder: Builder) -> None:
        self.case = case
        self.id = uuid4()
        self.watched = _Watched(builder)
        self.caller = Caller(case)
        self.steps: list[Taken] = []
        self.verified = False
        self.unsure = self.unforeseen = 0

    async def end(self) -> Built:
        """Leads the call to its outcome. Raises BuildFailed."""
        while True:
            built = await self._next()
            if built.node.needs_identity and not self.verified:
                if not self.case.proved:
                    self._take(Built(GATE, built.origin), "red_flag", "Not proved")
                    return Built(STOP, built.origin)
                self._take(Built(GATE, built.origin), "callback", "Called back on the number on record")
                self.verified = True
            match built.node:
                case Question() as question:
                    self._ask(question, built)
                case Instruction() as instruction:
                    self.caller.do(instruction)
                    self._take(built, "ack", "Done")
                case _:
                    return built

    async def _next(self) -> Built:
        if len(self.steps) >= CAP:
            return AT_THE_CAP
        context = BuildContext(
            session_id=self.id,
            category=self.case.category,
            problem=self.case.problem,
            steps=tuple(self.steps),
            verified=self.verified,
            actor=NOBODY,
        )
        built = self.watched.at_hand(context)
        if built is not None:
            return NOT_SAFE if self.watched.offered[-1].refused else built
        try:
            async with asyncio.timeout(LIMIT):
                return await usable(self.watched, context)
        except TimeoutError as error:
            raise BuildFailed("no next step was made in time") from error

    def _ask(self, question: Question, built: Built) -> None:
        said = self.caller.answer(question)
        self.unsure += said.index is None
        self.unforeseen += not said.foreseen
        if said.index is None:
            self._take(built, "unsure", "Can't tell")
        else:
            self._take(built, str(said.index + 1), question.answers[said.index].label)

    def _take(self, built: Built, answer: str, label: str) -> None:
        self.steps.append(Taken(built.node, built.origin, answer, label))


async def play(case: Case, builder: Builder) -> Played:
    """Plays `case` to its end. A node that cannot be made ends it: nobody turns to the playbook here."""
    call, end, failed = _Call(case, builder), None, ""
    try:
        end = await call.end()
    except BuildFailed as trouble:
        failed = trouble.reason
    return Played(
        case=case,
        id=call.id,
        steps=tuple(call.steps),
        offered=tuple(call.watched.offered),
        garbled=call.watched.garbled,
        end=end,
        failed=failed,
        gone=call.caller.gone,
        unsure=call.unsure,
        unforeseen=call.unforeseen,
    )
