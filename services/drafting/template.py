"""The drafts that need no model: the records, put in order.

The customer reads the resolution note; what a technician notes on a step or beside the call is for colleagues, and
stands in the package alone.
"""

from collections.abc import Iterable, Iterator

from services.drafting.model import SECTIONS, DraftKind
from services.fixes.model import APPLIED, Findings, Fix
from services.fixes.model import NOTHING as NO_FINDINGS
from services.fixes.outcomes import outcome
from services.fixes.telling import plain, told
from services.flows.nodes import Outcome, Verify
from services.walks.model import Step, Walk

NOTHING = "Nothing on record."


def rendered(walk: Walk, kind: DraftKind, found: Findings = NO_FINDINGS) -> str:
    """Markdown with every section of the kind."""
    parts = _resolution(walk, found) if kind == "resolution_note" else _package(walk, found)
    sections = zip(SECTIONS[kind], parts, strict=True)
    return "\n\n".join(f"## {heading}\n{text}" for heading, text in sections) + "\n"


def _resolution(walk: Walk, found: Findings) -> Iterator[str]:
    yield _problem(walk)
    yield _list(_confirmed(walk, found, inside=False))
    yield _cause(found)
    yield _resolved(walk, found)


def _package(walk: Walk, found: Findings) -> Iterator[str]:
    yield _problem(walk)
    yield _list(_confirmed(walk, found, inside=True))
    failed = (outcome(fix) for fix in found.fixes if fix.status in {"applied_failed", "applied_partial"})
    yield _list([*_tried(walk, found, inside=True), *failed])
    yield _hypothesis(found)
    yield _list(_next(walk, found))


def _problem(walk: Walk) -> str:
    who = ", ".join(part for part in (walk.contact.strip(), walk.customer.strip()) if part)
    told = " ".join(walk.problem_text.split())
    return f"{told}\n\nReported by {who}." if who else told


def _confirmed(walk: Walk, found: Findings, *, inside: bool) -> Iterator[str]:
    """What questions, checks, proofs and engineers have shown. `inside`: for colleagues, who may also read how a caller
    was proved, and the notes."""
    facts = {fact.step_id: fact.text for fact in found.facts if fact.step_id is not None}
    for step in walk.steps:
        says = told(walk, step)
        if says is None or says.kind != "known":
            continue
        shown = step.answer_label if inside and isinstance(step.pending.node, Verify) else says.text
        shown = plain(facts.get(step.step_id, shown))
        yield _with_note(shown, step) if inside else shown
    yield from (plain(fact.text) for fact in found.known if fact.step_id is None)
    for note in walk.notes:
        if inside and note.text.strip():
            yield " ".join(note.text.split())


def _tried(walk: Walk, found: Findings, *, inside: bool) -> Iterator[str]:
    """Each thing that was done, with the answer that came after it; `inside` as above."""
    facts = {fact.step_id: fact.text for fact in found.facts if fact.step_id is not None}
    for step in walk.steps:
        says = told(walk, step)
        if says is not None and says.kind == "tried":
            done = plain(facts.get(step.step_id, says.text))
            yield _with_note(done, step) if inside else done
    yield from (plain(fact.text) for fact in found.tried if fact.step_id is None)


def _cause(found: Findings) -> str:
    """Known where the fix worked and says why; everywhere else it is said not to be."""
    fix = _telling(found)
    match None if fix is None else fix.status:
        case "applied_success" if fix is not None and fix.rationale and fix.origin != "similar":
            return plain(fix.rationale)
        case "applied_partial":
            return "The cause is not established for certain: what was done helped in part."
        case "applied_pending":
            return "The cause is not established yet."
        case _:
            return "The cause was not established."


def _hypothesis(found: Findings) -> str:
    fix = _telling(found)
    if fix is None or fix.status in {"applied_failed", "dismissed"}:
        return "None yet: the steps so far have not shown the cause."
    why = f" {plain(fix.rationale)}" if fix.rationale else ""
    return f"{outcome(fix)}{why}"


def _telling(found: Findings) -> Fix | None:
    """The newest fix that worked, else the active one, else the newest that was applied at all."""
    worked = (fix for fix in reversed(found.fixes) if fix.status == "applied_success")
    applied = (fix for fix in reversed(found.fixes) if fix.status in APPLIED)
    return next(worked, None) or found.fix or next(applied, None)


def _resolved(walk: Walk, found: Findings) -> str:
    done = list(_tried(walk, found, inside=False))
    shown = (fix for fix in found.fixes if fix.status in APPLIED or (fix.active and fix.status == "proposed"))
    outcomes = [outcome(fix) for fix in shown]
    said = "" if walk.resolution is None else walk.resolution.notes.strip()
    end = _end(walk, found)
    parts = [part for part in (_list(done) if done else "", "\n\n".join(outcomes), said, end) if part]
    return "\n\n".join(parts) or NOTHING


def _end(walk: Walk, found: Findings) -> str:
    if walk.resolution is not None and not walk.resolution.helpful:
        return "The call was closed without what was tried having helped."
    fix = _telling(found)
    if fix is not None and fix.status != "dismissed":
        return ""  # what came of it has been said
    if walk.pending is not None and isinstance(walk.pending.node, Outcome) and walk.pending.node.result == "resolved":
        return plain(walk.pending.node.text)
    return "The caller confirmed that it works." if walk.resolution is not None else ""


def _next(walk: Walk, found: Findings) -> Iterator[str]:
    fix = found.fix
    if fix is not None and fix.status == "applied_pending":
        yield f"Wait for this, then see whether it worked: {plain(fix.said)}"
    if fix is not None and fix.status == "proposed":
        yield from (plain(step) for step in fix.steps or (fix.title,))
    if walk.escalation is not None:
        yield " ".join(walk.escalation.reason.split())
    node = None if walk.pending is None else walk.pending.node
    match node:
        case Outcome(result="escalate", text=text):
            yield plain(text)
        case None:
            yield "Go on from the last step above."
        case _:
            yield f"The step that was due next: {plain(node.text)}"


def _with_note(text: str, step: Step) -> str:
    return f"{text} ({' '.join(step.note.split())})" if step.note and step.note.strip() else text


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines) or NOTHING
