"""A flow as a text that somebody works on: what they begin with, what came back, and how it gets into the store."""

from collections.abc import Iterable
from dataclasses import dataclass

from services.access import Act, Actor
from services.access.acting import reading
from services.documents.document import quoted
from services.documents.pieces import from_yaml
from services.errors import Invalid, NotFound
from services.fixes.missing import Missing
from services.fixes.model import Missed
from services.flows.difference import Difference, difference
from services.flows.format import FlowFile, flow_of, flow_to_yaml
from services.flows.library import Library
from services.flows.lint import Located, faults_in
from services.flows.manuscript import Manuscript
from services.flows.nodes import Answer, Flow, Outcome, Question
from services.flows.versions import Imported, Known, VersionInfo, found, info_of
from storage.database import Database, Reading
from storage.library import Version

LONGEST = 2_000_000
"""Characters of a text that is looked at."""

_NEW = Flow(
    slug="what-it-is-called",
    title="What a technician calls it",
    category="other",
    examples=("what a caller would say",),
    start="look",
    nodes={
        "look": Question(
            text="What is asked first?", answers=(Answer(label="Yes", next="done"), Answer(label="No", next="up"))
        ),
        "done": Outcome(text="It works again.", result="resolved"),
        "up": Outcome(text="Give the engineer what was found.", result="escalate", reason_category="other"),
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A text that came back, looked at."""

    slug: str
    number: int
    """Of the version that it was made from."""
    newest: VersionInfo | None
    """As the store has it now; another number than `number` where somebody else has written meanwhile."""
    file: FlowFile | None
    """None where the text is no flow."""
    faults: tuple[str, ...]
    """What has to be mended before it can be kept, each with its line."""
    stubs: tuple[str, ...]
    """What has to be filled in before it can be published, each with its line."""
    difference: Difference | None
    """From `against`."""
    against: VersionInfo | None
    """The version in use, or the newest where none is, or where somebody has written it since."""
    same: bool
    """It says what the newest version says."""


class Revising:
    def __init__(self, database: Database, library: Library, missing: Missing) -> None:
        self._database = database
        self._library = library
        self._missing = missing

    async def begin(self, actor: Actor, slug: str) -> Manuscript:
        """The newest version of a flow, to be worked on. Raises NotFound, NotAllowed."""
        actor.require(Act.REVIEW_FLOWS)
        missing = await self._missing.of_flow(actor, slug)
        async with reading(self._database, actor, Act.REVIEW_FLOWS) as read:
            newest = (await found(read, slug)).newest
            flow = await self._library.tree(read, newest.id)
        head = [f"{slug}, made from v{newest.number}. Save and leave the editor: it is checked then,"]
        head += ["and you are asked before anything is published.", *map(_asked, missing)]
        return Manuscript(slug, newest.number, _remarks(head) + flow_to_yaml(flow))

    def new(self) -> Manuscript:
        """A flow that is not there yet."""
        head = ["A new flow. Give it a slug of its own; save and leave the editor: it is checked then,"]
        head += ["and you are asked before anything is published."]
        return Manuscript("", 0, _remarks(head) + flow_to_yaml(_NEW))

    async def look(self, actor: Actor, slug: str, number: int, text: str) -> Revision:
        """What a text is that was made from version `number` of a flow. Nothing is stored. Raises NotAllowed."""
        actor.require(Act.REVIEW_FLOWS)
        file, faults = _read(text)
        async with reading(self._database, actor, Act.REVIEW_FLOWS) as read:
            there = await _there(read, slug or (file.flow.slug if file else ""))
            linkable = {} if file is None else await self._library.linkable(read, [file.flow])
            against = None if there is None else _against(there, number)
            before = None if against is None else await self._library.tree(read, against.id)
            latest = None if there is None else await self._library.tree(read, there.newest.id)
        stubs: list[str] = []
        if file is not None:
            faults += _own(file, slug, there)
            for located in faults_in([file], linkable):
                (stubs if located.fault.rule == "review" else faults).append(_line(located))
        return Revision(
            slug=slug or (file.flow.slug if file else ""),
            number=number,
            newest=None if there is None else info_of(there.newest),
            file=file,
            faults=tuple(faults),
            stubs=tuple(stubs),
            difference=None if file is None or before is None else difference(before, file.flow),
            against=None if against is None else info_of(against),
            same=file is not None and file.flow == latest,
        )

    async def store(self, actor: Actor, revision: Revision, *, publish: bool) -> Imported:
        """As a new version, in use at once or held back as a draft.

        Raises Invalid with what has to be mended, Conflict where somebody has written a version since `number`.
        """
        if revision.file is None or revision.faults:
            raise Invalid("\n".join(revision.faults))
        expected = {revision.slug: revision.number}
        [done] = await self._library.bring_in(actor, [revision.file], draft=not publish, expected=expected)
        return done


def _asked(missed: Missed) -> str:
    return f"Missing at {missed.node_id or 'all'}, says {missed.by.name}: {missed.text}"


def _remarks(lines: Iterable[str]) -> str:
    """Each on a line of its own that no reader of YAML takes for anything else."""
    shown = (" ".join("".join(each if each.isprintable() else " " for each in line).split()) for line in lines)
    return "".join(f"# {line}\n" for line in shown)


def _read(text: str) -> tuple[FlowFile | None, list[str]]:
    if len(text) > LONGEST:
        return None, [f"longer than {LONGEST:,} characters; split it up into several flows"]
    document = from_yaml(text, "line")
    try:
        return FlowFile(flow_of(document), document), []
    except Invalid as wrong:
        return None, [line.replace("line:", "line ", 1) for line in wrong.detail.split("\n")]


def _against(there: Known, number: int) -> Version:
    """What is to be compared with a text that was made from version `number`."""
    if there.newest.number != number:
        return there.newest
    return there.published or there.newest


async def _there(read: Reading, slug: str) -> Known | None:
    try:
        return await found(read, slug)
    except NotFound:
        return None


def _own(file: FlowFile, slug: str, there: Known | None) -> list[str]:
    line = file.document.line_of(("slug",))
    if slug and file.flow.slug != slug:
        return [f"line {line}: this is the flow {slug}; {quoted(file.flow.slug)} would be another one"]
    if not slug and there is not None:
        return [f"line {line}: there is a flow {file.flow.slug} already; give this one another slug"]
    return []


def _line(located: Located) -> str:
    return f"line {located.line}: {located.fault}"
