"""What two versions of a flow do not have in common."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from services.flows.difference import FieldChange, NodeChange, difference
from services.flows.nodes import Answer, Flow, Instruction, Node, Outcome, Question
from tests.services.making import flow

BEFORE = flow()


def with_nodes(**nodes: Node) -> Flow:
    return replace(BEFORE, nodes={**BEFORE.nodes, **nodes})


def test_a_flow_is_no_different_from_itself_in_whatever_order_its_nodes_stand() -> None:
    turned = replace(BEFORE, nodes=dict(reversed(list(BEFORE.nodes.items()))))
    assert difference(BEFORE, turned).nothing


def test_nodes_that_came_went_and_changed_are_told_apart() -> None:
    after = with_nodes(on=Instruction(text="Wait a minute.", caution="It is hot.", next="new"))
    after = replace(after, nodes={**after.nodes, "new": Outcome(text="Done.", result="escalate")})
    after = replace(after, nodes={key: node for key, node in after.nodes.items() if key != "end"})
    assert difference(BEFORE, after).nodes == (
        NodeChange(
            "on",
            "changed",
            "Wait a minute.",
            (
                FieldChange("text", "Wait.", "Wait a minute."),
                FieldChange("caution", None, "It is hot."),
                FieldChange("next", "end", "new"),
            ),
        ),
        NodeChange("new", "added", "Done."),
        NodeChange("end", "removed", "Done."),
    )


def test_an_answer_is_told_by_its_label_and_where_it_leads() -> None:
    answers = (Answer(label="Yes", next="end"), Answer(label="Never", next="end"))
    [change] = difference(BEFORE, with_nodes(ask=Question(text="Is it on?", answers=answers, unsure="on"))).nodes
    assert set(change.fields) == {
        FieldChange('answer "Yes"', "on", "end"),
        FieldChange('answer "Never"', None, "end"),
        FieldChange('answer "No"', "end", None),
        FieldChange("unsure", None, "on"),
    }


def test_answers_in_another_order_are_a_change() -> None:
    answers = (Answer(label="No", next="end"), Answer(label="Yes", next="on"))
    [change] = difference(BEFORE, with_nodes(ask=Question(text="Is it on?", answers=answers))).nodes
    assert change.fields == (FieldChange("answers", "Yes, No", "No, Yes"),)


def test_an_outcome_that_ends_otherwise_and_a_node_of_another_type_are_changes() -> None:
    [outcome] = difference(BEFORE, with_nodes(end=Outcome(text="Done.", result="escalate"))).nodes
    assert outcome.fields == (FieldChange("result", "resolved", "escalate"),)
    [turned] = difference(BEFORE, with_nodes(on=Outcome(text="Wait.", result="resolved"))).nodes
    assert FieldChange("type", "instruction", "outcome") in turned.fields


def test_what_belongs_to_no_node_is_told_too() -> None:
    after = replace(BEFORE, title="Ink", keywords=("ink", "toner"), summary="Nothing comes out.")
    assert difference(BEFORE, after).flow == (
        FieldChange("title", "Printer", "Ink"),
        FieldChange("keywords", None, "ink, toner"),
        FieldChange("summary", None, "Nothing comes out."),
    )


TEXTS = st.text(max_size=5)
FLOWS = st.builds(
    lambda nodes, title: replace(BEFORE, nodes=nodes, title=title),
    st.dictionaries(
        st.sampled_from("abcd"),
        st.builds(Instruction, text=TEXTS, next=TEXTS, say=st.none() | TEXTS)
        | st.builds(Outcome, text=TEXTS, result=st.sampled_from(["resolved", "escalate"])),
    ),
    TEXTS,
)


@given(FLOWS, FLOWS)
def test_one_way_is_the_other_way_round(one: Flow, other: Flow) -> None:
    there, back = difference(one, other), difference(other, one)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(each.node, each.change) for each in there.nodes} == {(e.node, turned[e.change]) for e in back.nodes}
    assert there.nothing == (dict(one.nodes) == dict(other.nodes) and one.title == other.title)
