"""Where answers lead, without a store."""

import pytest

from services.errors import Refused
from services.flows.nodes import Answer, Flow, Input, Instruction, Link, Node, Outcome, Question, Verify
from services.walks.engine import STOP, VALUE_LIMIT, Position, advance, gated, said, start
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, Frame, Pending, RedFlag, Reply, Verified

METHODS = {"callback": "Called back"}

OUTLOOK = Flow(
    slug="outlook",
    title="Outlook",
    category="email_outlook_client",
    start="account",
    nodes={
        "account": Question(
            text="Which account?",
            answers=(Answer(label="Microsoft account", next="serial"), Answer(label="Local", next="who")),
            unsure="reset",
        ),
        "serial": Input(text="Serial number", name="serial number", pattern="[A-Z]{2}[0-9]{4}", next="check"),
        "who": Verify(text="Who calls?", next="reset", failed="up"),
        "reset": Instruction(text="Send the link", needs_identity=True, next="check"),
        "check": Link(text="Check the line", flow="line", next="done"),
        "done": Outcome(text="Solved", result="resolved"),
        "up": Outcome(text="Pass on", result="escalate", reason_category="needs_access"),
    },
)
LINE = Flow(
    slug="line",
    title="Line",
    category="x",
    start="light",
    nodes={
        "light": Question(text="Light?", answers=(Answer(label="On", next="fine"), Answer(label="Off", next="dead"))),
        "fine": Outcome(text="Line is fine", result="resolved"),
        "dead": Outcome(text="Line is dead", result="escalate"),
    },
)
TREES = {"flow:outlook": OUTLOOK, "flow:line": LINE}


def walk(*replies: Reply) -> Position:
    here = start("flow:outlook", TREES)
    for reply in replies:
        assert here.pending is not None
        linked = ("flow:line", LINE) if isinstance(here.pending.node, Link) else None
        here = advance(here, reply, TREES, linked=linked)
    return here


def shown(here: Position) -> str:
    assert here.pending is not None
    return here.pending.id


def test_a_walk_begins_at_the_start_of_its_flow() -> None:
    assert walk() == Position(Pending("account", OUTLOOK.nodes["account"]), (Frame("flow:outlook"),), False)


def test_the_label_is_taken_from_the_stored_node_and_not_from_the_caller() -> None:
    pending = walk().pending
    assert pending is not None
    recorded = said(pending, Choose(0), methods=METHODS, built=False)
    assert (recorded.answer, recorded.label) == ("1", "Microsoft account")


def test_a_node_that_needs_identity_has_the_gate_in_front_of_it() -> None:
    gate = walk(CannotTell()).pending
    assert gate is not None
    assert isinstance(gate.node, Verify)
    assert gate.behind == Pending("reset", OUTLOOK.nodes["reset"])


def test_passing_the_gate_shows_the_node_behind_it_and_counts_for_the_rest_of_the_session() -> None:
    here = walk(CannotTell(), Verified("callback", "555"))
    assert shown(here) == "reset"
    assert here.verified


def test_a_red_flag_at_the_gate_ends_in_an_escalation_for_security() -> None:
    here = walk(CannotTell(), RedFlag("wrong number"))
    assert here.pending is not None
    assert here.pending.node == STOP
    assert not here.verified


def test_an_authored_verify_opens_the_way_without_a_second_gate() -> None:
    assert shown(walk(Choose(1), Verified("callback", "555"))) == "reset"


def test_an_authored_verify_that_fails_goes_where_the_author_said() -> None:
    assert shown(walk(Choose(1), RedFlag("hurry"))) == "up"


def test_a_red_flag_takes_back_the_identity_that_was_proved_before() -> None:
    proved = Position(Pending("who", OUTLOOK.nodes["who"]), (Frame("flow:outlook"),), verified=True)
    assert not advance(proved, RedFlag("it is not her"), TREES).verified
    built = Position(Pending("n1", Verify(text="Who?", next="", failed="")), (), verified=True)
    assert advance(built, RedFlag(""), {}) == Position(None)


def test_a_link_walks_the_other_flow_and_comes_back_after_its_good_end() -> None:
    inside = walk(Choose(0), Enter("AB1234"), Acknowledge())
    assert shown(inside) == "light"
    assert inside.frames == (Frame("flow:outlook"), Frame("flow:line", return_to="done"))
    assert shown(walk(Choose(0), Enter("AB1234"), Acknowledge(), Choose(0))) == "done"


def test_links_that_end_at_their_good_end_are_all_left_at_once() -> None:
    done = Outcome(text="ok", result="resolved")

    def linking(slug: str, to: str, next_id: str) -> Flow:
        link, end = Link(text=to, flow=to, next=next_id), Instruction(text="Home", next="ok")
        nodes: dict[str, Node] = {"link": link, "end": end, "ok": done}
        return Flow(slug=slug, title=slug, category="x", start="link", nodes=nodes)

    inner = Flow(slug="c", title="c", category="x", start="i", nodes={"i": Instruction(text="In", next="o"), "o": done})
    trees = {"a": linking("a", "b", "end"), "b": linking("b", "c", "ok"), "c": inner}
    here = start("a", trees)
    for linked in ("b", "c"):
        here = advance(here, Acknowledge(), trees, linked=(linked, trees[linked]))
    assert [frame.tree for frame in here.frames] == ["a", "b", "c"]
    here = advance(here, Acknowledge(), trees)
    assert (shown(here), here.frames) == ("end", (Frame("a"),))


def test_a_linked_flow_that_escalates_does_not_come_back() -> None:
    here = walk(Choose(0), Enter("AB1234"), Acknowledge(), Choose(1))
    assert here.pending is not None
    assert here.pending.node == LINE.nodes["dead"]


def test_a_link_to_a_flow_that_is_gone_is_passed_over() -> None:
    here = walk(Choose(0), Enter("AB1234"))
    assert shown(advance(here, Acknowledge(), TREES, linked=None)) == "done"


def test_an_identity_gate_can_stand_in_front_of_the_first_node() -> None:
    sensitive = Flow(slug="s", title="s", category="s", start="reset", nodes={**OUTLOOK.nodes})
    assert shown(start("t", {"t": sensitive})) == "reset:identity"
    assert shown(start("t", {"t": sensitive}, verified=True)) == "reset"


def test_an_ai_built_walk_waits_for_its_next_node_after_an_answer() -> None:
    here = Position(Pending("n1", Instruction(text="Restart", next="")))
    assert advance(here, Acknowledge(), {}) == Position(None)


def test_a_red_flag_in_an_ai_built_walk_stops_it_too() -> None:
    pending = gated(Pending("n1", Instruction(text="Send", next="", needs_identity=True)), verified=False)
    here = advance(Position(pending), RedFlag(""), {})
    assert here.pending is not None
    assert here.pending.node == STOP


@pytest.mark.parametrize(
    ("node_id", "reply", "words"),
    [
        ("account", Choose(2), "does not answer this question"),
        ("account", Choose(-1), "does not answer this question"),
        ("account", Acknowledge(), "does not answer this question"),
        ("serial", Enter("   "), "empty"),
        ("serial", Enter("xx"), "does not look like"),
        ("serial", Enter("AB1234 and more"), "does not look like"),
        ("serial", Enter("A" * (VALUE_LIMIT + 1)), "longer than"),
        ("who", Verified("birthday", "1.1."), "no way of proving"),
        ("who", Verified("callback", "  "), "missing"),
        ("who", Acknowledge(), "does not answer this verify"),
        ("done", Acknowledge(), "end of the flow"),
        ("reset", Choose(0), "does not answer this instruction"),
    ],
)
def test_a_reply_that_does_not_fit_is_refused_in_words(node_id: str, reply: Reply, words: str) -> None:
    with pytest.raises(Refused, match=words):
        said(Pending(node_id, OUTLOOK.nodes[node_id]), reply, methods=METHODS, built=False)


def test_cannot_tell_is_offered_where_the_author_gave_a_way_and_always_when_ai_built() -> None:
    question = Pending("light", LINE.nodes["light"])
    with pytest.raises(Refused):
        said(question, CannotTell(), methods={}, built=False)
    assert said(question, CannotTell(), methods={}, built=True).answer == "unsure"
