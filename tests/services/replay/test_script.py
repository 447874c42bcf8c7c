"""The form of a session script, and what is said about a wrong one."""

import time
from pathlib import Path

import pytest

from services.replay.patterns import LONGEST_PATTERN, checked, found
from services.replay.script import MOST_BROKEN, Broken, Script, scripts_of

WHOLE = """\
rfl1: 1
name: password prompt, solved
as: tech                      # optional
intake: {problem: Outlook keeps asking for my password, customer: Acme, contact: "555-0100"}
expect: {outcome: matched, flow: outlook-password-prompt}
steps:
  - {answer: "Yes", expect: {text: webmail}}        # text: a regular expression
  - {ack: true, note: cleared two entries}
  - {back: true}
  - {unsure: true}
  - {input: XK4411}
  - {verify: {method: manager_approval, evidence: rang her}}
  - {verify: {red_flag: refused}}
  - {notes: free}
  - {to_notes: true}
  - {pause: true}
  - {wait: 0.5}
  - {any: 3, wait: 1, note: on we go}
on_failure: playbook
escalate: {category: needs_access, reason: locked}
then:
  - {as: emil, claim: true}
  - {as: emil, hand_back: Ask again., expect: {refused: "claimed"}}
  - {as: emil, resolve: {helpful: false, notes: done}}
after: {status: resolved, path_length: 3, ticket_status: resolved}
"""


def read(tmp_path: Path, text: str) -> Script | Broken:
    path = tmp_path / "call.yaml"
    path.write_text(text)
    [script] = scripts_of(path)
    return script


def test_everything_that_is_promised_is_read(tmp_path: Path) -> None:
    script = read(tmp_path, WHOLE)
    assert isinstance(script, Script)
    assert (script.who, script.intake.contact, script.steps[0].answer) == ("tech", "555-0100", "Yes")
    assert (script.steps[11].any, script.steps[11].wait) == (3, 1.0)
    assert [each.who for each in script.then] == ["emil"] * 3
    assert script.source.endswith("call.yaml")


@pytest.mark.parametrize(
    ("written", "instead", "line", "says"),
    [
        ("ack: true", "ack: true, back: true", 8, "write exactly one of answer"),
        ("{ack: true, note: cleared two entries}", "{note: alone}", 8, "write exactly one of answer"),
        ("{back: true}", "{back: true, note: x}", 9, "a note stands beside"),
        ("{wait: 0.5}", "{wait: 0.5, any: 0}", 17, "1 or more"),
        ("{wait: 0.5}", "{wait: -1}", 17, "0 or more"),
        ("{wait: 0.5}", "{wait: inf}", 17, "3600"),
        ("text: webmail", "text: '(a'", 7, "unclosed group"),
        ("text: webmail", "text: '(?=a)'", 7, "look-around"),
        ("{verify: {red_flag: refused}}", "{verify: {evidence: x}}", 13, "write {method"),
        ("claim: true", "claim: true, hand_back: x", 22, "exactly one of claim"),
        ("on_failure: playbook", "on_failure: panic", 19, '"playbook"'),
        ("rfl1: 1\n", "", 1, '"rfl1" is missing'),
        ('contact: "555-0100"', "adhoc: true, flow: x", 4, "exclude each other"),
        ('contact: "555-0100"', "at_once: true", 1, "at_once needs escalate"),
        ("outcome: matched", "outcome: perhaps", 5, '"matched"'),
        ("path_length: 3", "path_length: three", 25, "whole number"),
        ("steps:", "stepz:", 6, 'did you mean "steps"'),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, written: str, instead: str, line: int, says: str) -> None:
    assert written in WHOLE
    broken = read(tmp_path, WHOLE.replace(written, instead, 1))
    assert isinstance(broken, Broken)
    place = f"call.yaml:{line}:" if "at_once" not in instead else "call.yaml:"
    assert any(place in each and says in each for each in broken.says.splitlines()), broken.says


def test_a_folder_gives_its_scripts_in_order_and_json_lines_several(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    (folder / "below").mkdir(parents=True)
    one = '{"rfl1": 1, "intake": {"problem": "x", "adhoc": true}}\n'
    (folder / "b.jsonl").write_text(one * 2)
    (folder / "a.json").write_text(one)
    (folder / "below" / "c.yml").write_text("nonsense")
    (folder / "notes.txt").write_text("nonsense")
    scripts = list(scripts_of(folder))
    assert [Path(each.source).name for each in scripts] == ["a.json", "b.jsonl", "b.jsonl", "c.yml"]
    assert [isinstance(each, Broken) for each in scripts] == [False, False, False, True]


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    [broken] = scripts_of(tmp_path)
    assert isinstance(broken, Broken)


def test_a_pattern_is_found_anywhere() -> None:
    assert found("(?i)web.?MAIL", "Can they sign in to webmail?")
    assert not found("^webmail", "Can they sign in to webmail?")
    assert found("w.bmail", "\ud800 webmail")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(a|aa)+$", "(.*a){20}$", "(?:a?){50}a{50}$"])
def test_no_pattern_takes_long(pattern: str) -> None:
    began = time.process_time()
    found(checked(pattern), "a" * 4000 + "b")
    assert time.process_time() - began < 5  # backtracking would take longer than the universe has


@pytest.mark.parametrize("pattern", ["a" * (LONGEST_PATTERN + 1), "(a{1000}){1000}", "[", r"(a)\1"])
def test_a_pattern_that_will_not_do_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="regular expression"):
        checked(pattern)


def test_a_long_file_of_something_else_is_not_read_to_its_end(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_text("{}\n" * (MOST_BROKEN + 50))
    *told, last = scripts_of(tmp_path / "log.jsonl")
    assert len(told) == MOST_BROKEN
    assert isinstance(last, Broken)
    assert "mend these first" in last.says
