"""Rows of the store to findings: the one place that knows how both look."""

from collections.abc import Mapping
from typing import cast
from uuid import UUID

from services.fixes.model import Decision, Fact, FactKind, Findings, Fix, FixStatus, Missed, Origin, Source
from services.fixes.scripts.model import Language, Script
from services.walks.model import Person
from storage import tables
from storage.database import Reading
from storage.desk import findings


async def found(read: Reading, session_id: UUID) -> Findings:
    """What engineers put on record about one session."""
    rows = await findings(read, session_id)
    return Findings(
        tuple(to_fact(row, rows.people) for row in rows.facts),
        tuple(to_fix(row, rows.people) for row in rows.fixes),
        tuple(to_missed(row, slug, rows.people) for row, slug in rows.missed),
    )


def to_fact(row: tables.Fact, people: Mapping[UUID, str]) -> Fact:
    edited = row.changed_at != row.created_at
    return Fact(
        id=row.id,
        kind=cast("FactKind", row.kind),
        source=cast("Source", row.source),
        text=row.text,
        step_id=row.step_id,
        at=row.created_at,
        by=_person(row.created_by, people),
        edited_at=row.changed_at if edited else None,
        edited_by=_person(row.changed_by, people) if edited else None,
    )


def to_fix(row: tables.Fix, people: Mapping[UUID, str]) -> Fix:
    return Fix(
        id=row.id,
        number=row.number,
        origin=cast("Origin", row.origin),
        title=row.title,
        rationale=row.rationale,
        steps=tuple(row.steps),
        confidence=row.confidence,
        script=script_of(row),
        template_id=row.template_id,
        draft_id=row.draft_id,
        decision=cast("Decision | None", row.decision),
        decided_at=row.decided_at,
        status=cast("FixStatus", row.status),
        notes=said_of(row),
        applied_at=row.applied_at,
        verified_at=row.verified_at,
        superseded_at=row.superseded_at,
        at=row.created_at,
        by=_person(row.created_by, people),
    )


def script_of(row: tables.Fix) -> Script | None:
    return None if row.script is None else Script(row.script, cast("Language", row.language))


def said_of(row: tables.Fix) -> Mapping[FixStatus, str]:
    """What was said with each outcome."""
    said: dict[FixStatus, str | None] = {
        "applied_success": row.worked_notes,
        "applied_partial": row.partial_notes,
        "applied_failed": row.failure_reason,
        "applied_pending": row.waiting_for,
    }
    return {status: text for status, text in said.items() if text}


def to_missed(row: tables.MissedQuestion, slug: str | None, people: Mapping[UUID, str]) -> Missed:
    return Missed(
        id=row.id,
        session_id=row.session_id,
        flow_slug=slug,
        node_id=row.node_id,
        node_text=row.node_text,
        text=row.text,
        at=row.created_at,
        by=_person(row.created_by, people),
        settled_at=row.settled_at,
    )


def _person(user_id: UUID, people: Mapping[UUID, str]) -> Person:
    return Person(user_id, people[user_id])
