"""Flow files: what is written is what is read, and every mistake has its line."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.documents.pieces import from_json, from_yaml
from services.errors import Invalid
from services.flows.format import flow_of, flow_to_yaml, json_schema, read_flows
from services.flows.nodes import (
    Answer,
    Flow,
    Input,
    Instruction,
    Link,
    Node,
    Outcome,
    Question,
    Verify,
    flow_from_json,
    flow_to_json,
)
from storage.written import Unreadable

EXAMPLE = """\
slug: outlook-password-prompt
title: Outlook keeps asking for a password
category: email_outlook_client
keywords: [outlook, password, prompt, credentials]
examples:
  - outlook wants my password every two minutes
summary: Outlook asks for the password again and again although it is right.
start: web
nodes:
  web:
    type: question
    text: Can they sign in to webmail?
    say: Please open your mail in the browser; does it let you in?
    answers:
      - {label: 'Yes', next: cached}
      - {label: 'No', next: who}
    unsure: cached
  cached:
    type: instruction
    text: Clear the saved credentials.
    caution: They must sign in everywhere again.
    risk: confirm
    next: check
  check:
    type: question
    text: Does Outlook still ask?
    answers:
      - {label: 'Yes', next: up}
      - {label: 'No', next: done}
  who:
    type: verify
    text: Make sure who is calling.
    next: reset
    failed: up
  reset:
    type: instruction
    text: Send the self-service reset link.
    needs_identity: true
    next: check
  done:
    type: outcome
    text: Outlook opens without asking.
    result: resolved
  up:
    type: outcome
    text: 'Give the engineer: account, build, sign-in logs.'
    result: escalate
    reason_category: needs_access
"""


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def small(slug: str) -> str:
    return json.dumps(
        {
            "slug": slug,
            "title": "T",
            "category": "c",
            "start": "a",
            "nodes": {"a": {"type": "outcome", "result": "resolved", "text": "Solved"}},
        }
    )


def test_a_flow_is_written_as_a_person_would(write: Callable[[str, str], Path]) -> None:
    (file,) = read_flows([write("flow.yaml", EXAMPLE)])
    assert flow_to_yaml(file.flow) == EXAMPLE
    assert file.line_of("who") == 30
    assert file.line_of(None) == 1


def test_labels_that_yaml_takes_for_something_else_stay_labels() -> None:
    text = EXAMPLE.replace("'Yes'", "Yes").replace("'No'", "no")
    web = flow_of(from_yaml(text, "f")).nodes["web"]
    assert isinstance(web, Question)
    assert [each.label for each in web.answers] == ["Yes", "no"]


def test_folders_and_json_lines_give_all_their_flows_in_order(
    write: Callable[[str, str], Path], tmp_path: Path
) -> None:
    write("more/b.yml", EXAMPLE)
    write("a.json", small("a"))
    write("c.jsonl", small("c1") + "\n\n" + small("c2"))
    write(".hidden/d.json", "{")
    write("readme.md", "no flow")
    read = read_flows([tmp_path])
    assert [each.flow.slug for each in read] == ["a", "c1", "c2", "outlook-password-prompt"]
    assert [each.line_of("a") for each in read[:3]] == [1, 1, 3]


def test_all_mistakes_of_all_files_are_told_at_once(write: Callable[[str, str], Path], tmp_path: Path) -> None:
    first = write("a.yaml", EXAMPLE.replace("type: verify", "type: verfy"))
    second = write("b.json", small("b").replace('"title": "T", ', ""))
    with pytest.raises(Invalid) as refused:
        read_flows([first, second, tmp_path / "none.yaml"])
    assert refused.value.detail.split("\n") == [
        f'{first}:31: "verfy" does not fit here (nodes.who.type); did you mean "verify"?',
        f'{second}:1: "title" is missing (title); add it',
        f"{tmp_path / 'none.yaml'}:1: there is no such file or folder; check the path",
    ]


def test_a_folder_without_a_flow_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no flow file in this folder"):
        read_flows([tmp_path])


def test_a_node_that_leads_nowhere_is_told_with_its_line(write: Callable[[str, str], Path]) -> None:
    with pytest.raises(Invalid, match=r'flow.yaml:35: "next" is missing \(nodes.reset.next\)'):
        read_flows([write("flow.yaml", EXAMPLE.replace("    needs_identity: true\n    next: check\n", ""))])


def test_the_schema_describes_what_is_read() -> None:
    schema = json_schema()
    assert schema["required"] == ["slug", "title", "category", "start", "nodes"]
    assert set(schema["$defs"]) == {"Answer", "Question", "Instruction", "Input", "Verify", "Link", "Outcome"}
    question = schema["$defs"]["Question"]
    assert question["additionalProperties"] is False
    assert question["required"] == ["type", "text", "answers"]
    assert question["properties"]["answers"]["minItems"] == 2
    assert question["properties"]["say"]["description"] == "Words for the caller."
    assert schema["properties"]["examples"]["description"].startswith("Callers' own words")


_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20) | st.sampled_from(
    [
        "Yes",
        "no",
        "1.10",
        "0755",
        "null",
        "~",
        "",
        "2026-01-31",
        "a: b",
        "# x",
        "- a",
        "\n",
        "a\n\nb ",
        " a\n b",
        "<<",
        "=",
    ]
)
_SHOWN = {
    "text": _TEXT,
    "say": st.none() | _TEXT,
    "undo": st.none() | _TEXT,
    "risk": st.sampled_from(["safe", "confirm"]),
    "needs_identity": st.booleans(),
    "needs_review": st.booleans(),
}
_ANSWERS = st.lists(st.builds(Answer, label=_TEXT, next=_TEXT), max_size=3).map(tuple)
_NODES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Question, **_SHOWN, answers=_ANSWERS, unsure=st.none() | _TEXT),
    st.builds(Instruction, **_SHOWN, next=_TEXT),
    st.builds(Input, **_SHOWN, name=_TEXT, pattern=st.none() | _TEXT, next=_TEXT),
    st.builds(Verify, **_SHOWN, next=_TEXT, failed=_TEXT),
    st.builds(Link, **_SHOWN, flow=_TEXT, next=_TEXT),
    st.builds(Outcome, **_SHOWN, result=st.sampled_from(["resolved", "escalate"]), reason_category=st.none() | _TEXT),
)
FLOWS = st.builds(
    Flow,
    slug=_TEXT,
    title=_TEXT,
    category=_TEXT,
    start=_TEXT,
    nodes=st.dictionaries(_TEXT, _NODES, max_size=4),
    keywords=st.lists(_TEXT, max_size=3).map(tuple),
    examples=st.lists(_TEXT, max_size=3).map(tuple),
    summary=st.none() | _TEXT,
)


@given(FLOWS)
def test_what_is_written_is_read_again(flow: Flow) -> None:
    assert flow_of(from_yaml(flow_to_yaml(flow), "f")) == flow
    assert flow_of(from_json(json.dumps(flow_to_json(flow)), "f")) == flow
    assert flow_from_json(json.loads(json.dumps(flow_to_json(flow)))) == flow


def test_what_comes_after_more_mistakes_than_are_told_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n" * 60)
    paths = iter([tmp_path / "bad.jsonl", tmp_path / "next.yaml"])
    with pytest.raises(Invalid, match=r"and more; mend these first$"):
        read_flows(paths)
    assert next(paths).name == "next.yaml"


@pytest.mark.parametrize(
    "written",
    [
        7,
        [],
        {},
        {"title": "t", "category": "c", "start": "web"},
        {"title": "t", "category": "c", "start": "a", "nodes": []},
        {"title": "t", "category": "c", "start": "a", "nodes": {"a": ["outcome"]}},
        {"title": "t", "category": "c", "start": "a", "nodes": {"a": {"type": "riddle", "text": "?"}}},
        {"title": "t", "category": "c", "start": "a", "nodes": {"a": {"type": "verify", "text": "?", "loud": 1}}},
        {"title": "t", "category": "c", "start": "a", "nodes": {"a": {"type": "outcome", "result": "x", "text": 7}}},
        {
            "title": "t",
            "category": "c",
            "start": "a",
            "nodes": {"a": {"type": "question", "text": "?", "answers": [1]}},
        },
    ],
)
def test_what_nobody_here_has_written_is_no_flow(written: Any) -> None:
    with pytest.raises(Unreadable, match="a flow in it cannot be read"):
        flow_from_json(written)
    if isinstance(written, dict):
        with pytest.raises(Unreadable, match="the flow 'x' in it cannot be read"):
            flow_from_json({"slug": "x", **written})
