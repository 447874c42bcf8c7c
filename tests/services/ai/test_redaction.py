"""Nothing that leads to a person, a customer or a machine leaves; what is technical does, word for word."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.redaction import Invented, Redaction, _pieces
from services.builder.guardrails import scrub
from services.builder.playbooks import playbook
from services.categories import BUILDABLE
from services.flows.nodes import Flow, Question
from services.flows.starter import starter_flows
from tests.services.builder.corpora import sentences

CORPUS = Path(__file__).parent / "corpus"


def private() -> Iterator[tuple[list[str], str, list[str]]]:
    """Known names, the text, and what of it must be gone."""
    for line in sentences("private.txt", CORPUS):
        known = re.match(r"\[([^\]]+)\] ", line)
        text, gone = line[known.end() if known else 0 :].replace("\\n", "\n").split(" => ")
        yield known[1].split(";") if known else [], text, gone.split(" | ")


PRIVATE = list(private())
TECHNICAL = list(sentences("technical.txt", CORPUS))


def test_what_leads_to_somebody_is_gone() -> None:
    left = []
    for known, text, gone in PRIVATE:
        hidden = Redaction(known).hide(text)
        left += [(part, text, hidden) for part in gone if part.casefold() in hidden.casefold()]
    assert left == []


def test_what_is_technical_stays_word_for_word() -> None:
    assert [(text, hidden) for text in TECHNICAL if (hidden := Redaction().hide(text)) != text] == []


def test_every_step_that_we_ship_stays_word_for_word() -> None:
    flows = [*starter_flows(), *map(playbook, BUILDABLE)]
    texts = {text for flow in flows for text in _texts(flow)}
    assert len(texts) > 1000
    assert [(text, hidden) for text in sorted(texts) if (hidden := Redaction().hide(text)) != text] == []


def _texts(flow: Flow) -> Iterator[str]:
    for node in flow.nodes.values():
        labels = [each.label for each in node.answers] if isinstance(node, Question) else []
        yield from (text for text in (node.text, node.say, node.expect, node.caution, *labels) if text)


@pytest.mark.parametrize(("known", "text"), [(known, text) for known, text, _ in PRIVATE])
def test_what_was_hidden_comes_back_and_is_not_hidden_twice(known: list[str], text: str) -> None:
    redaction = Redaction(known)
    hidden = redaction.hide(text)
    assert redaction.restore(hidden) == scrub(text)
    assert redaction.hide(hidden) == hidden
    assert redaction.hide(text) == hidden
    assert Redaction(known).hide(hidden) == hidden


def test_the_same_is_the_same_within_a_call() -> None:
    redaction = Redaction()
    assert redaction.hide("Maria at 10.1.2.3") == "[NAME_1] at [IP_1]"
    assert redaction.hide("10.1.2.4, then 10.1.2.3; Maria again") == "[IP_2], then [IP_1]; [NAME_1] again"


def test_nobody_invents_a_placeholder() -> None:
    redaction = Redaction()
    redaction.hide("Maria")
    with pytest.raises(Invented):
        redaction.restore("Tell [NAME_2].")
    with pytest.raises(Invented):
        redaction.restore_within({"answers": ["Yes", "Ask [HOST_1]"]})


def test_a_placeholder_from_outside_stands_for_itself() -> None:
    redaction = Redaction()
    hidden = redaction.hide("he typed [NAME_1], Maria did not")
    assert hidden == "he typed [NAME_1], [NAME_2] did not"
    assert redaction.restore(hidden) == "he typed [NAME_1], Maria did not"


def test_a_placeholder_that_has_only_begun_is_not_shown() -> None:
    redaction = Redaction()
    redaction.hide("Maria")
    assert [redaction.restore(text, whole=False) for text in ("Ask [NA", "Ask [NAME_", "Ask [NAME_1]", "Ask [")] == [
        "Ask ",
        "Ask ",
        "Ask Maria",
        "Ask ",
    ]


_WORDS = """
    maria Maria LOPEZ o'neill Will Mark Contoso Ltd Mr Ms this is from name user jdoe Regards, maria@x.de M. & 's
    born on 14 May 1984 \\\\fs01\\x C:\\Users\\a 10.1.2.3 fe80::1 : 00:1A:2B:3C:4D:5E ACME-LT-042 +44 020 7946 0958
    555-0142 ext 204 4111 1111 KB5034441 0x80070005 12 High Street rue de la Paix 75002 Paris DE89 3704 0044 0532
    0130 00 ticket account number password pin is = - / ' " ( ) , . [NAME_1] [removed] [ ] https://
    outlook.office.com www. contoso.com é ß \u0301 \u200b
"""
_TEXTS = st.builds(
    lambda pieces, between: between.join(pieces),
    st.lists(st.sampled_from([*_WORDS.split(), "\n"]), max_size=14),
    st.sampled_from([" ", "", "\n"]),
)
_NAMES = st.lists(st.sampled_from(["Maria Lopez", "O'Neill", "Contoso Ltd", "Will Mark", "NAME", "ß"]), max_size=3)


@given(_TEXTS | st.text(), _NAMES)
def test_any_text_comes_back_as_it_was(text: str, names: list[str]) -> None:
    redaction = Redaction(names)
    assert redaction.restore(redaction.hide(text)) == "".join(
        piece if piece.startswith("[NAME_") else scrub(piece) for piece in re.split(r"(\[NAME_1\])", text)
    )


@given(_TEXTS | st.text(), _NAMES)
def test_any_text_is_hidden_the_same_way_each_time(text: str, names: list[str]) -> None:
    redaction = Redaction(names)
    hidden = redaction.hide(text)
    assert redaction.hide(text) == hidden
    assert redaction.hide(hidden) == hidden
    assert Redaction(names).hide(text) == hidden


@given(_TEXTS)
def test_a_known_name_is_gone_whatever_stands_around_it(text: str) -> None:
    hidden = Redaction(["Zbyszek Qrmbl"]).hide(f"{text} zbyszek {text} QRMBL's {text}")
    assert not {"zbyszek", "qrmbl"} & set(re.findall(r"\w+", hidden.casefold()))


@pytest.mark.parametrize(
    "piece",
    [
        "a@",
        "1 ",
        "A1-",
        "\\\\a\\",
        "C:\\Users\\a ",
        "Mr van de ",
        "D-1-",
        "Thanks\n",
        "A & ",
        "00:",
        "Aa Bb ",
        "9/",
        "[A_1]",
    ],
)
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    Redaction(["Maria Lopez", "Jean-Luc de la Cruz"]).hide(piece * (100_000 // len(piece)))


def test_a_long_call_is_searched_in_pieces_and_stays_whole() -> None:
    steps = [
        f"{n}. instruction: Ask Maria Lopez of Zork, see [NAME_1]. -> Done. Note: {'no ' * 300}" for n in range(1, 30)
    ]
    text = "<problem>\nno sound\n</problem>\n<steps>\n" + "\n".join(steps) + "\n</steps>\nCategory: printer."
    redaction = Redaction(("Maria Lopez",))
    hidden = redaction.hide(text)
    assert "Maria" not in hidden
    assert hidden.count("[NAME_2]") == len(steps)
    assert redaction.restore(hidden) == text
    assert redaction.hide(hidden) == hidden


@given(st.text(alphabet="1. <a\n", max_size=60).map(lambda text: text * 200))
def test_pieces_lose_nothing(text: str) -> None:
    assert "\n".join(_pieces(text)) == text
