"""Figures that a change must not spoil: measured on the sentences of `library.py`, with a little room below, with the
embedder and without."""

import pytest

from services.matching.encoder import Encoder
from services.matching.index import Index, Verdict
from tests.services.matching.library import CALLS, FLOWS


@pytest.fixture(scope="module", params=["lexical", "hybrid"])
def verdicts(request: pytest.FixtureRequest) -> list[tuple[str, str | None, Verdict]]:
    index = Index.build(FLOWS, Encoder() if request.param == "hybrid" else None)
    return [(call, right, index.match(call)) for call, right in CALLS]


def test_the_right_flow_comes_first(verdicts: list[tuple[str, str | None, Verdict]]) -> None:
    answerable = [(right, verdict) for _, right, verdict in verdicts if right]
    first = sum(verdict.candidates[:1] != () and verdict.candidates[0].slug == right for right, verdict in answerable)
    assert first / len(answerable) >= 0.96


def test_what_starts_by_itself_is_right_and_is_worth_having(verdicts: list[tuple[str, str | None, Verdict]]) -> None:
    started = [(right, verdict.candidates[0].slug) for _, right, verdict in verdicts if verdict.decision == "matched"]
    rightly = sum(right == slug for right, slug in started)
    assert rightly / len(started) >= 0.95
    assert rightly / sum(right is not None for _, right, _ in verdicts) >= 0.6


def test_calls_about_something_else_start_nothing(verdicts: list[tuple[str, str | None, Verdict]]) -> None:
    assert [call for call, right, verdict in verdicts if right is None and verdict.decision == "matched"] == []


def test_few_answerable_calls_are_sent_away(verdicts: list[tuple[str, str | None, Verdict]]) -> None:
    answerable = [verdict.decision for _, right, verdict in verdicts if right]
    assert answerable.count("none") / len(answerable) <= 0.05
