"""One script on its way: intake, steps, the end, and what engineers do afterwards."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeAlias, assert_never
from uuid import UUID, uuid4

from services.access import Actor
from services.builder.protocol import BuildFailed
from services.drafting.model import Draft
from services.errors import Refused, StoreTrouble, Trouble
from services.intake.model import (
    AdHoc,
    BuildAnyway,
    Call,
    Decide,
    EscalateAtOnce,
    Outcome,
    OutOfScope,
    Suggest,
    TakeFlow,
    TakeProposal,
    Wish,
)
from services.replay.expectations import of_end, of_intake, of_screen
from services.replay.patterns import found
from services.replay.reaching import at_psa, reached
from services.replay.replies import first_reply, reply
from services.replay.result import Change, ChangeName, Failure, Result, StepTaken
from services.replay.script import EscalateForm, ResolveForm, Script, StepForm, ThenForm
from services.replay.through import Through
from services.walks.model import Reply, Walk
from services.walks.settling import Settlement
from storage.errors import StoreBusy

Tell: TypeAlias = Callable[[Change], None]

RETRIES = 3
"""How often a node that cannot be made is asked for again, where the script says so."""

_DONE = "to be done"


class _Stopped(Exception):
    """The script cannot go on; why is among the failures."""


class ReplayedCall:
    def __init__(self, script: Script, actor: Actor, tell: Tell, through: Through) -> None:
        self._script = script
        self._actor = actor
        self._tell = tell
        self._intake = through.intake
        self._walks = through.walks
        self._escalations = through.escalations
        self._users = through.users
        self._drafting = through.drafting
        self._desk = through.desk
        self._journal = through.journal
        self._drafts: list[Draft] = []
        self._failures: list[Failure] = []
        self._prevented = False
        self._spent: dict[UUID, float] = {}
        self._outcome: Outcome | None = None
        self._begun: Walk | None = None

    async def run(self) -> Result:
        began = time.perf_counter()
        try:
            await self._try("as", None, self._become())
            await self._try("intake", self._script.expect.refused, self._take())
            if self._outcome is not None:
                self._failures += of_intake(self._script.expect, self._outcome, self._begun)
            await self._go_through()
        except _Stopped:
            pass
        return await self._result((time.perf_counter() - began) * 1000)

    async def _go_through(self) -> None:
        for number, step in enumerate(self._script.steps):
            at = f"steps[{number}]"
            self._failures += of_screen(at, step.expect, self._begun)
            await self._try(at, step.expect.refused, self._step(step))
        await self._end()
        for number, entry in enumerate(self._script.then):
            refused = None if entry.expect is None else entry.expect.refused
            await self._try(f"then[{number}]", refused, self._afterwards(entry))
        if self._begun is not None:
            self._begun = await self._walks.open(self._actor, self._begun.id)
        said = () if self._script.after.ticket_status is None else await at_psa(self._journal, self._begun)
        self._failures += of_end(self._script.after, self._begun, said)

    async def _try(self, at: str, refused: str | None, work: Awaitable[None]) -> None:
        """Does it, or notes that it was refused though it should not have been, or the other way round."""
        try:
            await work
        except StoreBusy as busy:  # for this call it is over; the others may come through
            self._prevented = True
            self._fail(at, _DONE, str(busy))
            raise _Stopped from None
        except StoreTrouble:
            raise
        except Trouble as trouble:
            if refused is None:
                self._fail(at, _DONE, str(trouble))
                raise _Stopped from None
            if not found(refused, str(trouble)):
                self._fail(at, f"refused: {refused}", str(trouble))
        else:
            if refused is not None:
                self._fail(at, f"refused: {refused}", "it was done")

    def _fail(self, at: str, expected: str, got: str) -> None:
        self._failures.append(Failure(at, expected, got))

    @property
    def _walk(self) -> Walk:
        if self._begun is None:
            got = "a refusal" if self._outcome is None else self._outcome.name
            raise Refused(f"there is no session: intake gave {got}", "")
        return self._begun

    def _stored(self, walk: Walk, change: ChangeName, step_id: UUID | None = None) -> None:
        self._begun = walk
        self._tell(Change(change, walk.id, walk.state_version, step_id))

    async def _become(self) -> None:
        if self._script.who is not None:
            self._actor = await self._users.actor(self._script.who)

    async def _take(self) -> None:
        form = self._script.intake
        call = Call(problem=form.problem, customer=form.customer, contact=form.contact, psa_ticket=form.psa_ticket)
        outcome = await self._intake.take(self._actor, call, _wish(self._script))
        if form.choose is not None:
            outcome = await self._choose(call, outcome, form.choose)
        self._outcome = outcome
        if not isinstance(outcome, Suggest | OutOfScope):
            self._stored(outcome.walk, "start")
            self._begun = await reached(self._journal, self._walks, self._actor, outcome.walk)
            await self._made()

    async def _choose(self, call: Call, outcome: Outcome, number: int) -> Outcome:
        match outcome:
            case Suggest(suggestions=offered) | OutOfScope(near=offered) if number <= len(offered):
                chosen = offered[number - 1]
                wish = TakeFlow(chosen.slug) if chosen.slug is not None else TakeProposal(_known(chosen.proposal_id))
                return await self._intake.take(self._actor, call, wish)
            case Suggest(suggestions=offered) | OutOfScope(near=offered):
                raise Refused(f"there is no suggestion {number}, only {len(offered)}", "")
            case _:
                return outcome

    async def _step(self, step: StepForm) -> None:
        if step.any is None and step.wait is not None:
            await asyncio.sleep(step.wait)
            return
        if self._walk.status == "paused":
            self._stored(await self._walks.take(self._actor, self._walk), "resume")
        walk = self._walk
        match step:
            case StepForm(any=int(times)):
                await self._any(times, step)
            case StepForm(back=True):
                self._stored(await self._walks.back(self._actor, walk), "back")
            case StepForm(pause=True):
                self._stored(await self._walks.pause(self._actor, walk), "pause")
            case StepForm(to_notes=True):
                self._stored(await self._walks.to_notes(self._actor, walk), "notes")
            case StepForm(notes=str(text)):
                await self._note(text)
            case _:
                await self._answer(reply(step, walk.pending), step.note)

    async def _any(self, times: int, step: StepForm) -> None:
        for _ in range(times):
            await asyncio.sleep(step.wait or 0)
            answer = first_reply(self._walk.pending)
            if answer is None:
                return
            await self._answer(answer, step.note)

    async def _answer(self, answer: Reply, note: str | None) -> None:
        began = time.perf_counter()
        walk = await self._walks.answer(self._actor, self._walk, answer, step_id=uuid4(), note=note)
        step_id = walk.steps[-1].step_id
        self._stored(walk, "step", step_id)
        try:
            await self._made()
        finally:
            self._spent[step_id] = (time.perf_counter() - began) * 1000

    async def _made(self) -> None:
        """The next node of an AI-built walk is there, or what the script chooses where none can be made."""
        for tried in range(RETRIES + 1):
            if not self._walk.awaits_node:
                return
            try:
                self._begun = await self._walks.next_node(self._actor, self._walk)
            except BuildFailed as failed:
                if self._script.on_failure != "retry" or tried == RETRIES:
                    await self._without_node(failed)

    async def _without_node(self, failed: BuildFailed) -> None:
        match self._script.on_failure:
            case "playbook":
                self._begun = await self._walks.next_node(self._actor, self._walk, by_playbook=True)
            case "notes":
                self._stored(await self._walks.to_notes(self._actor, self._walk), "notes")
            case "escalate":
                await self._escalate(EscalateForm(category="exhausted_safe_steps", reason=failed.reason))
            case "retry" | None:
                raise failed
            case other:
                assert_never(other)

    async def _note(self, text: str) -> None:
        self._stored(await self._walks.save_note(self._actor, self._walk, uuid4(), text), "notes")

    async def _escalate(self, form: EscalateForm) -> None:
        walk = await self._walks.escalate(
            self._actor, self._walk, category=form.category, reason=form.reason, how=form.how
        )
        self._stored(walk, "escalate")
        self._begun = await reached(self._journal, self._walks, self._actor, walk)

    async def _resolve(self, actor: Actor, form: ResolveForm) -> None:
        said = None if form.fix is None else Settlement(form.fix.status, form.fix.notes)
        walk = await self._walks.resolve(actor, self._walk, helpful=form.helpful, notes=form.notes, fix=said)
        self._stored(await reached(self._journal, self._walks, actor, walk), "resolve")

    async def _end(self) -> None:
        script = self._script
        if script.resolve is not None:
            await self._try("resolve", None, self._resolve(self._actor, script.resolve))
        elif script.escalate is not None and not script.intake.at_once:
            await self._try("escalate", None, self._escalate(script.escalate))
        for number, text in enumerate(script.notes):
            await self._try(f"notes[{number}]", None, self._step(StepForm(notes=text)))

    async def _afterwards(self, entry: ThenForm) -> None:
        actor = self._actor if entry.who is None else await self._users.actor(entry.who)
        if entry.claim:
            self._stored(await self._escalations.claim(actor, self._walk), "claim")
        elif entry.hand_back is not None:
            self._stored(await self._escalations.hand_back(actor, self._walk, entry.hand_back), "hand_back")
        elif entry.resolve is not None:
            await self._resolve(actor, entry.resolve)
        elif entry.draft is not None:
            self._drafts.append(await self._drafting.draft(actor, self._walk, entry.draft))
        elif (done := await self._desk.act(actor, self._walk, entry)) is not None:
            self._stored(*done)

    async def _result(self, milliseconds: float) -> Result:
        result = Result(
            script=self._script.source,
            failures=tuple(self._failures),
            prevented=self._prevented,
            outcome=None if self._outcome is None else self._outcome.name,
            milliseconds=milliseconds,
        )
        walk = self._begun
        if walk is None:
            return result
        steps = tuple(
            StepTaken(
                each.seq, each.pending.node.type, each.pending.node.text, each.answer_label, self._spent[each.step_id]
            )
            for each in walk.steps
        )
        last = walk.writebacks[-1] if walk.writebacks else None
        local = walk.status in ("resolved", "escalated") and walk.ticket.kind == "internal"
        return replace(
            result,
            session_id=walk.id,
            status=walk.status,
            steps=steps,
            drafts=tuple(self._drafts),
            local=local,
            writeback=last,
        )


def _wish(script: Script) -> Wish:
    form = script.intake
    if form.flow is not None:
        return TakeFlow(form.flow)
    if form.at_once and script.escalate is not None:
        return EscalateAtOnce(script.escalate.category, script.escalate.reason, script.escalate.how)
    return AdHoc() if form.adhoc else BuildAnyway() if form.force_build else Decide()


def _known(proposal_id: UUID | None) -> UUID:
    if proposal_id is None:
        raise Refused("this suggestion names neither a flow nor a proposal", "")
    return proposal_id
