"""Whether a recorded path could be walked through another version of its flow."""

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.flows.nodes import Answer, Flow, Input, Instruction, Node, Outcome, Question, Result, Verify, leads_to
from services.flows.paths import Fit, Fits, Path, Stops, Taken, fit


def question(text: str, **answers: str) -> Question:
    return Question(text=text, answers=tuple(Answer(label=label, next=to) for label, to in answers.items()))


FLOW = Flow(
    slug="printer",
    title="Printer",
    category="printer",
    start="on",
    nodes={
        "on": question("Is it on?", Yes="serial", No="press"),
        "press": Instruction(text="Press the button.", next="on-now"),
        "on-now": question("Is it on now?", Yes="done", No="up"),
        "serial": Input(text="Read the serial number.", name="serial", pattern="[A-Z]{2}[0-9]+", next="who"),
        "who": Verify(text="Who is it?", next="done", failed="up"),
        "done": Outcome(text="It prints.", result="resolved"),
        "up": Outcome(text="Pass it on.", result="escalate"),
    },
)


def path(*taken: tuple[str, str], end: Result | None = None) -> Path:
    """Of keys, each with the label that was pressed, or with the answer."""
    return Path(tuple(Taken(key, FLOW.nodes[key], label, label) for key, label in taken), end)


PRESSED = path(("on", "No"), ("press", "ack"), ("on-now", "Yes"), end="resolved")
PROVED = path(("on", "Yes"), ("serial", "XK44"), ("who", "callback"), end="resolved")
FLAGGED = path(("on", "Yes"), ("serial", "XK44"), ("who", "red_flag"), end="escalate")
LEFT = path(("on", "No"), ("press", "ack"))


def changed(**nodes: Node | None) -> Flow:
    """None takes a node out."""
    merged = {**FLOW.nodes, **nodes}
    return replace(FLOW, nodes={key: node for key, node in merged.items() if node is not None})


def stops(told: Fit) -> tuple[str, int, str]:
    assert isinstance(told, Stops)
    return told.node, told.step, told.says


def test_every_path_fits_the_flow_that_it_was_walked_in() -> None:
    assert [fit(each, FLOW) for each in (PRESSED, PROVED, FLAGGED, LEFT)] == [Fits(otherwise=False)] * 4


def test_an_answer_that_is_gone_breaks_the_path_there() -> None:
    flow = changed(on=question("Is it on?", Yes="serial", Never="done", Sometimes="press"))
    assert stops(fit(PRESSED, flow)) == (
        "on",
        1,
        'has no answer "No" any more; there are: Yes, Never, Sometimes',
    )
    assert fit(PROVED, flow) == Fits(otherwise=False)


def test_an_answer_with_another_label_that_leads_to_the_same_is_the_same() -> None:
    flow = changed(on=question("Is it on?", Yes="serial", Off="press"))
    assert fit(PRESSED, flow) == Fits(otherwise=False)


def test_cannot_tell_that_is_not_offered_any_more_breaks_the_path() -> None:
    unsure = Path((Taken("on", FLOW.nodes["on"], "unsure", "Can't tell"),), None)
    assert stops(fit(unsure, FLOW))[:2] == ("on", 1)
    offered = replace(FLOW, nodes={**FLOW.nodes, "on": Question(text="x", answers=(), unsure="press")})
    assert fit(unsure, offered) == Fits(otherwise=False)


def test_a_new_question_on_the_way_breaks_it_and_a_new_instruction_does_not() -> None:
    asks = changed(press=question("Is there paper in it?", Yes="on-now", No="up"))
    assert stops(fit(PRESSED, asks)) == (
        "press",
        2,
        'asks "Is there paper in it?", which these callers were not asked',
    )
    tells = changed(press=Instruction(text="Press the button.", next="wait"))
    tells = replace(tells, nodes={**tells.nodes, "wait": Instruction(text="Wait.", next="on-now")})
    assert fit(PRESSED, tells) == Fits(otherwise=True)


def test_a_step_that_is_left_out_is_another_way_to_the_same_end() -> None:
    flow = changed(on=question("Is it on?", Yes="serial", No="on-now"), press=None)
    assert fit(PRESSED, flow) == Fits(otherwise=True)


def test_a_node_under_another_name_or_with_other_words_is_still_itself() -> None:
    renamed = changed(on=question("Is it on?", Yes="serial", No="push"), press=None)
    renamed = replace(renamed, nodes={**renamed.nodes, "push": Instruction(text="press the  button.", next="on-now")})
    assert fit(PRESSED, renamed) == Fits(otherwise=False)
    reworded = changed(press=Instruction(text="Hold the button for three seconds.", next="on-now"))
    assert fit(PRESSED, reworded) == Fits(otherwise=False)


def test_another_end_breaks_the_path() -> None:
    flow = changed(done=Outcome(text="It prints.", result="escalate"))
    assert stops(fit(PRESSED, flow)) == ("done", 4, "ends in escalate, where these calls ended in resolved")


def test_an_end_where_calls_went_on_breaks_the_path() -> None:
    flow = changed(press=Outcome(text="Give up.", result="escalate"))
    assert stops(fit(LEFT, flow)) == ("press", 2, 'ends here with "Give up.", where these calls went on')


def test_the_same_end_earlier_is_another_way_to_it() -> None:
    flow = changed(press=Outcome(text="It prints.", result="resolved"))
    assert fit(PRESSED, flow) == Fits(otherwise=True)


def test_a_value_that_is_not_taken_any_more_breaks_the_path() -> None:
    flow = changed(serial=Input(text="Read it.", name="serial", pattern="[0-9]+", next="who"))
    assert stops(fit(PROVED, flow)) == ("serial", 2, 'does not take "XK44" any more')


def test_a_red_flag_goes_the_way_of_a_red_flag() -> None:
    flow = changed(who=Verify(text="Who is it?", next="done", failed="done"))
    assert fit(PROVED, flow) == Fits(otherwise=False)
    assert stops(fit(FLAGGED, flow))[2] == "ends in resolved, where these calls ended in escalate"


def test_a_flow_that_goes_round_without_a_question_is_left_again() -> None:
    flow = changed(press=Verify(text="Round", next="press", failed="up"))
    assert stops(fit(PRESSED, flow))[2] == "goes round in a circle here"


KEYS = st.sampled_from("abcde")
NODES = st.one_of(
    st.builds(Instruction, text=KEYS, next=KEYS),
    st.builds(Input, text=KEYS, name=KEYS, next=KEYS),
    st.builds(Verify, text=KEYS, next=KEYS, failed=KEYS),
    st.builds(Outcome, text=KEYS, result=st.sampled_from(["resolved", "escalate"])),
    st.builds(
        Question,
        text=KEYS,
        answers=st.lists(st.builds(Answer, label=KEYS, next=KEYS), max_size=3).map(tuple),
        unsure=st.none() | KEYS,
    ),
)
FLOWS = st.fixed_dictionaries({key: NODES for key in "abcde"}).map(
    lambda nodes: Flow(slug="x", title="x", category="x", start="a", nodes=nodes)
)
PATHS = st.builds(
    Path,
    st.lists(st.builds(Taken, KEYS, NODES, st.sampled_from(["1", "unsure", "ack", "red_flag"]), KEYS)).map(tuple),
    st.sampled_from(["resolved", "escalate", None]),
)


@given(PATHS, FLOWS)
def test_any_path_through_any_flow_comes_to_a_verdict(taken: Path, flow: Flow) -> None:
    told = fit(taken, flow)
    if isinstance(told, Stops):
        assert told.node in flow.nodes
        assert 1 <= told.step <= len(taken.taken) + 1


@given(FLOWS, st.data())
def test_what_was_walked_in_a_flow_fits_it(flow: Flow, data: Any) -> None:
    texts = {key: replace(node, text=f"node {key}") for key, node in flow.nodes.items()}
    flow, here, taken = replace(flow, nodes=texts), "a", []
    end: Result | None = None
    for _ in range(data.draw(st.integers(0, 8))):
        node = flow.nodes[here]
        if isinstance(node, Outcome):
            end = node.result
            break
        answer, label, here = data.draw(st.sampled_from(_ways(node))) if leads_to(node) else ("", "", "")
        if not here:
            break
        taken.append(Taken(next(key for key, each in flow.nodes.items() if each is node), node, answer, label))
    assert fit(Path(tuple(taken), end), flow) == Fits(otherwise=False)


def _ways(node: Node) -> list[tuple[str, str, str]]:
    match node:
        case Question():
            first = {answer.label: answer for answer in reversed(node.answers)}
            ways = [("1", answer.label, answer.next) for answer in first.values()]
            return ways + ([] if node.unsure is None else [("unsure", "Can't tell", node.unsure)])
        case Verify():
            return [("callback", "Called back", node.next), ("red_flag", "Not proved", node.failed)]
        case Instruction() | Input():
            return [("ack", "Done", node.next)]
    return []
