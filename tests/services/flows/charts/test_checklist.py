"""Markdown checklists as they are met."""

from pathlib import Path

import pytest

from services.documents.pieces import UnreadableError
from services.flows.charts.checklist import read
from services.flows.charts.draft import Drafted, read_chart
from services.flows.nodes import Flow, Instruction, Outcome, Question

USUAL = """\
# Printer offline

For **office** printers.

## First look
- [ ] Is the printer on?
  - Yes
  - No: Switch it on and wait
    for the green light.
    - [x] Is the light green now?
      - If no, call the vendor
1. Restart the `spooler`
   ```
   net stop spooler
   ```
2. Which light is on?
   * Green -> Print a [test page](https://example.org/test)
   * Amber - escalate to level 2
   * None

Last changed in May.
"""


def drafted(tmp_path: Path, text: str) -> Drafted:
    path = tmp_path / "printer-offline.md"
    path.write_text(text)
    return read_chart(path)


def walked(flow: Flow, *labels: str) -> list[str]:
    """The texts on a path: an answer for every question, instructions passed."""
    here, told, given = flow.start, list[str](), list(labels)
    while True:
        node = flow.nodes[here]
        told.append(node.text)
        match node:
            case Question():
                label = given.pop(0)
                here = next(answer.next for answer in node.answers if answer.label == label)
            case Instruction():
                here = node.next
            case _:
                assert isinstance(node, Outcome)
                return [*told, node.result]


def test_a_list_is_walked_from_its_first_item_to_its_last(tmp_path: Path) -> None:
    flow = drafted(tmp_path, USUAL).file.flow
    assert (flow.slug, flow.title, flow.summary) == ("printer-offline", "Printer offline", "For office printers.")
    assert walked(flow, "Yes", "Green", "Yes") == [
        "Is the printer on?",
        "Restart the spooler net stop spooler",
        "Which light is on?",
        "Print a test page (https://example.org/test)",
        "Is it solved?",
        "It is solved.",
        "resolved",
    ]
    assert walked(flow, "No", "No")[1:] == [
        "Switch it on and wait for the green light.",
        "Is the light green now?",
        "call the vendor",
        "escalate",
    ]
    assert walked(flow, "No", "Yes", "Amber")[-3:] == ["Which light is on?", "escalate to level 2", "escalate"]
    assert walked(flow, "Yes", "None", "No")[-2:] == ["Pass it on: the checklist did not help.", "escalate"]


def test_what_has_no_place_in_a_flow_is_told_with_its_line(tmp_path: Path) -> None:
    told = [(note.line, note.says) for note in drafted(tmp_path, USUAL).notes]
    assert (5, 'a flow has no headings: "First look" is left out') in told
    assert (21, 'this belongs to no step and is left out: "Last changed in May."') in told
    assert any(says.startswith("the list ends here") for _, says in told)


def test_a_question_without_answers_goes_on_with_yes_and_leaves_no_open(tmp_path: Path) -> None:
    made = drafted(tmp_path, "- Is it on?\n- Done\n")
    [asks] = [node for node in made.file.flow.nodes.values() if isinstance(node, Question)]
    assert [answer.label for answer in asks.answers] == ["Yes", "No"]
    assert walked(made.file.flow, "Yes")[-2:] == ["Done", "resolved"]
    assert made.file.flow.nodes[asks.answers[1].next].needs_review
    assert [(note.line, note.node) for note in made.notes if note.node] == [(1, asks.answers[1].next)]


def test_steps_below_a_step_are_done_before_the_next_one(tmp_path: Path) -> None:
    flow = drafted(tmp_path, "* Open the lid\n    * Take the paper out\n    * Close it\n* Is it solved?\n").file.flow
    assert walked(flow, "No")[:4] == ["Open the lid", "Take the paper out", "Close it", "Is it solved?"]


def test_an_end_in_the_middle_of_a_list_is_only_a_step(tmp_path: Path) -> None:
    flow = drafted(tmp_path, "- Escalate to level 2\n- Tell the caller\n- Close the ticket\n").file.flow
    assert walked(flow) == ["Escalate to level 2", "Tell the caller", "Close the ticket", "resolved"]


def test_a_chart_in_mermaid_within_the_page_is_what_is_meant() -> None:
    chart = read("# Printer\n\n- an item\n\n```mermaid\ngraph TD\nA --> B\n```\n- another\n")
    assert (list(chart.boxes), chart.boxes["B"].line) == (["A", "B"], 7)
    with pytest.raises(UnreadableError) as wrong:
        read("text\n~~~mermaid\ngraph TD\nA -- x\n~~~\n")
    assert wrong.value.mistake.line == 4


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("", 1, "there is no list in it"),
        ("# Only\n\nwords\n", 1, "there is no list in it"),
        ("\n".join("  " * depth + "- x" for depth in range(60)), 41, "more than 40 deep"),
        ("- x\n" * 1200, 1001, "more than 1000 items"),
    ],
)
def test_what_is_no_checklist_is_said_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(UnreadableError, match=says) as wrong:
        read(text)
    assert wrong.value.mistake.line == line


def test_a_page_of_any_size_comes_to_an_end() -> None:
    for line in (
        "*" * 900_000,
        "[" * 900_000,
        "- " + "![" * 400_000,
        "#" * 900_000,
        "- " + "<a" * 400_000,
        "`" * 900_000,
        "- [](" + "a" * 900_000,
        "- " + "`` ` " * 180_000,
        "- " + "<a:" * 300_000,
        "- " + "[a]((b)" * 120_000,
        "---",
        "- " + "<!--" * 200_000,
        "- go on" + " " * 800_000,
    ):
        read(f"- x\n{line}\n")


def test_commands_addresses_and_words_to_be_filled_in_come_in_as_they_are_written(tmp_path: Path) -> None:
    flow = drafted(
        tmp_path,
        "- Run `del %systemroot%\\PRINTERS\\*.* /q` on <server>, not \\*all\\*\n"
        "- Read [KB 1](https://kb.example.org/a_(b)_c_) or <https://kb.example.org/x_y_>\n"
        "- Ask for `__init__` ``a ` b`` and ***this*** <b>name</b> &amp; https://kb.example.org/_x_\n- Fixed\n",
    ).file.flow
    assert walked(flow)[:3] == [
        "Run del %systemroot%\\PRINTERS\\*.* /q on <server>, not *all*",
        "Read KB 1 (https://kb.example.org/a_(b)_c_) or https://kb.example.org/x_y_",
        "Ask for __init__ a ` b and this name & https://kb.example.org/_x_",
    ]


def test_paths_of_windows_come_in_with_all_their_signs(tmp_path: Path) -> None:
    flow = drafted(
        tmp_path,
        "- Open \\\\files\\_all\\#1 and C:\\_a_\\.ssh\n- Open \\\\\\\\files\\\\all, **%TEMP%\\_x**, C:\\\\Users\n"
        "- Fixed\n",
    ).file.flow
    assert walked(flow)[:2] == [
        r"Open \\files\_all\#1 and C:\_a_\.ssh",
        r"Open \\files\all, %TEMP%\_x, C:\Users",
    ]


def test_what_stands_between_fences_comes_in_as_it_is_written(tmp_path: Path) -> None:
    flow = drafted(
        tmp_path,
        "- Open a prompt, run\n  `a`\n  `b`\n- Run:\n  ```powershell\n  del *_*.tmp `\n\n  > Name\n  ----\n"
        "  - a_b_c <b>\n  ```\n- Fixed\n\n```\nnone of\n---\n```\n",
    ).file.flow
    assert walked(flow)[:2] == ["Open a prompt, run a b", "Run: del *_*.tmp ` > Name ---- - a_b_c <b>"]


def test_steps_that_say_where_to_go_on_lead_there(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "1. Ping it\n2. Is there an answer?\n   a. yes - go to step 4\n   b. no - continue\n"
        "   c. sometimes: skip to step 9\n"
        "3. Replace the cable\n4. Is it fast?\n   - If so, close the ticket\n   - If not: try it a day, then go on\n"
        "   - Otherwise, go back to step 1.\n",
    )
    flow = made.file.flow
    assert "5: there is no step 9 to go to; the words are a step now" in [f"{n.line}: {n.says}" for n in made.notes]
    assert walked(flow, "Yes", "Yes") == [
        "Ping it",
        "Is there an answer?",
        "Is it fast?",
        "close the ticket",
        "resolved",
    ]
    assert walked(flow, "No", "Yes")[1:3] == ["Is there an answer?", "Replace the cable"]
    assert walked(flow, "sometimes", "Yes")[2] == "skip to step 9"
    assert walked(flow, "Yes", "No (2)", "Yes", "Yes")[3] == "Ping it"


def test_a_question_is_one_whatever_hint_stands_behind_it(tmp_path: Path) -> None:
    flow = drafted(tmp_path, "- Does it start? y/n\n  - Y: Fixed\n  - N: Escalate\n").file.flow
    assert walked(flow, "Y") == ["Does it start? y/n", "Fixed", "resolved"]
    flow = drafted(tmp_path, "- Restart it\n- Is it ok? [Y] go on [N] stop\n").file.flow
    assert walked(flow, "Yes", "Yes")[1] == "Is it ok? [Y] go on [N] stop"
    flow = drafted(tmp_path, "Is the VPN up?\n\n- [ ] Yes: ✅ Resolved\n- [ ] No\n  > Never reset it.\n").file.flow
    assert walked(flow, "Yes") == ["Is the VPN up?", "✅ Resolved", "resolved"]
    flow = drafted(tmp_path, "No sound?\n- Look\n- Listen\n  > With care\n- Fixed").file.flow
    assert walked(flow) == ["Look", "Listen With care", "Fixed", "resolved"]
    assert flow.summary == "No sound?"


def test_front_matter_and_underlines_are_headings_and_comments_are_nothing(tmp_path: Path) -> None:
    made = drafted(
        tmp_path,
        "---\ntitle: 'No sound'\ntags: [a]\n---\n# Another\n<!-- - not\n- this -->\nFirst\n-----\n- Look <!-- why -->\n"
        "- ~~Once done~~\n- Fixed\n",
    )
    assert made.file.flow.title == "No sound"
    assert walked(made.file.flow) == ["Look", "Fixed", "resolved"]
    told = {note.line: note.says for note in made.notes}
    assert told[8] == 'a flow has no headings: "First" is left out'
    assert told[11] == 'it is crossed out and left out: "Once done"'
    assert drafted(tmp_path, "No sound\n========\n- Fixed\n").file.flow.title == "No sound"


def test_what_stands_around_a_chart_in_the_page_is_told(tmp_path: Path) -> None:
    chart = "```mermaid\ngraph TD\nA{On?} -->|Yes| B[Solved]\nA -->|No| C[Escalate]\n```\n"
    made = drafted(tmp_path, f"# Mixed\n{chart}\n- [ ] also this\n\n{chart}")
    assert made.file.flow.title == "Mixed"
    assert [note.line for note in made.notes if "only the page's first chart" in note.says] == [8, 10, 14]
