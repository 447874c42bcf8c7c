"""A file that some other tool made, as the draft of a flow."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from services.documents.document import Document, Place
from services.documents.pieces import UnreadableError
from services.documents.reading import text_of
from services.flows.charts import checklist, dot, mermaid
from services.flows.charts.becoming import NO_WORDS, Making, Note
from services.flows.charts.chart import MAX_BYTES, Chart
from services.flows.charts.words import shown, slugged
from services.flows.format import FlowFile
from services.flows.nodes import Flow, Node
from services.flows.visible import blank

_LONGEST_TITLE = 200
_READERS: Mapping[str, Callable[[str], Chart]] = {
    ".md": checklist.read,
    ".markdown": checklist.read,
    ".mmd": mermaid.read,
    ".mermaid": mermaid.read,
    ".dot": dot.read,
    ".gv": dot.read,
}


@dataclass(frozen=True, slots=True)
class Drafted:
    file: FlowFile
    notes: tuple[Note, ...]
    """What was made up, or left out, by line. Every stub in the flow has at least one."""


def is_chart(path: str | Path) -> bool:
    return Path(path).suffix.lower() in _READERS


def read_chart(path: str | Path, known: Collection[str] = (), *, slug: str = "", category: str = "") -> Drafted:
    """The draft that a chart becomes; `known` are the slugs of flows that it may link to.

    The draft passes lint, but for its stubs. Raises Invalid with the line where the chart cannot be read.
    """
    path = Path(path)
    try:
        chart = _READERS[path.suffix.lower()](text_of(path, MAX_BYTES))
        return drafted(chart, str(path), known, slug=slug, category=category)
    except UnreadableError as wrong:
        raise Document(str(path)).refusal([wrong.mistake]) from None


def drafted(chart: Chart, source: str, known: Collection[str] = (), *, slug: str = "", category: str = "") -> Drafted:
    """Raises UnreadableError where there is no box."""
    if not chart.boxes:
        raise UnreadableError(1, "there is no box in this chart; draw at least one")
    name = Path(source).stem
    making = Making(chart, known)
    start = making.start()
    making.exits()
    title, summary = (shown(chart.title) or shown(name))[:_LONGEST_TITLE], shown(chart.summary)
    title = NO_WORDS if blank(title) else title
    flow = Flow(
        slug=slug or slugged(name) or slugged(title) or "drawn",
        title=title,
        category=category or _category(title, making.nodes),
        start=start,
        nodes={start: making.nodes[start], **making.nodes},
        summary=None if blank(summary) else summary,
    )
    if not category:
        making.note(1, None, f"its category is a guess from its words: {flow.category}")
    lines: dict[Place, int] = {("nodes", key): line for key, line in making.lines.items()}
    return Drafted(
        FlowFile(flow, Document(source, lines=lines)), tuple(sorted(making.notes, key=lambda note: note.line))
    )


def _category(title: str, nodes: Mapping[str, Node]) -> str:
    from services.matching.classifier import classify

    return classify(" ".join([title, *(node.text for node in nodes.values())])[:4000])
