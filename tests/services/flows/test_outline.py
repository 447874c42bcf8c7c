"""A flow as lines: every way, each node unfolded once."""

from dataclasses import replace

from services.flows.graph import ways
from services.flows.nodes import Instruction, Node, Outcome
from services.flows.outline import Branch, outline
from services.flows.starter import starter_flows
from tests.services.making import flow


def told(lines: tuple[Branch, ...]) -> list[tuple[int, str, str, bool]]:
    return [(each.depth, each.label, each.key, each.again) for each in lines]


def test_each_answer_is_a_line_and_what_was_unfolded_before_is_only_named() -> None:
    assert told(outline(flow())) == [
        (0, "", "ask", False),
        (1, "Yes", "on", False),
        (1, "", "end", False),
        (1, "No", "end", True),
    ]


def test_a_way_that_leads_nowhere_and_nodes_that_none_leads_to_are_told() -> None:
    given = flow()
    nodes = {
        **given.nodes,
        "on": Instruction(text="Wait.", next="gone"),
        "lost": Instruction(text="x", next="lost-too"),
        "lost-too": Outcome(text="x", result="resolved"),
    }
    lines = outline(replace(given, nodes=nodes))
    assert [each.key for each in lines if each.node is None] == ["gone"]
    assert [each.key for each in lines if not each.reached] == ["lost", "lost-too"]
    assert [each.key for each in outline(replace(given, start="gone"))] == ["gone", "ask", "on", "end", "end"]


def test_every_node_of_every_starter_flow_is_unfolded_once_and_every_way_is_a_line() -> None:
    for each in starter_flows():
        lines = outline(each)
        assert sorted(line.key for line in lines if not line.again) == sorted(each.nodes)
        assert len({line.id for line in lines}) == len(lines) == 1 + sum(len([*ways(n)]) for n in each.nodes.values())


def test_no_two_lines_have_one_id_whatever_the_nodes_are_named() -> None:
    end = Outcome(text="x", result="resolved")
    for start, way in ((">a", "a"), ("a>0", "a"), ("0>a", "a"), ("<a", "a")):
        nodes: dict[str, Node] = {key: Instruction(text="x", next=to) for key, to in ((start, way), (way, "end"))}
        lines = outline(replace(flow(), nodes=nodes | dict.fromkeys(("end", "<", ">", "a<"), end), start=start))
        assert len({line.id for line in lines}) == len(lines)


def test_a_loop_and_a_chain_that_is_far_too_long_end() -> None:
    chain = {f"n{n}": Instruction(text="x", next=f"n{(n + 1) % 5000}") for n in range(5000)}
    assert len(outline(replace(flow(), nodes=chain, start="n0"))) == 5001
