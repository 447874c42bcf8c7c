"""What programs read of a writeback: of a session, of the outbox, of a replayed script."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from services.walks.model import Walk
    from services.walks.writebacks import Writeback

Json: TypeAlias = dict[str, Any]


def moment(at: datetime | None) -> str | None:
    """ISO 8601 in UTC, ending in Z."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def writeback(each: "Writeback") -> Json:
    return {
        "id": str(each.id),
        "session_id": str(each.session_id),
        "kind": each.kind,
        "state": each.state,
        "why": each.why,
        "stage": each.stage,
        "by": each.by.name,
        "provider": each.provider,
        "mark": each.mark,
        "markdown": each.markdown,
        "noted_at": moment(each.noted_at),
        "note_id": each.note_id,
        "timed_at": moment(each.timed_at),
        "time_id": each.time_id,
        "changed_at": moment(each.changed_at),
        "settled_at": moment(each.settled_at),
        "wanted": dict(each.wanted),
        "ticket_status": each.status_name,
        "tries": each.tries,
        "tried_at": moment(each.tried_at),
        "next_try_at": moment(each.next_try_at if each.state == "waiting" else None),
        "created_at": moment(each.created_at),
        "finished_at": moment(each.finished_at),
    }


def of_session(walk: "Walk") -> list[Json]:
    """Oldest first. A call on a ticket of ours has none to make: what ended it is local."""
    if walk.ticket.kind == "psa":
        return [writeback(each) for each in walk.writebacks]
    ended = [("escalation", walk.escalation), ("resolution", walk.resolution)]
    told = sorted((end.at, kind) for kind, end in ended if end is not None)
    return [{"kind": kind, "state": "local", "finished_at": moment(at)} for at, kind in told]
