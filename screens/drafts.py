"""What was typed and not sent yet: kept while the app runs, so that leaving a form loses nothing."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from services.intake.call import Call
from services.walks.lines import HandOver


@dataclass(slots=True)
class Closing:
    """The two forms at the end of a call."""

    notes: str | None = None
    helpful: bool = True
    category: str | None = None
    reason: str | None = None
    how: HandOver | None = None


@dataclass(slots=True)
class Drafts:
    call: Call = field(default_factory=lambda: Call(problem=""))
    session_id: UUID = field(default_factory=uuid4)
    """What that call will be known by: taken again after a lost answer, it starts once."""
    closings: dict[UUID, Closing] = field(default_factory=dict)
    """By session."""
    instructions: dict[UUID, str] = field(default_factory=dict)
    """What an engineer was going to hand a call back with, by session."""

    at_the_desk: dict[tuple[UUID, str], tuple[str, ...]] = field(default_factory=dict)
    """What an engineer was going to put on record, by session and form."""
    at_first: dict[tuple[UUID, str], tuple[str, ...]] = field(default_factory=dict)
    """What each of these forms had begun with."""

    def next_call(self) -> None:
        self.call, self.session_id = Call(problem=""), uuid4()

    def closing(self, session_id: UUID) -> Closing:
        return self.closings.setdefault(session_id, Closing())

    def ended(self, session_id: UUID) -> None:
        self.closings.pop(session_id, None)
        self.instructions.pop(session_id, None)

    def unsent(self) -> str | None:
        """What would be lost on quitting, in words."""
        if self.call.problem.strip():
            return "a new call that is not started"
        if any((each.notes or "").strip() or (each.reason or "").strip() for each in self.closings.values()):
            return "closing notes that are not sent"
        if any(text.strip() for text in self.instructions.values()):
            return "an instruction that is not sent"
        if self.at_the_desk:
            return "something for the record that is not stored"
        return None
