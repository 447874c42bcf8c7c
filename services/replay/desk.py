"""What engineers do at the desk, as a script says it: facts, fixes, decisions, outcomes, what was missing."""

from dataclasses import dataclass

from services.access import Actor
from services.errors import Refused
from services.fixes.facts import Facts
from services.fixes.fixes import Fixes
from services.fixes.missing import Missing
from services.fixes.model import Suggestion
from services.fixes.scripts.model import Script as DraftedScript
from services.replay.result import ChangeName
from services.replay.script import FixForm, ThenForm
from services.walks.model import Walk


@dataclass(frozen=True, slots=True)
class AtTheDesk:
    facts: Facts
    fixes: Fixes
    missing: Missing

    async def act(self, actor: Actor, walk: Walk, entry: ThenForm) -> tuple[Walk, ChangeName] | None:
        """The call as it is then, and what the change is called; None for an entry of another kind. A decision and an
        outcome are of the fix that was suggested last."""
        if entry.fact is not None:
            return (await self.facts.add(actor, walk, entry.fact)).walk, "fact"
        if entry.fact_from_step is not None:
            return (await self._from_step(actor, walk, entry.fact_from_step)), "fact"
        if entry.fix is not None:
            return (await self.fixes.suggest(actor, walk, _suggestion(entry.fix))).walk, "fix"
        if entry.missing is not None:
            return (await self.missing.ask(actor, walk, entry.missing)).walk, "missing"
        if entry.decision is None and entry.outcome is None:
            return None
        newest = (await self.fixes.open(actor, walk.id)).found.newest
        if newest is None:
            raise Refused("this call has no suggested fix", "Suggest one first.")
        if entry.decision is not None:
            return (await self.fixes.decide(actor, walk, newest.id, entry.decision)).walk, "decision"
        if entry.outcome is not None:
            said = entry.outcome
            return (await self.fixes.record(actor, walk, newest.id, said.status, said.notes)).walk, "outcome"
        return None

    async def _from_step(self, actor: Actor, walk: Walk, seq: int) -> Walk:
        step = next((step for step in walk.path if step.seq == seq), None)
        if step is None:
            raise Refused(f"this call has no step {seq}", "Look at its path.")
        return (await self.facts.from_step(actor, walk, step.step_id)).walk


def _suggestion(form: FixForm) -> Suggestion:
    steps = (form.steps,) if isinstance(form.steps, str) else form.steps
    script = None if form.script is None or not form.script.strip() else DraftedScript(form.script, form.language)
    return Suggestion(
        title=form.title, rationale=form.rationale, steps=steps, confidence=form.confidence, script=script
    )
