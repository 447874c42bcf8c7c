"""Measuring the matcher and looking after what it has learnt, from the command line."""

import json
from pathlib import Path

import pytest

from tests.rfl1.conftest import Run

SAID = "the gomboc on my desk flibbers"


def first(run: Run) -> str:
    candidates = run("match", SAID, "--json").json["candidates"]
    return str(candidates[0]["slug"]) if candidates else ""


def test_an_example_is_added_dropped_and_taken_back(store: str, run: Run) -> None:
    slug = "outlook-password-prompt"
    assert first(run) != slug
    *own, added = run("flows", "examples", slug, "--add", SAID, "--json").json
    assert {each["source"] for each in own} == {"flow"}
    assert (added["text"], added["verdict"], added["source"], added["dropped"]) == (SAID, "right", "person", False)
    assert first(run) == slug
    assert run("flows", "examples", slug, "--drop", added["id"], "--json").json[-1]["dropped"]
    assert first(run) != slug
    assert not run("flows", "examples", slug, "--restore", added["id"], "--json").json[-1]["dropped"]
    assert first(run) == slug
    assert {each["action"] for each in run("audit", "--json").json} >= {"flow.example.add", "flow.example.drop"}


def test_only_who_reviews_flows_changes_examples_and_only_those_of_the_flow(store: str, run: Run) -> None:
    slug = "outlook-password-prompt"
    added = run("flows", "examples", slug, "--add", SAID, "--json").json[-1]
    assert run("flows", "examples", slug, "--drop", added["id"], "--as", "tina").status == 1
    assert run("flows", "examples", "vpn-will-not-connect", "--drop", added["id"]).status == 1
    assert run("flows", "examples", "no-such-flow").status == 1
    assert run("flows", "examples", slug, "--drop", added["id"], "--add", "x").status == 2


def labels(tmp_path: Path, *lines: object) -> Path:
    path = tmp_path / "labels.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def test_bench_match_counts_what_is_right(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    asked = labels(
        tmp_path,
        {
            "id": 1,
            "text": "outlook wants my password every two minutes",
            "flow": "outlook-password-prompt",
            "kind": "plain",
        },
        {"id": 2, "query": "the coffee is cold", "flow": "none", "category": "unknown"},
        {"id": 3, "text": "my badge opens no door", "flow": "no-such-flow"},
    )
    made = run("bench", "match", asked, "--markdown", tmp_path / "out.md", "--json").json
    assert (made["sentences"], made["hybrid"], made["recall"]["1"]["whole"]) == (3, False, 1)
    assert made["recall"]["1"]["value"] == 1.0
    assert made["false_starts"]["whole"] == 2
    assert made["categories"] == {"value": 1.0, "part": 1, "whole": 1, "interval": made["categories"]["interval"]}
    assert "right flow first" in (tmp_path / "out.md").read_text()


@pytest.mark.parametrize("line", [[], {}, {"text": "x"}, {"text": 1, "flow": "none"}, {"text": " ", "flow": "none"}])
def test_a_line_that_is_no_label_is_named(sqlite_store: str, run: Run, tmp_path: Path, line: object) -> None:
    ran = run("bench", "match", labels(tmp_path, {"text": "x", "flow": "none"}, line))
    assert ran.status == 1
    assert "labels.jsonl:2" in ran.err


def test_with_the_embedder_flows_are_found_by_meaning_and_kept_as_read(
    sqlite_store: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RFL1_MATCH_EMBEDDER", "on")
    found = run("match", "the screen that is attached to my notebook stays dark", "--json").json
    again = run("match", "the screen that is attached to my notebook stays dark", "--json").json
    assert [each["score"] for each in found["candidates"]] == [each["score"] for each in again["candidates"]]
    assert (
        "by meaning"
        in next(each for each in run("doctor", "--json").json["checks"] if each["name"] == "matcher")["detail"]
    )


def test_doctor_says_that_words_alone_serve_and_why(
    sqlite_store: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from services.matching import embedding

    monkeypatch.setenv("RFL1_MATCH_EMBEDDER", "on")
    monkeypatch.setattr(embedding, "_loaded", lambda: "the weights are not there")
    found = next(each for each in run("doctor", "--json").json["checks"] if each["name"] == "matcher")
    assert (found["state"], "words alone: the weights are not there" in found["detail"]) == ("warn", True)
    assert (
        run("match", "outlook wants my password", "--json").json["candidates"][0]["slug"] == "outlook-password-prompt"
    )
