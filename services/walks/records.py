"""Rows of the store to a `Walk` and back: the one place that knows how both look."""

from collections.abc import Iterable, Mapping
from typing import cast
from uuid import UUID

from services.flows.nodes import MISSHAPEN, Flow, Json, node_from_json, node_to_json
from services.walks.engine import Position
from services.walks.model import (
    Claim,
    Escalation,
    FlowRef,
    Frame,
    HandOver,
    Kind,
    Note,
    Part,
    Pending,
    Person,
    Resolution,
    SessionSummary,
    Status,
    Step,
    TicketKind,
    TicketRef,
    TicketStatus,
    Walk,
)
from services.walks.writebacks import Writeback, WritebackKind, WritebackState
from storage import tables
from storage.walks import SessionRows
from storage.written import Unreadable

NOTHING_PENDING = ("resolved", "abandoned")


def pending_to_json(pending: Pending) -> dict[str, Json]:
    written: dict[str, Json] = {"id": pending.id, "node": node_to_json(pending.node)}
    if pending.origin is not None:
        written["origin"] = pending.origin
    if pending.behind is not None:
        written["behind"] = pending_to_json(pending.behind)
    return written


def pending_from_json(written: Mapping[str, Json]) -> Pending:
    """Raises Unreadable, like its neighbours."""
    try:
        return _pending(written)
    except MISSHAPEN as error:
        raise Unreadable("the step of a call in it cannot be read") from error


def _pending(written: Mapping[str, Json]) -> Pending:
    behind = written.get("behind")
    return Pending(
        id=written["id"],
        node=node_from_json(written["node"]),
        origin=written.get("origin"),
        behind=None if behind is None else _pending(behind),
    )


def frames_to_json(frames: Iterable[Frame]) -> list[Json]:
    return [[frame.tree, frame.return_to] for frame in frames]


def frames_from_json(written: Iterable[Json]) -> tuple[Frame, ...]:
    try:
        return tuple(Frame(tree, return_to) for tree, return_to in written)
    except MISSHAPEN as error:
        raise Unreadable("the place of a call in its flows cannot be read") from error


def position_to_json(position: Position) -> dict[str, Json]:
    return {
        "pending": None if position.pending is None else pending_to_json(position.pending),
        "frames": frames_to_json(position.frames),
        "verified": position.verified,
    }


def position_from_json(written: Mapping[str, Json]) -> Position:
    try:
        pending, frames, verified = (written[key] for key in ("pending", "frames", "verified"))
    except MISSHAPEN as error:
        raise Unreadable("what stood before a step cannot be read") from error
    return Position(None if pending is None else pending_from_json(pending), frames_from_json(frames), verified)


def to_walk(rows: SessionRows, trees: Mapping[str, Flow]) -> Walk:
    """`trees` holds the flow of every frame of the session."""
    row, people = rows.session, rows.people
    shown = row.pending if row.status not in NOTHING_PENDING and not row.free_notes else None
    return Walk(
        id=row.id,
        account_id=row.account_id,
        kind=cast("Kind", row.kind),
        status=cast("Status", row.status),
        state_version=row.state_version,
        technician=_person(row.user_id, people),
        acting_as=row.acting_as,
        ticket=_ticket(rows.ticket),
        flow=_flow(row, rows),
        proposal_id=row.proposal_id,
        category=row.category,
        problem_text=row.problem_text,
        customer=row.customer,
        contact=row.contact,
        pending=None if shown is None else pending_from_json(shown),
        pending_note=row.pending_note,
        path=tuple(to_step(step, people) for step in rows.steps),
        notes=tuple(
            Note(note.id, note.text, note.created_at, note.updated_at, _person(note.author_id, people))
            for note in rows.notes
        ),
        free_notes=row.free_notes,
        verified=row.verified,
        instruction=row.instruction,
        created_at=row.created_at,
        last_step_at=row.last_step_at,
        changed_at=row.changed_at,
        changed_by=_person(row.changed_by, people),
        resolution=_resolution(row, people),
        escalation=_escalation(row, people),
        claim=_claim(row, people),
        awaits_psa=row.awaits_psa,
        writebacks=tuple(to_writeback(each, people[each.user_id]) for each in rows.writebacks),
        frames=frames_from_json(row.frames),
        trees=trees,
    )


def to_step(row: tables.Step, people: Mapping[UUID, str]) -> Step:
    before = position_from_json(row.before)
    if before.pending is None:
        raise Unreadable("what stood before a step cannot be read")
    return Step(
        seq=row.seq,
        step_id=row.step_id,
        pending=before.pending,
        answer=row.answer,
        answer_label=row.answer_label,
        note=row.note,
        at=row.at,
        by=_person(row.by, people),
        seconds=row.seconds,
        taken_back=row.taken_back_at is not None,
    )


def to_summary(
    row: tables.Session, ticket: tables.Ticket, flow_title: str | None, steps: int, people: Mapping[UUID, str]
) -> SessionSummary:
    return SessionSummary(
        id=row.id,
        kind=cast("Kind", row.kind),
        status=cast("Status", row.status),
        problem_text=row.problem_text,
        customer=row.customer,
        contact=row.contact,
        category=row.category,
        flow_title=flow_title,
        technician=_person(row.user_id, people),
        acting_as=row.acting_as,
        ticket=_ticket(ticket),
        state_version=row.state_version,
        steps=steps,
        created_at=row.created_at,
        last_step_at=row.last_step_at,
        handed_back=row.instruction is not None,
        awaits_psa=row.awaits_psa,
        escalation=_escalation(row, people),
        claim=_claim(row, people),
    )


def to_writeback(row: tables.Writeback, by: str) -> Writeback:
    return Writeback(
        id=row.id,
        session_id=row.session_id,
        ticket_id=row.ticket_id,
        kind=cast("WritebackKind", row.kind),
        state=cast("WritebackState", row.state),
        why=row.why,
        by=Person(row.user_id, by),
        provider=row.provider,
        mark=row.mark,
        markdown=row.markdown,
        helpful=row.helpful,
        posting_at=row.posting_at,
        noted_at=row.noted_at,
        note_id=row.note_id,
        work_started_at=row.work_started_at,
        work_ended_at=row.work_ended_at,
        worked_by=row.worked_by,
        timing_at=row.timing_at,
        timed_at=row.timed_at,
        time_id=row.time_id,
        wanted=row.wanted or {},
        changing_at=row.changing_at,
        changed_at=row.changed_at,
        settled_at=row.settled_at,
        status_name=row.status_name,
        tries=row.tries,
        unsettled=row.unsettled,
        tried_at=row.tried_at,
        next_try_at=row.next_try_at,
        created_at=row.created_at,
        finished_at=row.finished_at,
    )


def _person(user_id: UUID, people: Mapping[UUID, str]) -> Person:
    return Person(user_id, people[user_id])


def _ticket(row: tables.Ticket) -> TicketRef:
    return TicketRef(row.id, cast("TicketKind", row.kind), cast("TicketStatus", row.status), row.external_id)


def _flow(row: tables.Session, rows: SessionRows) -> FlowRef | None:
    if row.flow_id is None or rows.version is None or rows.slug is None:
        return None
    return FlowRef(row.flow_id, rows.version.id, rows.slug, rows.version.title, rows.version.number)


def _resolution(row: tables.Session, people: Mapping[UUID, str]) -> Resolution | None:
    if row.resolved_at is None or row.resolved_by is None:
        return None
    return Resolution(bool(row.helpful), row.resolution_notes or "", row.resolved_at, _person(row.resolved_by, people))


def _escalation(row: tables.Session, people: Mapping[UUID, str]) -> Escalation | None:
    if row.escalated_at is None or row.escalated_by is None:
        return None
    return Escalation(
        row.escalation_category or "other",
        row.escalation_reason or "",
        cast("HandOver | None", row.escalation_how),
        row.escalated_at,
        _person(row.escalated_by, people),
        None if row.escalation_untold is None else tuple(cast("list[Part]", row.escalation_untold)),
    )


def _claim(row: tables.Session, people: Mapping[UUID, str]) -> Claim | None:
    if row.claimed_at is None or row.claimed_by is None:
        return None
    return Claim(_person(row.claimed_by, people), row.claimed_at)
