"""What happened in a call, told: the path with its answers, the notes, how it ended."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from textual.content import Content

from screens.layout import Lane, Lanes
from screens.scroll import Scroll
from screens.stages import in_short
from screens.text import line, plain
from screens.times import ago, hour, stamp
from screens.words import handed_over, in_dots, state, untold
from services.team.keys import label
from services.walks.model import IN_ESCALATION, Note, Step, Walk

_LABEL = 7
_BROKEN_OFF = 90
"""Characters of a node's text that are enough to recognise it."""


class Transcript(Scroll):
    """So far: every step with its answer, and the notes between them."""

    def __init__(self) -> None:
        super().__init__(label=_LABEL)
        self.border_title = Content("So far")

    def tell(self, walk: Walk, *, leaving: Step | None = None) -> None:
        """Down to the newest. A step that is `leaving` is struck out before the store has said so."""
        told = [*_asked(walk), *path(walk, leaving=leaving)]
        self.show(told or [Lane(Content(), Content.styled("Nothing yet.", "$text-muted"))])
        self.scroll_end(animate=False, immediate=True)


def _asked(walk: Walk) -> Iterable[Lane]:
    if walk.instruction:
        yield Lane(Content.styled("asked", "$text-muted"), plain(walk.instruction, "$text-warning"))


def path(walk: Walk, *, leaving: Step | None = None, whole: bool = False) -> Iterable[Lane]:
    """Steps and free notes in the order of time; `whole` with all that a step said."""
    steps = ((step.at, _step(step, leaving=step is leaving, whole=whole)) for step in walk.path)
    told: list[tuple[datetime, Lane]] = list(steps)
    told += [(note.at, _note(note)) for note in walk.notes if note.text.strip()]
    return (lane for _, lane in sorted(told, key=lambda each: each[0]))


def notes(walk: Walk, *, without: UUID | None = None) -> Iterable[Lane]:
    return (_note(note) for note in walk.notes if note.text.strip() and note.id != without)


def short(walk: Walk, now: datetime) -> Lanes:
    """What an engineer asks first: the problem, since when, who, what was tried, why it was passed on."""
    return Lanes([*_facts(walk, now), *_ending(walk), _rule("What was tried"), *_told(walk)], label=12)


def whole(walk: Walk, now: datetime) -> Lanes:
    """Everything that is on record."""
    told = [*_facts(walk, now), *_origin(walk), *_ending(walk), _rule("Path and notes"), *_told(walk, whole=True)]
    return Lanes(told, label=12)


def _told(walk: Walk, *, whole: bool = False) -> list[Lane]:
    return [*path(walk, whole=whole), *_noted(walk)] or [
        Lane(Content(), Content.styled("No step was taken, nothing was noted.", "$text-muted"))
    ]


def _noted(walk: Walk) -> Iterable[Lane]:
    """On the step that is not answered yet."""
    if walk.pending is not None and walk.pending_note:
        text, note = line(_short(walk.pending.node.text)), plain(f"“{walk.pending_note}”", "italic")
        yield Lane(Content.styled("unanswered", "$text-muted"), Content.assemble(text, "\n", note))


def _facts(walk: Walk, now: datetime) -> Iterable[Lane]:
    yield _fact("Problem", plain(walk.problem_text, "bold"))
    began = "Began" if walk.status in {"resolved", "abandoned"} else "Since"
    yield _fact(began, Content(f"{stamp(walk.created_at)}  ({ago(walk.created_at, now)})"))
    caller = ", ".join(part for part in (walk.customer, walk.contact) if part.strip())
    yield _fact("Caller", line(caller or "not written down"))
    yield _fact("Technician", line(walk.technician.name))
    if walk.acting_as is not None:
        yield _fact("Coverage", Content("somebody of another role worked on it as level 1"))
    yield _fact("Tried", Content(_tried(walk)))
    if walk.status in IN_ESCALATION and walk.pending is not None:
        yield _fact("Stopped at", line(_short(walk.pending.node.text)))


def _tried(walk: Walk) -> str:
    """In numbers; where there is no tree, what was tried is in the notes."""
    steps, notes = len(walk.steps), sum(bool(note.text.strip()) for note in walk.notes)
    told = f"{steps} {'step' if steps == 1 else 'steps'}"
    if notes and not steps:
        told = f"no step, {notes} {'note' if notes == 1 else 'notes'}"
    return told


def _origin(walk: Walk) -> Iterable[Lane]:
    yield _fact("State", Content(state(walk.status)))
    ticket = f"{walk.ticket.external_id or 'internal'}, {walk.ticket.status}"
    yield _fact("Ticket", line(ticket))
    if walk.flow is not None:
        yield _fact("Flow", line(f"{walk.flow.title} (version {walk.flow.number})"))
    elif walk.kind == "ai_build":
        yield _fact("Flow", Content("AI-built, nobody has reviewed the steps"))
    elif walk.kind == "proposal":
        yield _fact("Flow", Content("a proposal, not reviewed yet"))
    if walk.kind != "adhoc":
        yield _fact("Identity", Content("proved" if walk.verified else "not proved"))


def _ending(walk: Walk) -> Iterable[Lane]:
    if walk.escalation is not None:
        escalation = walk.escalation
        how = f", {handed_over(escalation.how)}" if escalation.how else ""
        said = f"{escalation.by.name} at {hour(escalation.at)}: {label(escalation.category)}{how}"
        yield _fact("Escalated", line(said))
        yield _fact("Reason", plain(escalation.reason))
        if escalation.untold is not None:
            told = f"not told: {untold(escalation.untold)}" if escalation.untold else "all of it is told"
            yield _fact("Hand-over", line(f"{in_dots(escalation.untold)}  {told}"))
    for each in walk.writebacks:
        yield _fact("PSA", in_short(each))
    if walk.claim is not None:
        yield _fact("Claimed", line(f"{walk.claim.by.name} at {hour(walk.claim.at)}"))
    if walk.instruction:
        yield _fact("Instruction", plain(walk.instruction, "$text-warning"))
    if walk.resolution is not None:
        resolution = walk.resolution
        helpful = "helpful" if resolution.helpful else "not helpful"
        yield _fact("Resolved", line(f"{resolution.by.name} at {hour(resolution.at)}, the steps were {helpful}"))
        yield _fact("Notes", plain(resolution.notes))


def _step(step: Step, *, leaving: bool = False, whole: bool = False) -> Lane:
    node = step.pending.node
    text = line(node.text if whole else _short(node.text))
    sign = "✓" if step.answer == "ack" else "›"
    parts: list[Content | str | tuple[str, str]] = [
        text,
        "\n",
        (f"{sign} ", "$text-success"),
        line(step.answer_label, "bold"),
    ]
    if step.note:
        parts += ["\n", plain(f"“{step.note}”", "italic")]
    told = Content.assemble(*parts)
    if leaving:
        told = Content.assemble(("taking back  ", "$text-warning"), told.stylize("$text-disabled strike"))
    if step.taken_back:
        told = Content.assemble(("taken back  ", "$text-warning"), told.stylize("$text-disabled strike"))
    return Lane(Content.styled(hour(step.at), "$text-muted"), told)


def _short(text: str) -> str:
    return text if len(text) <= _BROKEN_OFF else f"{text[:_BROKEN_OFF]}…"


def _note(note: Note) -> Lane:
    return Lane(
        Content.styled(hour(note.at), "$text-muted"),
        Content.assemble(line(note.by.name, "$text-accent"), "\n", plain(note.text)),
    )


def _fact(label: str, text: Content) -> Lane:
    return Lane(Content.styled(label, "$text-muted"), text)


def _rule(label: str) -> Lane:
    return Lane(Content(), Content.styled(f"\n{label}", "bold underline"))
