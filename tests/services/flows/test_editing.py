"""One node, as somebody writes it in a form."""

from dataclasses import replace

import pytest

from services.errors import Refused
from services.flows.editing import Written, slug_of, with_node, without, written
from services.flows.lint import lint
from services.flows.nodes import Flow, Input, Instruction, Link, Outcome, Question, Verify
from services.flows.starter import starter_flows
from tests.services.making import flow
from tests.services.people import HOSTILE


def with_stub() -> Flow:
    given = flow("captured")
    stub = Outcome(text="Not taken.", result="escalate", needs_review=True)
    question = given.nodes["ask"]
    assert isinstance(question, Question)
    answers = (question.answers[0], replace(question.answers[1], next="stub"))
    return replace(given, nodes={**given.nodes, "ask": replace(question, answers=answers), "stub": stub})


def test_a_node_that_is_written_as_it_stands_stays_as_it_is() -> None:
    for each in starter_flows():
        for key, node in each.nodes.items():
            stripped = with_node(each, key, written(node))
            assert stripped == each, (each.slug, key)


def test_a_stub_begins_empty_and_is_none_once_it_is_written() -> None:
    given = with_stub()
    begun = written(given.nodes["stub"])
    assert (begun.kind, begun.text, begun.result) == ("outcome", "", "escalate")
    filled = with_node(given, "stub", replace(begun, text="Ring the floor.", reason_category="needs_onsite"))
    assert filled.nodes["stub"] == Outcome(text="Ring the floor.", result="escalate", reason_category="needs_onsite")
    assert lint(filled) == ()


def test_every_kind_can_be_written_and_what_is_left_open_becomes_a_stub() -> None:
    def made(**given: object) -> Flow:
        return with_node(with_stub(), "stub", Written(text="x", **given))  # type: ignore[arg-type]

    assert made(kind="instruction", next="end").nodes["stub"] == Instruction(text="x", next="end")
    open_end = made(kind="instruction", risk="confirm", undo="Switch it on.", needs_identity=True)
    assert open_end.nodes["stub"] == Instruction(
        text="x", next="stub-then", risk="confirm", undo="Switch it on.", needs_identity=True
    )
    assert open_end.nodes["stub-then"].needs_review
    asked = made(kind="question", answers="Yes -> end\n\n  No\nA -> B→on", unsure="end").nodes
    assert asked["stub"] == Question(
        text="x",
        answers=(
            replace(asked["ask"].answers[0], label="Yes", next="end"),  # type: ignore[union-attr]
            replace(asked["ask"].answers[0], label="No", next="stub-other-2"),  # type: ignore[union-attr]
            replace(asked["ask"].answers[0], label="A -> B", next="on"),  # type: ignore[union-attr]
        ),
        unsure="end",
    )
    checked = made(kind="verify", next="end").nodes
    assert checked["stub"] == Verify(text="x", next="end", failed="stub-not-proved")
    assert made(kind="link", flow=" printer ", next="end").nodes["stub"] == Link(text="x", flow="printer", next="end")
    assert made(kind="input", name="serial", pattern=" ", next="end").nodes["stub"] == Input(
        text="x", name="serial", next="end"
    )


@pytest.mark.parametrize(
    ("text", "to", "says"),
    [(" \u200b", "end", "text is empty"), ("x", "nowhere", "no node is named"), ("x", HOSTILE, "no node is named")],
)
def test_what_makes_no_sense_is_refused(text: str, to: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        with_node(flow(), "on", Written(kind="instruction", text=text, next=to))


def test_stubs_that_nothing_leads_to_any_more_go_and_what_somebody_wrote_stays() -> None:
    given = with_stub()
    away = with_node(given, "ask", Written(kind="instruction", text="x", next="end"))
    assert list(away.nodes) == ["ask", "on", "end"]
    assert [fault.rule for fault in lint(away)] == ["unreachable"]
    assert list(without(away, "on").nodes) == ["ask", "end"]


def test_only_what_nothing_leads_to_is_taken_out() -> None:
    with pytest.raises(Refused, match="'ask' leads here"):
        without(flow(), "on")
    with pytest.raises(Refused, match="the flow begins here"):
        without(flow(), "ask")


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Outlook doesn't open my mail!", "outlook-doesn-t-open-my-mail"),
        ("日本語", "captured-flow"),
        ("word " * 30, "word-word-word-word-word-word-word-word-word-word-word-word"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_title_gives_a_slug(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert lint(flow(slug)) == ()
