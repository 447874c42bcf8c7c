"""The person's own editor: the app steps aside for it and comes back, and what was typed stays until it is stored."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from screens.editor import Sheet
from services.errors import Refused


class Terminal:
    """As Textual gives a terminal away: it takes it back only where nothing is raised meanwhile."""

    app_has_it = True

    @contextmanager
    def suspend(self) -> Iterator[None]:
        self.app_has_it = False
        yield
        self.app_has_it = True


@pytest.fixture
def terminal() -> Any:
    return Terminal()


@pytest.fixture
def sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sheet:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", "sed -i s/one/two/")
    return Sheet(tmp_path / "sheets" / "text.yaml")


def test_what_the_editor_leaves_comes_back_and_is_kept_until_it_is_done_with(sheet: Sheet, terminal: Any) -> None:
    assert sheet.edit(terminal, "one\n") == "two\n"
    assert terminal.app_has_it
    assert sheet.edit(terminal, "something else\n") == "two\n"
    assert sheet.left
    sheet.done()
    assert sheet.edit(terminal, "something else\n") == "something else\n"


def test_only_its_owner_may_read_it(sheet: Sheet, terminal: Any) -> None:
    sheet.edit(terminal, "one")
    assert (os.stat(sheet.file).st_mode & 0o777, os.stat(sheet.file.parent).st_mode & 0o777) == (0o600, 0o700)


@pytest.mark.parametrize(
    ("editor", "says"),
    [
        ("false", "ended with 1"),
        ("sh -c 'kill -9 $$'", "ended from outside, by signal 9"),
        ("no-such-editor-here", "did not start: No such file"),
        ("'unclosed", "did not start: No closing quotation"),
        ("sh -c 'rm \"$0\"'", "No such file"),
        ('sh -c \'printf "\\377" > "$0"\'', "no UTF-8 text"),
    ],
)
def test_an_editor_that_fails_leaves_the_app_its_terminal(
    sheet: Sheet, terminal: Any, monkeypatch: pytest.MonkeyPatch, editor: str, says: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(Refused, match=says):
        sheet.edit(terminal, "one")
    assert terminal.app_has_it


def test_what_was_typed_before_the_editor_fell_over_is_not_lost(
    sheet: Sheet, terminal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "sh -c 'echo typed > \"$0\"; exit 3'")
    with pytest.raises(Refused, match="ended with 3") as refused:
        sheet.edit(terminal, "one")
    assert str(sheet.file) in refused.value.hint
    monkeypatch.setenv("EDITOR", "true")
    assert sheet.edit(terminal, "one") == "typed\n"


@pytest.mark.parametrize("editor", ["false", "no-such-editor-here", "sh -c 'kill -9 $$'"])
def test_an_editor_that_fails_before_anything_is_typed_leaves_nothing_to_go_on_with(
    sheet: Sheet, terminal: Any, monkeypatch: pytest.MonkeyPatch, editor: str
) -> None:
    monkeypatch.setenv("EDITOR", editor)
    with pytest.raises(Refused) as refused:
        sheet.edit(terminal, "one é \ud800\n")
    assert refused.value.hint == "Nothing was changed."
    assert not sheet.left


def test_ctrl_c_in_the_editor_is_not_ctrl_c_in_the_app(
    sheet: Sheet, terminal: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDITOR", "sh -c 'kill -INT $PPID; echo typed > \"$0\"'")
    assert sheet.edit(terminal, "one") == "typed\n"


def test_without_a_named_editor_a_usual_one_is_taken_and_without_any_that_is_said(
    sheet: Sheet, terminal: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused, match="no editor is named"):
        sheet.edit(terminal, "one")
    (tmp_path / "vi").write_text('#!/bin/sh\necho by vi > "$1"\n')
    (tmp_path / "vi").chmod(0o700)
    assert sheet.edit(terminal, "one") == "by vi\n"


def test_half_a_character_pair_can_be_worked_on_too(sheet: Sheet, terminal: Any) -> None:
    assert sheet.edit(terminal, "one \ud800") == "two ?"


def test_a_text_is_open_in_one_terminal_at_a_time(sheet: Sheet, terminal: Any) -> None:
    other = Sheet(sheet.file)
    assert sheet.take()
    assert sheet.take()
    with pytest.raises(Refused, match=r"open in another terminal of yours.*since"):
        other.edit(terminal, "one")
    sheet.edit(terminal, "one")
    other.done()
    assert sheet.left, "what somebody else works on is not taken away"
    sheet.let_go()
    assert other.edit(terminal, "else") == "two"
    assert not sheet.take()
    other.done()
    assert sheet.take()
    sheet.done()
    assert [*sheet.file.parent.iterdir()] == []


def test_whoever_dies_lets_go(sheet: Sheet, terminal: Any) -> None:
    sheet.edit(terminal, "one")
    died = "import os, sys, pathlib; from screens.taken import take; take(pathlib.Path(sys.argv[1])); os._exit(1)"
    sheet.let_go()
    subprocess.run([sys.executable, "-c", died, str(sheet.file)], check=False, cwd=Path(__file__).parents[2])
    assert Sheet(sheet.file).take()
