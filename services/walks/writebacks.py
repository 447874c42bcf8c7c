"""What the end of a call has to write to the PSA, and how far that has come: frozen, as everybody sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.psa import notes
from services.walks.lines import Person

WritebackKind = Literal["resolution", "escalation"]
WritebackState = Literal["waiting", "verified", "skipped", "failed"]
Stage = Literal["note", "time", "status", "settled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Writeback:
    id: UUID
    session_id: UUID
    ticket_id: UUID
    kind: WritebackKind
    state: WritebackState
    """`skipped`: the note is there, and no status is set that the ticket should have."""
    why: str
    """One line: why the status was skipped, or what went wrong last; empty where nothing did."""
    by: Person
    """Who ended the call."""
    provider: str
    """The PSA that it was begun in; empty where it was not yet."""
    mark: str
    """The key of its reference line."""
    markdown: str
    """What was on the screen, with the reference line."""
    helpful: bool | None
    posting_at: datetime | None
    """From here on the note may be there."""
    noted_at: datetime | None
    note_id: str | None
    work_started_at: datetime | None
    """None where no time is to be logged."""
    work_ended_at: datetime | None
    worked_by: str
    timing_at: datetime | None
    timed_at: datetime | None
    time_id: str | None
    wanted: Mapping[str, str] = field(default_factory=dict)
    """`status`, `status_name`, `board`, `team`, `owner`, as far as they are set; as the last attempt found them."""
    changing_at: datetime | None
    changed_at: datetime | None
    settled_at: datetime | None
    status_name: str | None
    """As it was read back."""
    tries: int
    unsettled: int
    """How often the PSA accepted the change and kept something else."""
    tried_at: datetime | None
    next_try_at: datetime
    created_at: datetime
    finished_at: datetime | None

    @property
    def text(self) -> str:
        """Without the reference line."""
        return notes.unsigned(self.markdown, self.mark)

    @property
    def logs_time(self) -> bool:
        return self.work_started_at is not None

    @property
    def stages(self) -> tuple[tuple[Stage, datetime | None], ...]:
        """In their order, each with when it was done; one that is left out is not among them."""
        timed: tuple[tuple[Stage, datetime | None], ...] = (("time", self.timed_at),) if self.logs_time else ()
        status: tuple[tuple[Stage, datetime | None], ...] = (
            ("status", self.changed_at or self.settled_at),
            ("settled", self.settled_at),
        )
        return (("note", self.noted_at), *timed, *(() if self.state == "skipped" else status))

    @property
    def stage(self) -> Stage | None:
        """The one that is next, or that it stopped at; None where all are done."""
        return next((name for name, done in self.stages if done is None), None)
