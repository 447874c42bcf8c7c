"""From charts to drafts of flows: whatever is drawn, the draft passes lint, and what was made up is told."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.pieces import UnreadableError, from_yaml
from services.errors import Invalid
from services.flows.charts import checklist, dot, mermaid
from services.flows.charts.chart import Box, Chart, Way
from services.flows.charts.draft import Drafted, drafted, is_chart, read_chart
from services.flows.format import flow_of, flow_to_yaml
from services.flows.graph import mermaid as drawn
from services.flows.graph import ways
from services.flows.lint import lint
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify, leads_to
from services.flows.shape import reachable


def made(text: str, known: Collection[str] = ()) -> Drafted:
    return drafted(mermaid.read(f"flowchart TD\n{text}\n"), "the chart.mmd", known)


def told(draft: Drafted) -> list[str]:
    return [note.says for note in draft.notes if note.node is not None]


def shapes(flow: Flow) -> dict[str, tuple[str, list[tuple[str, str]]]]:
    return {
        node.text: (node.type, [(label, flow.nodes[to].text) for label, to in ways(node)])
        for node in flow.nodes.values()
    }


def test_a_chart_that_leaves_nothing_open_is_a_flow_without_stubs() -> None:
    draft = made(
        "A([Start]) --> B{Is it on?}\nB -->|Yes| C([Solved])\nB -->|No| D[Switch it on]\nD --> E[Escalate to tier 2]"
    )
    assert told(draft) == []
    assert shapes(draft.file.flow) == {
        "Is it on?": ("question", [("Yes", "Solved"), ("No", "Switch it on")]),
        "Switch it on": ("instruction", [("", "Escalate to tier 2")]),
        "Escalate to tier 2": ("outcome", []),
        "Solved": ("outcome", []),
    }
    assert lint(draft.file.flow) == ()
    assert (draft.file.flow.slug, draft.file.flow.title, draft.file.flow.start) == (
        "the-chart",
        "the chart",
        "is-it-on",
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("A[Restart it]", "nothing follows this step"),
        ("A{Is it on?} -->|Yes| B[Done]", 'where the answer "No" leads is not drawn'),
        ("A{Which?} -->|Red| B[Done]", 'where the answer "Otherwise" leads is not drawn'),
        ("A{Otherwise} -->|Otherwise| B[Done]", 'where the answer "Otherwise (2)" leads is not drawn'),
        ("A{Is it on?}", "nothing follows this question"),
        ("A{Is it on?} -->|Yes| B[Done]\nA --> C[Solved]", 'the answer is called "No" for now'),
        ("A[Look] --> B[Done]\nA --> C[Solved]", 'the answer is called "Answer 2" for now'),
        ("A{Is it on?} -->|Yes| B[Done]\nA -->|yes| C[Solved]", 'this one is called "yes (2)" for now'),
        ("A[Look] -->|after a while| B[Done]", 'the words on its only line are left out: "after a while"'),
        ("A[Look] --> B((End))", 'whether "End" means resolved or escalated is not drawn'),
        ("A[ ] --> B[Done]", "this box has no words"),
        ("A[Look] --> B[Wait]\nB --> A", "how this circle ends is not drawn: look -> wait -> look"),
        ("A[Look] --> A", "how this circle ends is not drawn: look -> look"),
        ("A[Look] --> B[Done]\nC[Feel] --> B", "the chart has 2 beginnings, and a flow has one"),
        (
            "A{Which?}\n" + "\n".join(f"A -->|{n}| B{n}[Done]" for n in range(12)),
            "12 answers are more than there are keys",
        ),
    ],
)
def test_what_a_chart_leaves_open_is_a_stub_and_is_told(text: str, says: str) -> None:
    draft = made(text)
    assert any(says in each for each in told(draft)), told(draft)
    assert lint(draft.file.flow, publishing=False) == ()
    reviewed = {fault.node for fault in lint(draft.file.flow)}
    assert reviewed <= {note.node for note in draft.notes}


def test_a_stub_that_is_drawn_and_read_again_is_still_one() -> None:
    again = drafted(mermaid.read(drawn(made("A[Restart it]").file.flow)), "x.mmd")
    assert [(node.type, node.needs_review) for node in again.file.flow.nodes.values()] == [
        ("instruction", False),
        ("outcome", True),
    ]
    assert "this was a stub when it was drawn" in told(again)


def test_a_value_and_a_linked_flow_are_named_by_the_last_line_where_the_library_knows_it() -> None:
    text = "A[/Read the sticker<br/>serial/] --> B[[Check the line<br/>line]] --> C[Done]"
    assert [node.type for node in made(text, {"line"}).file.flow.nodes.values()] == ["input", "link", "outcome"]
    assert [node.type for node in made(text).file.flow.nodes.values()] == ["input", "instruction", "outcome"]


def test_an_identity_check_is_known_by_what_is_proved() -> None:
    draft = made("A{Who calls?} -->|Proved| B[Done]\nA -->|Not proved| C[Escalate]")
    assert isinstance(draft.file.flow.nodes["who-calls"], Verify)


def test_a_file_is_known_by_its_ending_and_refused_with_its_line(tmp_path: Path) -> None:
    assert all(map(is_chart, ("a.md", "b.MMD", "c.mermaid", "d.dot", "e.gv", "f.markdown")))
    assert not any(map(is_chart, ("a.yaml", "b", "c.svg")))
    for name, content, says in (
        ("a.mmd", b"graph TD\nA -- x", "a.mmd:2: the words on this arrow never end"),
        ("a.dot", b"digraph {}", "a.dot:1: there is no box in this chart"),
        ("a.md", b"- x\n- \xff", "a.md:2: the text is not UTF-8"),
        ("b.md", b"- x\n" * 300_000, "b.md:1: longer than 1 MiB"),
        ("c.md", b"- x\n\0", "c.md:2: the file has a NUL byte"),
        ("d.md", None, "d.md:1: there is no such file"),
    ):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(Invalid, match=says):
            read_chart(tmp_path / name)
    (tmp_path / "folder.md").mkdir()
    with pytest.raises(Invalid, match="not a plain file"):
        read_chart(tmp_path / "folder.md")


PIECES = [
    *"ABC \n-=.~>|[](){}/\\\"`#;&%:@*<x1,?+", "-->", "-- ", "graph TD\n", "end", "digraph {", "->", "subgraph", "```",
    "\n  - ", "- [ ] ", "Yes: ", "&#35;", "<br/>", ":::", "label=", "\u202e", "\x00", "\ud800", "\u200b",
]  # fmt: skip
ANYTHING = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=60).map("".join)


@given(ANYTHING)
def test_no_text_is_too_strange(text: str) -> None:
    for read, before in ((mermaid.read, "graph TD\n"), (dot.read, "digraph {"), (checklist.read, "- x\n")):
        for whole in (text, before + text, before + text + "}"):
            try:
                sound(drafted(read(whole), "x.md"))
            except UnreadableError as wrong:
                assert wrong.mistake.says  # noqa: PT017  # most texts are read, some are not
                assert 1 <= wrong.mistake.line <= len(whole.splitlines()) + 1  # noqa: PT017


def sound(draft: Drafted) -> None:
    """It passes lint as a draft, everything that is still to be seen to was told, and it can be written to a file."""
    flow = draft.file.flow
    assert lint(flow, publishing=False) == ()
    assert {fault.node for fault in lint(flow)} <= {note.node for note in draft.notes}
    assert flow_of(from_yaml(flow_to_yaml(flow), "again.yaml")) == flow


IDS = st.sampled_from("abcdefgh")
WORDS = st.sampled_from(["", "Yes", "no", "Can't tell", "Done", "Escalate", "Is it?", "Start", "\u200b", "Look"])
SHAPES = ["step", "question", "end", "value", "linked", "resolved", "escalate"]
CHARTS = st.builds(
    lambda boxes, ways: Chart(boxes=boxes, ways=[way for way in ways if {way.start, way.end} <= boxes.keys()]),
    st.dictionaries(
        IDS,
        st.builds(Box, WORDS, st.just(1), st.sampled_from(SHAPES)),
        min_size=1,
    ),
    st.lists(st.builds(Way, IDS, IDS, WORDS, st.just(1)), max_size=40),
)  # fmt: skip


@given(CHARTS)
def test_any_chart_becomes_a_draft_that_could_be_walked(chart: Chart) -> None:
    sound(drafted(chart, "x.md"))


KEYS = st.sampled_from([f"k{n}" for n in range(6)])
LABELS = st.text(st.sampled_from("abcXYZ 12?\"#;|<>[]{}()`'&%-"), min_size=1, max_size=60).map(lambda t: f"a {t} z")
NODES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Instruction, text=LABELS, next=KEYS, risk=st.sampled_from(["safe", "confirm"])),
    st.builds(Input, text=LABELS, name=st.just("serial"), next=KEYS),
    st.builds(Verify, text=LABELS, next=KEYS, failed=KEYS),
    st.builds(Link, text=LABELS, flow=st.just("line"), next=KEYS),
    st.builds(
        Question,
        text=LABELS,
        answers=st.lists(st.builds(Answer, label=LABELS, next=KEYS), min_size=2, max_size=5).map(tuple),
        unsure=st.none() | KEYS,
    ),
    st.builds(Outcome, text=LABELS, result=st.sampled_from(["resolved", "escalate"])),
)  # fmt: skip
FLOWS = st.fixed_dictionaries({f"k{n}": NODES for n in range(6)}).map(
    lambda nodes: Flow(slug="x", title="x", category="x", start="k0", nodes=nodes)
)
LINE = Flow(
    slug="line", title="x", category="x", start="a", nodes={"a": Outcome(text="Done.", result="resolved")}
)  # fmt: skip


@given(FLOWS)
def test_a_flow_that_is_drawn_and_read_again_has_the_same_structure(flow: Flow) -> None:
    if any(fault for fault in lint(flow, {"line": LINE}) if fault.rule != "unreachable"):
        return
    reached = _reached(flow)
    again = drafted(mermaid.read(drawn(reached)), "x.mmd", {"line"})
    assert [note.says for note in again.notes if note.node] == []
    assert _structure(again.file.flow) == _structure(reached)


def _reached(flow: Flow) -> Flow:
    keys = reachable([flow.start], {key: leads_to(node) for key, node in flow.nodes.items()})
    return replace(flow, nodes={key: node for key, node in flow.nodes.items() if key in keys})


def _structure(flow: Flow) -> list[object]:
    """Types, words and ways in the order in which a walk that takes every answer comes by."""
    order, waiting = dict[str, int](), [flow.start]
    while waiting:
        key = waiting.pop(0)
        if key not in order:
            order[key] = len(order)
            waiting += [to for _, to in ways(flow.nodes[key])]
    found: list[object] = []
    for key in order:
        node = flow.nodes[key]
        led = [(" ".join(label.split()), order[to]) for label, to in ways(node)]
        result = node.result if isinstance(node, Outcome) else None
        found.append((node.type, "".join(node.text.split()), led, result))
    return found
