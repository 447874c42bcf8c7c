"""What a script expects, compared with what is."""

from collections.abc import Iterator

from services.intake.model import Outcome, OutOfScope, Suggest
from services.replay.patterns import found
from services.replay.result import Failure
from services.replay.script import After, IntakeExpect, StepExpect
from services.walks.model import Walk


def of_intake(expect: IntakeExpect, outcome: Outcome, walk: Walk | None) -> Iterator[Failure]:
    if expect.outcome not in (None, outcome.name):
        yield Failure("intake", f"outcome {expect.outcome}", outcome.name)
    slug = None if walk is None or walk.flow is None else walk.flow.slug
    if expect.flow not in (None, slug):
        yield Failure("intake", f"flow {expect.flow}", slug or "no flow")
    category = outcome.category if isinstance(outcome, Suggest | OutOfScope) else outcome.walk.category
    if expect.category not in (None, category):
        yield Failure("intake", f"category {expect.category}", category or "no category")
    yield from _text("intake", expect.text, walk)


def of_screen(at: str, expect: StepExpect, walk: Walk | None) -> Iterator[Failure]:
    """What has to stand on the screen before the step is taken."""
    yield from _text(at, expect.text, walk)
    pending = None if walk is None else walk.pending
    kind = "nothing on the screen" if pending is None else pending.node.type
    if expect.type not in (None, kind):
        yield Failure(at, f"a node of type {expect.type}", kind)


def of_end(after: After, walk: Walk | None, at_psa: tuple[str, ...]) -> Iterator[Failure]:
    """What the store has to say in the end; `at_psa` is what the PSA says of the ticket's status: its name and id, or
    why it could not be read."""
    if walk is None:
        if after != After():
            yield Failure("after", "a session", "none was started")
        return
    if after.status not in (None, walk.status):
        yield Failure("after.status", str(after.status), walk.status)
    if after.path_length not in (None, len(walk.steps)):
        yield Failure("after.path_length", str(after.path_length), str(len(walk.steps)))
    said = (walk.ticket.status,) if walk.ticket.kind == "internal" else at_psa
    if after.ticket_status not in (None, *said):
        yield Failure("after.ticket_status", str(after.ticket_status), said[0])


def _text(at: str, pattern: str | None, walk: Walk | None) -> Iterator[Failure]:
    pending = None if walk is None else walk.pending
    shown = "" if pending is None else pending.node.text
    if pattern is not None and not found(pattern, shown):
        yield Failure(at, f"text {pattern}", shown or "nothing on the screen")
