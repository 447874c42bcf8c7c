"""`rfl1 tutor` from the command line: a store of its own that goes with it, and no other touched."""

from pathlib import Path

import pytest

from tests.rfl1.conftest import Run
from tests.rfl1.terminal import QUIT, in_terminal


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def test_it_opens_the_app_with_its_coach_and_leaves_nothing_behind(home: Path, temporary: Path) -> None:
    status, seen = in_terminal("tutor", until=b"The phone rings.", then=QUIT)
    assert status == 0, seen[-2000:]
    assert b"Once more: rfl1 tutor. For real: rfl1" in seen
    assert list(temporary.iterdir()) == []
    assert not home.exists()


def test_the_store_that_the_person_works_with_is_not_even_opened(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs.db"
    theirs.write_text("would not open")
    monkeypatch.setenv("RFL1_DATABASE_URL", str(theirs))
    monkeypatch.setenv("RFL1_USER", "nobody known")
    status, seen = in_terminal("tutor", until=b"The phone rings.", then=QUIT)
    assert status == 0, seen[-2000:]
    assert theirs.read_text() == "would not open"


@pytest.mark.parametrize("said", [("tutor", "--db", "x.db"), ("--as", "tina", "tutor")], ids=" ".join)
def test_a_store_or_a_person_of_ones_own_is_wrong_usage(run: Run, said: tuple[str, ...]) -> None:
    ran = run(*said)
    assert (ran.status, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert "Leave out --db and --as" in ran.err


def test_it_wants_a_terminal(run: Run, home: Path, temporary: Path) -> None:
    ran = run("tutor")
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("The app needs a terminal")
    assert list(temporary.iterdir()) == []
