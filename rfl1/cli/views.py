"""What programs read: the JSON of sessions, intake and lists. Adding a key is fine, changing one is not."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

from rfl1.cli.writebacks import of_session

if TYPE_CHECKING:
    from services.drafting.model import Draft
    from services.fixes.model import Fact, Findings, Fix, Missed
    from services.flows.nodes import Flow
    from services.intake.model import Matching, Outcome, Suggestion
    from services.walks.model import (
        Escalation,
        FlowRef,
        Note,
        Pending,
        QueueEntry,
        QueueTicket,
        Resolution,
        SessionSummary,
        Step,
        TicketRef,
        Walk,
    )

Json: TypeAlias = dict[str, Any]


def moment(at: datetime) -> str:
    """ISO 8601 in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def session(walk: "Walk", drafts: "Iterable[Draft]" = (), found: "Findings | None" = None) -> Json:
    """The whole session; `found` is what engineers put on record."""
    return {
        "id": str(walk.id),
        "kind": walk.kind,
        "status": walk.status,
        "state_version": walk.state_version,
        "category": walk.category,
        "problem_text": walk.problem_text,
        "customer": walk.customer,
        "contact": walk.contact,
        "flow": None if walk.flow is None else _flow(walk.flow),
        "proposal_id": None if walk.proposal_id is None else str(walk.proposal_id),
        "technician": walk.technician.name,
        "acting_as": walk.acting_as,
        "walked_path": [_step(step) for step in walk.path],
        "pending_node": None if walk.pending is None else pending(walk.pending),
        "pending_note": walk.pending_note,
        "free_notes": walk.free_notes,
        "verified": walk.verified,
        "notes": [_note(note) for note in walk.notes],
        "instruction": walk.instruction,
        "ticket": ticket(walk.ticket),
        "resolution": None if walk.resolution is None else _resolution(walk.resolution),
        "escalation": None if walk.escalation is None else _escalation(walk.escalation),
        "claim": None if walk.claim is None else {"by": walk.claim.by.name, "at": moment(walk.claim.at)},
        "facts": [] if found is None else [_fact(fact) for fact in found.facts],
        "fixes": [] if found is None else [_fix(fix) for fix in found.fixes],
        "missing": [] if found is None else [missed(each) for each in found.missed],
        "drafts": [_draft(draft) for draft in drafts],
        "awaits_psa": walk.awaits_psa,
        "writebacks": of_session(walk),
        "created_at": moment(walk.created_at),
        "last_step_at": moment(walk.last_step_at),
        "changed_at": moment(walk.changed_at),
        "changed_by": walk.changed_by.name,
    }


def _fact(fact: "Fact") -> Json:
    return {
        "id": str(fact.id),
        "kind": fact.kind,
        "text": fact.text,
        "source": fact.source,
        "step_id": None if fact.step_id is None else str(fact.step_id),
        "at": moment(fact.at),
        "by": fact.by.name,
        "edited_at": _or_none(fact.edited_at),
        "edited_by": None if fact.edited_by is None else fact.edited_by.name,
    }


def _fix(fix: "Fix") -> Json:
    """All that were suggested are told, oldest first; the one that is not superseded is active."""
    return {
        "id": str(fix.id),
        "number": fix.number,
        "title": fix.title,
        "rationale": fix.rationale,
        "steps": list(fix.steps),
        "confidence": fix.confidence,
        "origin": fix.origin,
        "script": None if fix.script is None else fix.script.body,
        "language": None if fix.script is None else fix.script.language,
        "template_id": None if fix.template_id is None else str(fix.template_id),
        "draft_template_id": None if fix.draft_id is None else str(fix.draft_id),
        "decision": fix.decision,
        "decided_at": _or_none(fix.decided_at),
        "status": fix.status,
        "notes": fix.said or None,
        "said": dict(fix.notes),
        "applied_at": _or_none(fix.applied_at),
        "verified_at": _or_none(fix.verified_at),
        "superseded_at": _or_none(fix.superseded_at),
        "at": moment(fix.at),
        "by": fix.by.name,
    }


def missed(each: "Missed") -> Json:
    """What should have been asked, and where."""
    return {
        "id": str(each.id),
        "session_id": str(each.session_id),
        "flow": each.flow_slug,
        "node_id": each.node_id,
        "node_text": each.node_text,
        "text": each.text,
        "at": moment(each.at),
        "by": each.by.name,
        "seen_to_at": _or_none(each.settled_at),
    }


def _or_none(at: datetime | None) -> str | None:
    return None if at is None else moment(at)


def _draft(draft: "Draft") -> Json:
    return {
        "kind": draft.kind,
        "state_version": draft.state_version,
        "markdown": draft.markdown,
        "by": draft.by,
        "at": moment(draft.made_at),
    }


def summary(each: "SessionSummary") -> Json:
    return {
        "id": str(each.id),
        "kind": each.kind,
        "status": each.status,
        "state_version": each.state_version,
        "problem_text": each.problem_text,
        "customer": each.customer,
        "contact": each.contact,
        "category": each.category,
        "flow": each.flow_title,
        "technician": each.technician.name,
        "acting_as": each.acting_as,
        "ticket": ticket(each.ticket),
        "steps": each.steps,
        "escalation": None if each.escalation is None else _escalation(each.escalation),
        "claim": None if each.claim is None else {"by": each.claim.by.name, "at": moment(each.claim.at)},
        "created_at": moment(each.created_at),
        "last_step_at": moment(each.last_step_at),
    }


def queue_entry(entry: "QueueEntry") -> Json:
    return {
        "ticket": _queue_ticket(entry.ticket),
        "problem": entry.problem,
        "customer": entry.customer,
        "contact": entry.contact,
        "created_at": moment(entry.created_at),
        "session_id": None if entry.session_id is None else str(entry.session_id),
        "session_status": entry.session_status,
        "technician": None if entry.technician is None else entry.technician.name,
    }


def _queue_ticket(ticket: "QueueTicket") -> Json:
    """`id` is null for a ticket of the PSA that no call was ever about."""
    psa = ticket.psa
    return {
        "id": None if ticket.id is None else str(ticket.id),
        "kind": ticket.kind,
        "status": ticket.status,
        "external_id": ticket.external_id,
        "psa": None if psa is None else asdict(psa),
    }


def intake(outcome: "Outcome") -> Json:
    """Only what the outcome has."""
    from services.intake.model import OutOfScope, Suggest

    match outcome:
        case Suggest(suggestions, category):
            return {"outcome": outcome.name, "suggestions": _suggestions(suggestions), "category": category}
        case OutOfScope(category, near):
            return {"outcome": outcome.name, "suggestions": _suggestions(near), "category": category}
    walk = outcome.walk
    told: Json = {
        "outcome": outcome.name,
        "session_id": str(walk.id),
        "ticket_id": str(walk.ticket.id),
        "ticket_kind": walk.ticket.kind,
    }
    if walk.flow is not None:
        told["flow"] = walk.flow.slug
    if walk.category is not None:
        told["category"] = walk.category
    return told


def matching(found: "Matching", query_id: object = None) -> Json:
    told: Json = {} if query_id is None else {"id": query_id}
    return told | {
        "outcome": found.outcome,
        "category": found.category,
        "candidates": _suggestions(found.candidates),
        "ms": round(found.milliseconds, 3),
    }


def _suggestions(suggestions: "tuple[Suggestion, ...]") -> list[Json]:
    return [suggestion(number, each) for number, each in enumerate(suggestions, 1)]


def suggestion(number: int, each: "Suggestion") -> Json:
    return {
        "number": number,
        "slug": each.slug,
        "title": each.title,
        "score": round(each.score, 4),
        "why": list(each.why),
        "proposal_id": None if each.proposal_id is None else str(each.proposal_id),
        "worked": None if each.worked is None else {"resolved": each.worked[0], "ended": each.worked[1]},
    }


def ticket(each: "TicketRef") -> Json:
    return {"id": str(each.id), "kind": each.kind, "status": each.status, "external_id": each.external_id}


def flow(each: "Flow") -> Json:
    """What a flow file holds."""
    from services.flows.nodes import flow_to_json

    return flow_to_json(each)


def pending(shown: "Pending") -> Json:
    from services.flows.nodes import Question

    node = shown.node
    told: Json = {"node_id": shown.id, "node_type": node.type, "text": node.text}
    told["answers"] = [answer.label for answer in node.answers] if isinstance(node, Question) else []
    extras = {name: getattr(node, name) for name in ("say", "expect", "caution", "scope", "undo")}
    return told | {"risk": node.risk, **{name: value for name, value in extras.items() if value}}


def _step(step: "Step") -> Json:
    return {
        "seq": step.seq,
        "step_id": str(step.step_id),
        "node_id": step.pending.id,
        "node_type": step.pending.node.type,
        "text": step.pending.node.text,
        "answer": step.answer,
        "answer_label": step.answer_label,
        "note": step.note,
        "at": moment(step.at),
        "by": step.by.name,
        "seconds": step.seconds,
        "taken_back": step.taken_back,
    }


def _note(note: "Note") -> Json:
    return {
        "id": str(note.id),
        "text": note.text,
        "at": moment(note.at),
        "updated_at": moment(note.updated_at),
        "by": note.by.name,
    }


def _flow(flow: "FlowRef") -> Json:
    return {"slug": flow.slug, "title": flow.title, "version": flow.number}


def _resolution(resolution: "Resolution") -> Json:
    return {
        "helpful": resolution.helpful,
        "notes": resolution.notes,
        "at": moment(resolution.at),
        "by": resolution.by.name,
    }


def _escalation(escalation: "Escalation") -> Json:
    return {
        "category": escalation.category,
        "reason": escalation.reason,
        "how": escalation.how,
        "at": moment(escalation.at),
        "by": escalation.by.name,
    }
