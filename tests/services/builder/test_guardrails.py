"""The hard floor, in both directions: what is dangerous is caught however it is put, what is harmless passes."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.builder.guardrails import unsafe
from services.categories import FORBIDDEN
from tests.services.builder.corpora import sentences

DANGEROUS = [line.split(": ", 1) for line in sentences("dangerous.txt")]
HARMLESS = list(sentences("harmless.txt"))


def test_every_dangerous_sentence_is_caught() -> None:
    assert [text for _, text in DANGEROUS if unsafe(text) is None] == []


def test_no_harmless_sentence_is_caught() -> None:
    assert [(text, str(reason)) for text in HARMLESS if (reason := unsafe(text))] == []


def test_every_forbidden_category_is_named_by_the_reason() -> None:
    named = {reason.category for _, text in DANGEROUS if (reason := unsafe(text))}
    assert named == {*FORBIDDEN, "secrets"}


def test_a_reason_says_which_words_gave_it_away() -> None:
    assert str(unsafe("Please open regedit now.")) == "registry edit: 'regedit'"


@pytest.mark.parametrize(
    "disguise",
    [
        str.upper,
        str.title,
        lambda text: text.replace(" ", "  \t "),
        lambda text: text.replace("a", "\u200ba\u200d"),
        lambda text: text.replace("o", "\u043e").replace("e", "\u0435").replace("i", "\u0456"),
        lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
        lambda text: text.replace("e", "e\u0301"),
    ],
    ids=["upper", "title", "spread", "zero width", "Cyrillic", "full width", "accents"],
)
@pytest.mark.parametrize(
    "text", ["turn off the firewall", "edit the registry", "ask the caller for their password", "format the drive"]
)
def test_a_disguise_does_not_help(disguise: Callable[[str], str], text: str) -> None:
    assert unsafe(disguise(text)) is not None


@pytest.mark.parametrize("place", range(1, 8))
@pytest.mark.parametrize(
    "typo",
    [
        lambda word, at: word[:at] + word[at + 1 :],
        lambda word, at: word[:at] + word[at] + word[at:],
        lambda word, at: word[:at] + "x" + word[at + 1 :],
        lambda word, at: word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
    ],
    ids=["left out", "twice", "wrong", "swapped"],
)
def test_a_typo_does_not_help(typo: Callable[[str, int], str], place: int) -> None:
    assert unsafe(f"turn off the {typo('firewall', place)}") is not None
    assert unsafe(f"edit the {typo('registry', place)}") is not None


@pytest.mark.parametrize(
    "text", ["outlook.exe /safe", "Type ipconfig /all and press Enter.", "ping 10.0.0.1 -t", "winword /safe", "and/or"]
)
def test_a_switch_of_a_harmless_program_passes(text: str) -> None:
    assert unsafe(text) is None


@pytest.mark.parametrize("text", ["turn off the firewall", "disable the antivirus", "delete the files"])
@pytest.mark.parametrize(
    "frame",
    [
        "First, {}. Then restart.",
        "1. Restart\n2. {}\n3. Restart",
        "If nothing helps, {}.",
        "You could {} for a moment.",
        "Restart and {}.",
        "Don't forget to {}.",
        "Does it help to {}?",
        "Could you {}?",
        "Ask the caller to {}.",
        "Never mind the warning; {}.",
    ],
)
def test_the_sentence_around_it_does_not_help(frame: str, text: str) -> None:
    assert unsafe(frame.format(text)) is not None


@pytest.mark.parametrize("text", ["turn off the firewall", "disable the antivirus", "delete the files"])
@pytest.mark.parametrize(
    "frame", ["Never {}.", "Do not {}.", "You must not {}.", "There is no need to {}.", "An engineer has to {}."]
)
def test_what_forbids_it_or_leaves_it_to_others_passes(frame: str, text: str) -> None:
    assert unsafe(frame.format(text)) is None


@pytest.mark.parametrize("text", ["", " ", ".", "\n\n", "\x00", "\u200b", "?!", "Yes", "No", "9"])
def test_next_to_nothing_passes(text: str) -> None:
    assert unsafe(text) is None


@given(
    st.lists(
        st.sampled_from(["never", "turn off", "the", "firewall", "and", "delete", ",", "files", ".", "is", "if you"])
    )
)
def test_no_order_of_words_breaks_it(words: list[str]) -> None:
    unsafe(" ".join(words))


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    unsafe(text)


@pytest.mark.parametrize(
    "piece",
    [
        "never delete files ",
        "turn off ",
        "(((",
        "\\",
        "a",
        "is the firewall turned off and ",
        "curl x ",
        "a /b ",
        "regisrty ",
    ],
)
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    unsafe(piece * (64_000 // len(piece)))
