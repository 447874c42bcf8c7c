"""The simulated caller: what it says, what it does not know, and when the trouble is gone."""

import re
from collections import Counter

import pytest

from services.builder.model import REASONS
from services.categories import BUILDABLE
from services.flows.nodes import Answer, Instruction, Question
from services.scorecard.caller import Caller, Said
from services.scorecard.case import Case, Fact, cases, everywhere

CASE = Case(
    name="lamp",
    category="printer",
    problem="the lamp is dark",
    cause="It is off.",
    facts=(
        Fact(asked="bulb"),
        Fact(asked="colleagues|others", says="no|nobody"),
        Fact(asked="lamp", says="no|dark", then="yes|bright"),
    ),
    fix=r"\bpress the switch",
)


def question(text: str, *labels: str, say: str | None = None) -> Question:
    return Question(text=text, say=say, answers=tuple(Answer(label=label, next="") for label in labels))


ASKED = [
    (question("What does the lamp do?", "It blinks", "It stays dark"), Said(1, foreseen=True)),
    (question("Is there light for others?", "Yes", "No"), Said(1, foreseen=True)),
    (question("Who has light?", "Everybody", "Nobody", say="And your colleagues?"), Said(1, foreseen=True)),
    (question("Do colleagues have light?", "Yes, or not known", "No"), Said(1, foreseen=True)),
    (question("Which colour has the bulb?", "Red", "Blue"), Said(None, foreseen=True)),
    (question("How old is the house?", "Young", "Old"), Said(None, foreseen=False)),
    (question("What does the lamp cost?", "Little", "Much"), Said(None, foreseen=False)),
]


@pytest.mark.parametrize(("asked", "said"), ASKED, ids=[asked.text for asked, _ in ASKED])
def test_a_caller_says_what_the_first_fact_that_fits_says(asked: Question, said: Said) -> None:
    assert Caller(CASE).answer(asked) == said


def test_the_fix_makes_the_trouble_go_away_and_nothing_else_does() -> None:
    caller, lamp = Caller(CASE), question("Is the lamp bright?", "Yes", "No")
    caller.do(Instruction(text="Shake the lamp.", next=""))
    assert (caller.gone, caller.answer(lamp).index) == (False, 1)
    caller.answer(question("Press the switch. Is the lamp bright?", "Yes", "No"))
    assert not caller.gone
    caller.do(Instruction(text="Press the switch on the wall.", next=""))
    assert (caller.gone, caller.answer(lamp).index) == (True, 0)


def test_whether_it_still_fails_is_answered_the_other_way_round() -> None:
    caller, still = Caller(CASE), question("Does it still fail?", "Yes", "No")
    assert caller.answer(still).index == 0
    caller.do(Instruction(text="Press the switch.", next=""))
    assert caller.answer(still).index == 1


@pytest.mark.parametrize(("label", "index"), [("It works", 0), ("They are fine", 0), ("It is not", 1), ("It isn't", 1)])
def test_yes_and_no_are_understood_in_other_words(label: str, index: int) -> None:
    labels = (label, "Hm") if index == 0 else ("Hm", label)
    caller = Caller(CASE)
    caller.gone = index == 0
    assert caller.answer(question("And the lamp?", *labels)) == Said(index, foreseen=True)


def test_there_are_cases_of_every_kind() -> None:
    every = cases()
    assert {case.category for case in every[:10]} == set(BUILDABLE)
    assert min(Counter(case.category for case in every).values()) >= 3
    assert len({case.name for case in every}) == len(every) >= 30
    assert sum(case.ends == "escalate" for case in every) >= 8
    assert sum(any(fact.says is None for fact in case.facts) for case in every) >= 6


@pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])
def test_a_case_makes_sense(case: Case) -> None:
    """It has a fix where it can be solved and only there, reasons that there are, and patterns that can be read."""
    assert (case.fix is not None) == (case.ends == "resolved")
    assert set(case.reasons) <= set(REASONS)
    assert case.ends == "escalate" or not case.reasons
    for fact in (*everywhere().before, *case.facts, *everywhere().after):
        for pattern in (fact.asked, *(fact.says or "").split("|"), *(fact.then or "").split("|")):
            re.compile(pattern)
    re.compile(case.fix or "")
