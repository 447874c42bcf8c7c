"""DOT charts as they are met."""

import pytest

from services.documents.pieces import UnreadableError
from services.flows.charts.chart import Box
from services.flows.charts.dot import read

USUAL = r"""
/* drawn
   by a tool */
strict digraph "printer" {
  # preprocessed
  label = "Printer offline"; rankdir=LR
  node [shape=box, fontname="Arial"];
  on [shape=diamond label="Is it\non?"]
  on -> spooler [label="Yes", color=red];
  on -> press:n:sw [label=<<b>No</b>, not yet>] // the other way
  subgraph cluster_0 { label="At the desk"; press [label="Press \"on\""]; press -> on }
  spooler -> {done; "pass on"}
  "pass" + " on" [shape=Msquare];
  edge [style=dotted]
  -3.5 -> done
}
"""


def ways(text: str) -> list[tuple[str, str, str]]:
    return [(way.start, way.end, way.label) for way in read(text).ways]


def test_boxes_edges_and_labels_are_read_and_looks_are_left_out() -> None:
    chart = read(USUAL)
    assert chart.title == "Printer offline"
    assert chart.boxes == {
        "on": Box("Is it\non?", 8, "question"),
        "spooler": Box("spooler", 9),
        "press": Box('Press "on"', 10),
        "done": Box("done", 12),
        "pass on": Box("pass on", 12, "end"),
        "-3.5": Box("-3.5", 15),
    }
    assert [(way.start, way.end, way.label) for way in chart.ways] == [
        ("on", "spooler", "Yes"),
        ("on", "press", "No, not yet"),
        ("press", "on", ""),
        ("spooler", "done", ""),
        ("spooler", "pass on", ""),
        ("-3.5", "done", ""),
    ]


def test_chains_and_groups_are_spelled_out() -> None:
    assert ways("digraph { a -> b -> c }") == [("a", "b", ""), ("b", "c", "")]
    assert ways("digraph { {a b} -> subgraph x {c d} [label=on] }") == [
        ("a", "c", "on"),
        ("a", "d", "on"),
        ("b", "c", "on"),
        ("b", "d", "on"),
    ]
    assert ways("DIGRAPH x { node [shape=diamond] a; EDGE [x=y] a -> b[label=z][color=red] }") == [("a", "b", "z")]


def test_lines_without_arrows_lead_from_left_to_right_and_that_is_told() -> None:
    chart = read("graph { a -- b }")
    assert [(way.start, way.end) for way in chart.ways] == [("a", "b")]
    assert "from left to right" in chart.left_out[0][1]


def test_words_on_an_edge_are_read_wherever_they_stand() -> None:
    drawn = (
        "digraph { edge [label=yes] a -> b; subgraph s { edge [label=no] a -> c } a -> d [xlabel=x]; a -> e [label=e] }"
    )
    assert [label for _, _, label in ways(drawn)] == ["yes", "no", "yes", "e"]
    assert ways('digraph { a -> b [xlabel=x]; a -> c [headlabel="y &amp; z"] }') == [
        ("a", "b", "x"),
        ("a", "c", "y & z"),
    ]


def test_arrows_that_point_back_lead_back_and_what_is_not_seen_is_not_there() -> None:
    assert ways("digraph { a -> b [dir=back]; a -> c [dir=both] }") == [("b", "a", ""), ("a", "c", ""), ("c", "a", "")]
    chart = read("digraph { x [style=invis]; x -> a [style=invis]; a -> b; y [style=invis]; b -> y }")
    assert ([*chart.boxes], len(chart.ways)) == (["a", "b", "y"], 2)


def test_fields_of_a_record_are_its_words_and_those_that_lines_leave_are_the_words_on_them() -> None:
    chart = read(
        "digraph { node [shape=record]\n"
        'q [label="{Is it\\non? (a\\|b)|{<y> Yes|<n>No}}"]; s [label="<p> Do|this"] t [shape=box label="<x> | y"]\n'
        "s:p -> q; q:y:sw -> t; q:n -> s }"
    )
    assert [box.text for box in chart.boxes.values()] == ["Is it\non? (a|b)", "Do\nthis", "<x> | y"]
    assert [way.label for way in chart.ways] == ["", "Yes", "No"]


def test_tables_keep_their_words_apart_and_what_has_no_place_in_a_flow_is_told() -> None:
    chart = read(
        "digraph {\n a [label=<<TABLE><TR><TD>Swap</TD><TD>cable</TD></TR><TR><TD>A</TD></TR></TABLE>>]\n"
        ' subgraph cluster_0 {\n label="Client"; b [URL="https://kb.example.org/1"] } }'
    )
    assert chart.boxes["a"].text.split() == ["Swap", "cable", "A"]
    assert chart.left_out == [
        (4, 'a flow has no groups: the title "Client" is left out'),
        (4, 'a flow has no links on its boxes: "https://kb.example.org/1" is left out'),
    ]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "begins with `digraph`"),
        ("flowchart TD", 1, "begins with `digraph`"),
        ("digraph x", 1, "a { belongs here"),
        ("digraph {\n a -> b", 2, "} is missing"),
        ("digraph {\n a ->\n}", 3, 'a name belongs here, not "}"'),
        ('digraph {\n a [label="x\n}', 2, "a quote that was opened is never closed"),
        ("digraph {\n a [label=<x\n}", 2, "a < that was opened is never closed"),
        ("digraph {\n a [label=x", 2, "not the end of the file"),
        ("digraph { a }\ndigraph { b }", 2, "behind the end of the graph"),
        ("digraph {\n a ~ b }", 2, "not understood: '~'"),
        ('digraph { "a" + b }', 1, "joins texts in quotes"),
        ("digraph {" + "{" * 50 + "}" * 50 + "}", 1, "more than 40 deep"),
    ],
)
def test_what_is_no_chart_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as wrong:
        read(text)
    assert wrong.value.mistake.line == line


def test_a_chart_of_any_size_is_refused_before_it_hangs() -> None:
    for text in (
        "digraph {" + " ".join(f"a{n}" for n in range(2000)) + "}",
        "digraph {{" + " ".join(f"a{n}" for n in range(500)) + "} -> {" + " ".join(f"b{n}" for n in range(90)) + "}}",
        "digraph { a [label=" + "<" * 900_000,
        'digraph { a [label="' + "\\" * 900_001,
        "digraph {" + "/*" * 400_000,
    ):
        with pytest.raises(UnreadableError):
            read(text)
    assert read('digraph { a [shape=record, label="<' + " " * 200_000 + 'x"] }').boxes["a"].text.endswith("x")
