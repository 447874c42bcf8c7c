"""Mermaid flow charts as they are met."""

import pytest

from services.documents.pieces import UnreadableError
from services.flows.charts.chart import Box, Way
from services.flows.charts.mermaid import read

USUAL = """\
---
title: "Printer offline"
---
%% drawn by hand
flowchart LR
    A([Start]) --> B{"Is it<br/>on?"}
    subgraph desk [At the desk]
      direction TB
      B -->|Yes| C[Restart the spooler]
      B -- No --> D(Switch it on):::step; D -.-> B
    end
    C ==> E & F
    classDef step fill:#fff,stroke:#000
    class A,C step
    style A fill:#f9f
    linkStyle 0 stroke:#ff3
    click A "https://example.org" "a tip"
    E((("Done")))
    F>"Call #quot;the#quot; vendor #35;1 &amp; wait"]
"""


def ways(text: str) -> list[tuple[str, str, str]]:
    return [(way.start, way.end, way.label) for way in read(text).ways]


def test_boxes_arrows_and_labels_are_read_and_looks_are_left_out() -> None:
    chart = read(USUAL)
    assert chart.title == "Printer offline"
    assert chart.boxes == {
        "A": Box("Start", 6, "end"),
        "B": Box("Is it\non?", 6, "question"),
        "C": Box("Restart the spooler", 9),
        "D": Box("Switch it on", 10),
        "E": Box("Done", 18, "end"),
        "F": Box('Call "the" vendor #1 & wait', 19),
    }
    assert [(way.start, way.end, way.label) for way in chart.ways] == [
        ("A", "B", ""),
        ("B", "C", "Yes"),
        ("B", "D", "No"),
        ("D", "B", ""),
        ("C", "E", ""),
        ("C", "F", ""),
    ]
    assert chart.ways[1] == Way("B", "C", "Yes", 9)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("A-->B-->C", [("A", "B", ""), ("B", "C", "")]),
        ("A --> |yes| B", [("A", "B", "yes")]),
        ('A -->|"yes, it is"| B', [("A", "B", "yes, it is")]),
        ("A -- yes it is --> B", [("A", "B", "yes it is")]),
        ('A -- "yes" --> B', [("A", "B", "yes")]),
        ("A -. no .-> B", [("A", "B", "no")]),
        ("A == no ==> B", [("A", "B", "no")]),
        ("A --- B", [("A", "B", "")]),
        ("A-.->B", [("A", "B", "")]),
        ("A -.- B", [("A", "B", "")]),
        ("A ==> B", [("A", "B", "")]),
        ("A ----> B", [("A", "B", "")]),
        ("A --x B", [("A", "B", "")]),
        ("A --o B", [("A", "B", "")]),
        ("A <--> B", [("A", "B", "")]),
        ("A e1@--> B", [("A", "B", "")]),
        ("A ~~~ B", []),
        ("A & B --> C & D", [("A", "C", ""), ("A", "D", ""), ("B", "C", ""), ("B", "D", "")]),
        ("first-box --> box.two", [("first-box", "box.two", "")]),
        ("Ä --> 日本", [("Ä", "日本", "")]),
        ("A-->B; B-->C", [("A", "B", ""), ("B", "C", "")]),
    ],
)
def test_every_arrow_there_is(line: str, found: list[tuple[str, str, str]]) -> None:
    assert ways(f"graph TD\n{line}\n") == found
    assert ways(f"graph TD;{line}") == found


@pytest.mark.parametrize(
    ("drawn", "shape", "text"),
    [
        ("A[a step]", "step", "a step"),
        ("A(a step (or two)", "step", "a step (or two"),
        ("A([a step])", "end", "a step"),
        ("A((a step))", "end", "a step"),
        ("A[[a step]]", "linked", "a step"),
        ("A[(a step)]", "step", "a step"),
        ("A{a step}", "question", "a step"),
        ("A{{a step}}", "question", "a step"),
        ("A[/a step/]", "value", "a step"),
        ("A[/a step\\]", "value", "a step"),
        ("A[\\a step/]", "step", "a step"),
        ("A>a step]", "step", "a step"),
        ('A["`a **step**`"]', "step", "a step"),
        ('A["a **step**"]', "step", "a **step**"),
        ("A[fa:fa-plug a step]", "step", "a step"),
        ("A[a\\nstep]", "step", "a\nstep"),
        (r"A[Open \\nas\new or C:\net\nThen C:\n]", "step", "Open \\\\nas\\new or C:\\net\nThen C:\\n"),
        ('A["(a) [step]"]', "step", "(a) [step]"),
        ('A@{ shape: diam, label: "a step" }', "question", "a step"),
        ("A@{ shape: diam, label: 'a step' }", "question", "a step"),
        ("A[a step]:::resolved", "resolved", "a step"),
        ("A[a step]\nclass A escalate", "escalate", "a step"),
        ("A", "step", "A"),
    ],
)
def test_every_shape_there_is(drawn: str, shape: str, text: str) -> None:
    [box] = read(f"flowchart TB\n{drawn}").boxes.values()
    assert (box.shape, box.text) == (shape, text)


def test_what_leads_to_a_group_leads_to_its_first_box_and_what_leaves_it_leaves_its_last_ones() -> None:
    chart = read(
        "flowchart TD\nin --> one\none -->|then| two\nsubgraph one [At the desk]\nsubgraph inner\na --> b\nend\n"
        'a --> c\nend\nsubgraph "Second line"\nd --> f[Solved]\nd --> e\nend\nsubgraph two\ng\nend\nsubgraph '
        "empty\nend\ntwo --> empty"
    )
    assert "one" not in chart.boxes
    assert "two" not in chart.boxes
    assert [(way.start, way.end, way.label) for way in chart.ways] == [
        ("in", "a", ""),
        ("b", "g", "then"),
        ("c", "g", "then"),
        ("a", "b", ""),
        ("a", "c", ""),
        ("d", "f", ""),
        ("d", "e", ""),
        ("g", "empty", ""),
    ]
    told = dict.fromkeys(chart.left_out)
    assert (4, 'a flow has no groups: the title "At the desk" is left out') in told
    assert (10, 'a flow has no groups: the title "Second line" is left out') in told


def test_what_is_said_of_an_arrow_or_for_the_blind_makes_no_box_and_links_are_told() -> None:
    chart = read(
        "flowchart TD\naccTitle: x\naccDescr {\n more\n lines }\nA e1@-->|yes| B\ne1@{ animate: true }\n"
        'click A "https://kb.example.org/1" "a tip"\nclick B href "#top"\nclick B call go("x")\nsubgraph\nend'
    )
    assert [*chart.boxes] == ["A", "B"]
    assert chart.left_out == [(8, 'a flow has no links on its boxes: "https://kb.example.org/1" is left out')]


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("sequenceDiagram\nA->>B: hello", 1, "begins with `flowchart`"),
        ("", 1, "begins with `flowchart`"),
        ("graph TD\nA --> B\nA[never closed", 3, "] is missing"),
        ('graph TD\nA["never closed', 2, "a quote that was opened is never closed"),
        ('graph TD\nA["closed" B', 2, "] is missing"),
        ("graph TD\nA -- words\nB --> C", 2, "never end"),
        ("graph TD\nA -->\n", 2, "a box belongs here"),
        ("graph TD\nA --> [words]", 2, "a box belongs here"),
        ("graph TD\nA = B", 2, "is not understood"),
    ],
)
def test_what_is_no_flow_chart_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as wrong:
        read(text)
    assert wrong.value.mistake.line == line


def test_a_chart_of_any_size_is_refused_before_it_hangs() -> None:
    for text in (
        "graph TD\n" + "\n".join(f"a{n} --> a{n + 1}" for n in range(2000)),
        "graph TD\n" + " & ".join(f"a{n}" for n in range(900)) + " --> " + " & ".join(f"b{n}" for n in range(90)),
        "graph TD\n" + "subgraph a\n" * 50,
        "graph TD\n" + "".join(f"subgraph a{n}\nend\n" for n in range(2000)),
        "graph TD\nsubgraph g\n" + "\n".join(f"a{n}" for n in range(900)) + "\nend\n" + "g --> b\n" * 9,
    ):
        with pytest.raises(UnreadableError, match="split it up"):
            read(text)
    for text in ("A[/x" * 200_000, "A-- x" * 200_000, "A@{" * 300_000, '"' * 900_000):
        with pytest.raises(UnreadableError):
            read(f"graph TD\n{text}\n")
    assert read("graph TD\nclass " + " " * 900_000).boxes == {}
    assert len(read("graph TD\n" + "A[/x/]\n" * 100_000).boxes) == 1
