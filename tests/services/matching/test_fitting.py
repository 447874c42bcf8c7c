"""A library's own fit: from its examples, a part of which is held back."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.libraries import flows
from services.flows.nodes import Flow
from services.matching.calibration import LEXICAL, NEVER, Fit
from services.matching.fitting import Source, _held_back, refit
from services.matching.gists import NAMES, Gist, Texts, gists, part_of
from services.matching.index import Index


def sources(library: Sequence[Flow]) -> tuple[Index, list[Source]]:
    texts = [Texts.of(flow) for flow in library]
    made = gists(texts)
    return Index.of(made), [Source(each, gist) for each, gist in zip(texts, made, strict=True)]


@pytest.fixture(scope="module")
def library() -> list[Flow]:
    return list(flows(120, examples=8))


def test_a_library_with_few_examples_keeps_what_all_begin_with(library: list[Flow]) -> None:
    assert refit(*sources([replace(flow, examples=flow.examples[:2]) for flow in library])) is None


def test_a_library_whose_examples_tell_its_flows_apart_may_start_them(library: list[Flow]) -> None:
    fit = refit(*sources(library))
    assert fit is not None
    assert 0.6 <= fit.match < 1.0
    assert fit.weights != LEXICAL.weights


def test_a_library_whose_examples_say_nothing_never_starts_by_itself(library: list[Flow]) -> None:
    same = ("it is broken again", "please come and look", "since the update it does not go", "the same as last week")
    fit = refit(*sources([replace(flow, examples=same) for flow in library]))
    assert fit is not None
    assert fit.match == NEVER


def test_a_fit_is_kept_as_it_is(library: list[Flow]) -> None:
    assert Fit.from_json(LEXICAL.to_json()) == LEXICAL


def test_a_gist_is_kept_as_it_is_and_without_some_examples_it_is_that_of_fewer(library: list[Flow]) -> None:
    texts = Texts.of(library[1], [("a", "the gomboc flibbers"), ("b", "the gomboc is grey")])
    gist = gists([texts])[0]
    rows = np.arange((1 + NAMES + len(texts.examples)) * 4, dtype=np.int8).reshape(-1, 4)
    whole = replace(gist, vectors=rows)
    again = Gist.unpack(whole.pack(), 4)
    assert replace(again, vectors=None) == gist
    assert again.vectors is not None
    assert (again.vectors == rows).all()
    fewer = part_of(texts, whole, {0})
    assert fewer.vectors is not None
    assert (fewer.vectors == np.delete(rows, 1 + NAMES, axis=0)).all()
    assert fewer.examples == gist.examples[1:]


def test_what_cannot_be_read_is_said_to_be_so() -> None:
    for packed in (b"", b"\xff\xff\xff\x7f{}", b"\x02\x00\x00\x00[]", b"\x01\x00\x00\x00\xff"):
        with pytest.raises(ValueError, match=r".*"):
            Gist.unpack(packed, 512)


def test_an_index_that_was_changed_is_the_one_that_is_made_anew(library: list[Flow]) -> None:
    made = gists([Texts.of(flow) for flow in library])
    changed = Index.of(made[:100]).changed(made[90:], [library[5].slug])
    anew = Index.of([*made[:5], *made[6:]])
    for flow in library[:20]:
        assert [(each.slug, round(each.score, 5)) for each in changed.match(flow.title).candidates] == [
            (each.slug, round(each.score, 5)) for each in anew.match(flow.title).candidates
        ]


def test_what_is_held_back_goes_with_its_kin_and_comes_in_turns() -> None:
    said = (
        "the gomboc flibbers",
        "the gomboc flibbers again",
        "nothing wubbles on the quay",
        "a zorp was thrumped",
        "who blems the snark",
    )
    flow = replace(next(iter(flows(1))), examples=said)
    texts = Texts.of(flow)
    source = Source(texts, gists([texts])[0])
    turns = [_held_back([source], turn) for turn in range(4)]
    assert sorted(text for held in turns for text in held[0].asked) == sorted(said)
    last = turns[0][0]
    assert last.asked == (said[0], said[4])
    left = {stem for example in last.rest.examples for stem in example}
    assert "gomboc" not in left
    assert {"wubbl", "thrump"} <= left


def test_of_many_examples_a_few_of_every_flow_are_asked(library: list[Flow], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    evidence = Index.evidence

    def noted(index: Index, text: str) -> tuple[list[str], object]:
        asked.append(text)
        return evidence(index, text)

    monkeypatch.setattr(Index, "evidence", noted)
    monkeypatch.setattr("services.matching.fitting.MOST_TRIALS", 100)
    refit(*sources(library))
    assert len(asked) == 100
    heard = [sum(text in flow.examples for text in asked) for flow in library if len(flow.examples) >= 3]
    assert max(heard) <= 3
