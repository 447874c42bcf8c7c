"""The semantic core beside the lexical one: by an embedder of a few words, and by the one that ships."""

import tempfile
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from services.matching.calibration import HYBRID_EVIDENCE, ranked
from services.matching.encoder import Encoder, Missing
from services.matching.gists import Texts, gists
from services.matching.index import Index
from services.matching.semantic import Semantic
from tests.services.matching.library import flow

_WORDS = ("printer", "paper", "queue", "toner", "vpn", "tunnel")


class Words:
    """Each word that it knows is a direction of its own."""

    name, size = "words", len(_WORDS) + 1

    def encode(self, texts: Sequence[str]) -> Any:
        rows = np.array(
            [[*(float(word in text.lower()) for word in _WORDS), 0.1] for text in texts], np.float32
        ).reshape(len(texts), self.size)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


PRINTER = flow("printer", "Printer and paper", "queue", "", examples=("toner", "toner again"))
TUNNEL = flow("vpn", "VPN", "tunnel", "")


def core() -> Semantic:
    return Semantic.build(gists([Texts.of(PRINTER), Texts.of(TUNNEL)], Words()), Words())


@pytest.mark.parametrize(("text", "nearest"), [("printer paper", 0), ("queue", 0), ("toner", 0), ("tunnel", 1)])
def test_nearest_is_the_title_the_keywords_or_an_example(text: str, nearest: int) -> None:
    evidence = core().ask(text).weigh([0, 1])
    assert evidence[nearest, 1] == pytest.approx(1, abs=0.01)
    assert evidence[1 - nearest, 1] < 0.2


def test_the_middle_of_a_flow_is_pulled_by_its_examples_the_more_the_more_there_are() -> None:
    alike = []
    for number in (0, 1, 20):
        said = flow("printer", "Printer", "queue", "", examples=tuple(f"toner {each}" for each in range(number)))
        alike.append(float(Semantic.build(gists([Texts.of(said)], Words()), Words()).ask("toner").weigh([0])[0, 0]))
    assert alike == sorted(alike)
    assert alike[0] < 0.2
    assert alike[2] > 0.9


def test_a_flow_that_is_gone_or_has_no_vectors_is_like_nothing() -> None:
    there = core().replaced({0: None, 2: gists([Texts.of(PRINTER)])[0]}, 3)
    assert there.ask("printer").weigh([0, 2]).tolist() == [[0, 0], [0, 0]]
    assert there.ask("tunnel").best(5) == [1]


def test_a_library_of_many_keeps_names_and_the_newest_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.matching.semantic._MOST_VECTORS", 3)
    evidence = Semantic.build(gists([Texts.of(PRINTER)], Words()), Words())
    assert len(evidence.said[0]) == 3
    assert evidence.ask("queue").weigh([0])[0, 1] == pytest.approx(1, abs=0.01)


def test_behind_the_first_meaning_has_a_say_and_nothing_is_worth_more_than_what_stands_before_it() -> None:
    rows = np.zeros((3, len(HYBRID_EVIDENCE)), np.float32)
    rows[:, HYBRID_EVIDENCE.index("alike")] = (0.3, 0.3, 0.9)
    order = ranked(rows, np.array([0.4, 0.2, 0.1]))
    assert [row for row, _ in order] == [0, 2, 1]
    worth = [each for _, each in order]
    assert worth[0] == pytest.approx(0.4)
    assert worth == sorted(worth, reverse=True)
    assert ranked(rows[:0], np.zeros(0)) == []


def test_an_index_finds_by_meaning_what_shares_no_word() -> None:
    index = Index.build([PRINTER, TUNNEL], Words())
    assert index.match("vpns").candidates[0].slug == "vpn"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder()


def test_of_a_long_text_the_beginning_is_meant(encoder: Encoder) -> None:
    told = "the printer in the hall is out of paper and blinks " * 8
    long, same, short = encoder.encode([told + "vpn " * 500, told, "printer"])
    assert long @ same == pytest.approx(1, abs=1e-5)
    assert long @ short < 0.95
    assert np.isfinite(encoder.encode(["", " ", "x" * 5000, "\u200b", "漢字"])).all()


def test_sentences_are_the_same_alone_and_among_others(encoder: Encoder) -> None:
    said = ["printer is offline", "I can't get on the VPN", "Drucker druckt nicht"]
    together, alone = encoder.encode(said), np.concatenate([encoder.encode([each]) for each in said])
    assert np.abs(together - alone).max() < 1e-5


def test_without_room_for_its_table_the_encoder_is_missing_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> Any:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    with pytest.raises(Missing, match=r"temporary file.*No space"):
        Encoder()
