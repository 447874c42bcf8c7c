"""What no note may keep is taken out; everything that only looks like it stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.builder.guardrails import scrub
from tests.services.builder.corpora import sentences

REMOVED = [line.replace("\\n", "\n").split(" => ") for line in sentences("scrub_removed.txt")]
KEPT = list(sentences("scrub_kept.txt"))


def test_every_secret_is_removed_and_nothing_else() -> None:
    assert [(text, scrub(text)) for text, kept in REMOVED if scrub(text) != kept] == []


def test_what_only_looks_like_a_secret_stays() -> None:
    assert [(text, scrub(text)) for text in KEPT if scrub(text) != text] == []


def test_a_secret_is_removed_from_the_middle_of_a_longer_note() -> None:
    note = "Called 555-0100, error 0x80070035.\nHer password is Winter24!, told her to change it.\nKB5034441 missing."
    assert scrub(note) == note.replace("Winter24!", "[removed]")


@pytest.mark.parametrize("text", [text for text, _ in REMOVED])
def test_scrubbing_again_changes_nothing(text: str) -> None:
    assert scrub(scrub(text)) == scrub(text)


_WORDS = """
    password is pin code mfa : = - / login 123456 4711 Hunter2! the " ' , . [removed] token secret key user bearer basic
    to now it's ://a:b@c ; &x= 123-456
"""
_PIECES = st.sampled_from([*_WORDS.split(), "\n"])


@given(st.lists(_PIECES, max_size=12), st.sampled_from(["", " "]))
def test_any_order_of_words_is_settled_at_once(pieces: list[str], between: str) -> None:
    once = scrub(between.join(pieces))
    assert scrub(once) == once


@given(st.text())
def test_ordinary_text_of_any_alphabet_is_settled_at_once(text: str) -> None:
    once = scrub(text)
    assert scrub(once) == once


@pytest.mark.parametrize(
    "piece", ["password ", "pw - ", "-----BEGIN PRIVATE KEY-----", "://a:", "code ", "1234-", '"', "& a="]
)
def test_a_long_hostile_text_comes_to_an_end(piece: str) -> None:
    scrub(piece * (256_000 // len(piece)))
