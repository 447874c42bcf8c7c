"""How far a note is on its way to the PSA, stage by stage: the same words wherever it is told."""

from collections.abc import Iterable, Mapping

from textual.content import Content

from screens.text import line
from screens.times import hour
from services.walks.writebacks import Stage, Writeback

_DONE: dict[Stage, str] = {"note": "note posted", "time": "time logged", "status": "status", "settled": "read back"}
_WORDS: dict[Stage, str] = {"note": "note", "time": "working time", "status": "status", "settled": "reading back"}
"""Until it is done: a cross before "posted" would be read as posted."""
_STATES = {
    "waiting": ("⋯", "$text-warning", "waits for the PSA"),
    "verified": ("✓", "$text-success", "in the PSA, read back"),
    "skipped": ("✓", "$text-success", "in the PSA, the status was left alone"),
    "failed": ("✗", "$text-error", "did not reach the PSA"),
}


def in_short(writeback: Writeback) -> Content:
    """In a line or two, for the story of a call."""
    sign, style, words = _STATES[writeback.state]
    head = Content.assemble((f"{sign} ", style), line(f"{writeback.kind}: {words}"))
    why = Content.assemble("\n", line(writeback.why, "$text-muted")) if writeback.why else Content()
    done = [_named(writeback, stage, _DONE) for stage, at in writeback.stages if at is not None]
    far = f" ({', '.join(done)})" if done and writeback.state != "verified" else ""
    return Content.assemble(head, (far, "$text-muted"), why)


def stages(writeback: Writeback, *, under_way: bool) -> Iterable[Content]:
    """A line each: what is done, what is being done or where it stopped and why, what is still to come."""
    for stage, at in writeback.stages:
        name = line(_named(writeback, stage, _WORDS if at is None else _DONE))
        if at is not None:
            yield Content.assemble(("✓ ", "$text-success"), name, (f"  {hour(at)}", "$text-muted"))
        elif stage != writeback.stage:
            yield Content.assemble(("· ", "$text-muted"), name.stylize("$text-muted"))
        elif under_way:
            yield Content.assemble(("⋯ ", "$text-warning"), name)
        else:
            yield Content.assemble(("✗ ", "$text-error"), name.stylize("bold"), "\n  ", line(writeback.why))
    if writeback.state == "skipped":
        yield Content.assemble(("✓ ", "$text-success"), line(writeback.why))


def _named(writeback: Writeback, stage: Stage, words: Mapping[Stage, str]) -> str:
    name = writeback.status_name if stage == "settled" else writeback.wanted.get("status_name")
    return f'{words[stage]} "{name}"' if stage in {"status", "settled"} and name else words[stage]
