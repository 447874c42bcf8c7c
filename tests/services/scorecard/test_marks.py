"""What a call is marked by, without anybody who judges."""

from uuid import UUID

import pytest

from services.ai.models import Usage
from services.ai.spending import Spent
from services.builder.protocol import Built, Taken
from services.builder.rules import AT_THE_CAP
from services.flows.nodes import Answer, Instruction, Node, Outcome, Question
from services.scorecard.card import Answered, Card, card
from services.scorecard.case import Case
from services.scorecard.marks import Kind, cost, marks
from services.scorecard.play import Offered, Played
from services.scorecard.telling import markdown, totals
from tests.services.people import ManualClock


def ask(text: str, *labels: str) -> Question:
    return Question(text=text, answers=tuple(Answer(label=label, next="") for label in labels or ("Yes", "No")))


def do(text: str) -> Instruction:
    return Instruction(text=text, next="")


SOLVED = Outcome(text="It works.", result="resolved")
PASSED_ON = Outcome(text="Pass it on.", result="escalate", reason_category="needs_access")


def played(
    *nodes: Node,
    end: Node | None = SOLVED,
    gone: bool = True,
    ends: str = "resolved",
    reasons: tuple[str, ...] = (),
    offered: tuple[Offered, ...] = (),
) -> Played:
    case = Case(
        name="lamp",
        category="printer",
        problem="dark",
        cause="off",
        facts=(),
        ends="resolved" if ends == "resolved" else "escalate",
        reasons=reasons,
    )
    return Played(
        case=case,
        id=UUID(int=7),
        steps=tuple(Taken(node, "model", "1", "Yes") for node in nodes),
        offered=offered,
        garbled=0,
        end=None if end is None else Built(end, "limit" if end is AT_THE_CAP.node else "model"),
        failed="" if end else "the model is overloaded",
        gone=gone,
        unsure=0,
        unforeseen=0,
    )


ENDS = [
    ("solved", played(), ("resolved", True, None, False)),
    ("called solved too early", played(gone=False), ("resolved", False, None, True)),
    ("passed on needlessly", played(end=PASSED_ON), ("escalate", False, None, False)),
    (
        "rightly passed on",
        played(end=PASSED_ON, gone=False, ends="escalate", reasons=("needs_access",)),
        ("escalate", True, True, False),
    ),
    (
        "for another reason",
        played(end=PASSED_ON, gone=False, ends="escalate", reasons=("needs_onsite",)),
        ("escalate", True, False, False),
    ),
    (
        "called solved instead of passed on",
        played(gone=False, ends="escalate"),
        ("resolved", False, None, True),
    ),
    ("at the cap", played(end=AT_THE_CAP.node, gone=False, ends="escalate"), ("limit", False, None, False)),
    ("no step", played(end=None, gone=False), ("nothing", False, None, False)),
]


@pytest.mark.parametrize(("call", "wanted"), [each[1:] for each in ENDS], ids=[each[0] for each in ENDS])
def test_how_a_call_ended(call: Played, wanted: tuple[str, bool, bool | None, bool]) -> None:
    given = marks(call)
    assert (given.ended, given.right, given.reason_fits, given.too_early) == wanted


FAULTS: list[tuple[tuple[Node, ...], list[Kind]]] = [
    ((ask("Is the cable in?"), do("Push it in."), ask("Is the cable in?")), []),
    ((ask("Is the network cable plugged in?"), ask("Is the network cable plugged in right?")), ["repeated"]),
    ((do("Push the cable in."), ask("Does it work?"), do("Push the cable in, please.")), ["repeated"]),
    ((ask("Is the light on?"), ask("Does a page open?")), []),
    ((ask("Is it on? Is it red?"),), ["double"]),
    ((ask("Is it on, and does it blink?"),), ["double"]),
    ((ask("Is the charger in, and no meeting near?"),), ["double"]),
    ((ask("Does the search and rescue page open?"),), []),
    ((ask("What does the screen show?"),), ["labels"]),
    ((ask("Is it a local or a shared printer?"),), ["labels"]),
    ((ask("Is it a local or a shared printer?", "Local", "Shared"),), []),
    ((ask("Is it a local or a shared printer?", "Big", "Small"),), ["labels"]),
    ((ask("Is it on?", "Yes", "yes "),), ["labels"]),
    ((do("Choose the printer."), do("Close Outlook and open it."), do("Restart the computer.")), []),
    ((do("Restart the computer."), ask("Does it work?"), do("Choose the printer.")), ["late"]),
]


@pytest.mark.parametrize(("nodes", "kinds"), FAULTS, ids=[nodes[-1].text for nodes, _ in FAULTS])
def test_the_faults_of_a_path(nodes: tuple[Node, ...], kinds: list[Kind]) -> None:
    assert [fault.kind for fault in marks(played(*nodes)).faults] == kinds


COSTS = [
    ("Press the mute key.", 1),
    ("Turn the headset off and on.", 2),
    ("Quit the client and open it again.", 2),
    ("Restart the computer.", 3),
    ("Pull the router's plug.", 3),
    ("Leave the sign-in alone for fifteen minutes.", 3),
]


@pytest.mark.parametrize(("text", "level"), COSTS)
def test_what_an_instruction_costs_the_caller(text: str, level: int) -> None:
    assert cost(text) == level


def test_what_was_refused_is_a_fault_though_nobody_saw_it() -> None:
    node = do("Turn off the firewall.")
    given = marks(played(offered=(Offered(node, "model", 900, "unsafe", "security"), Offered(node, "model", 700))))
    assert [(fault.kind, fault.text) for fault in given.faults] == [("unsafe", node.text)]
    assert given.nodes == 2


def carded() -> Card:
    offers = tuple(Offered(SOLVED, "model", float(ms)) for ms in range(1000, 3000, 100))
    call = played(ask("Is it <b>on</b>, and is it | red?"), offered=offers)
    spent = Spent(ManualClock()(), "next_node", "claude-haiku-5-5", call.id, Usage(1000, 0, 0, 200), 900, "answered")
    return card([call, played(end=None)], Answered(model="some-model", by=("other-model",)), [spent])


def test_a_card_adds_up_what_its_calls_came_to() -> None:
    made = carded()
    told = dict(totals(made))
    assert told["ended as it should"] == "1 of 2"
    assert told["no step came"] == "1"
    assert told["a node is whole after"] == "1.95 s (median), 2.80 s (95 of 100)"
    assert told["calls to a model"] == "1 (1 answered)"
    assert told["cost"] == "$0.0002, $0.00010 a call"
    assert (made.totals.steps_to_the_right_end, made.totals.faults["double"]) == (1, 1)
    assert [line.cost_usd for line in made.lines] == [0.0002, 0.0002]


def test_a_page_names_who_answered_and_takes_no_markup_from_a_model() -> None:
    page = markdown(carded())
    assert "The model asked for was some-model; the service says that other-model answered." in page
    assert "no step came: the model is overloaded" in page
    assert "Is it \\<b\\>on\\</b\\>, and is it \\| red?" in page
