"""Session scripts on the real app: the same calls as without a screen, and pictures that are whole by themselves."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from rfl1.compose import opened
from rfl1.pictures.album import Album
from rfl1.pictures.call import on_screen
from rfl1.pictures.sitting import Sitting
from rfl1.settings import load
from services.replay.call import RETRIES
from services.replay.script import scripts_of
from services.walks.service import Walks
from tests.pictures import words
from tests.rfl1.conftest import Run
from tests.rfl1.test_replay import CALL, EXAMPLES, call, results  # noqa: F401  # a fixture is among them
from tests.services.replay.test_runner import Broken


@pytest.fixture
def other_store(sqlite_store: str, tmp_path: Path) -> Path:
    """The same as `sqlite_store`, and another one."""
    copied = tmp_path / "other.db"
    for suffix in ("", "-wal", "-shm"):
        if Path(f"{sqlite_store.removeprefix('sqlite:///')}{suffix}").exists():
            shutil.copy(f"{sqlite_store.removeprefix('sqlite:///')}{suffix}", f"{copied}{suffix}")
    return copied


def comparable(result: Any) -> Any:
    """Without what is another one each time: ids and times."""
    steps = [{key: value for key, value in step.items() if key != "ms"} for step in result["steps"]]
    return {key: value for key, value in result.items() if key not in {"ms", "session_id"}} | {"steps": steps}


def told(session: Any) -> Any:
    """What a person would call the same session."""
    path = [
        {key: step[key] for key in ("seq", "node_type", "text", "answer_label", "note", "by", "taken_back")}
        for step in session["walked_path"]
    ]
    notes = [note["text"] for note in session["notes"]]
    ending = {
        name: session[name] and {key: value for key, value in session[name].items() if key != "at"}
        for name in ("resolution", "escalation")
    }
    plain = {key: session[key] for key in ("kind", "status", "category", "problem_text", "customer", "contact")}
    return plain | ending | {"path": path, "notes": notes}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_a_call_by_keys_is_the_call_of_the_script(
    sqlite_store: str, other_store: Path, run: Run, tmp_path: Path, example: Path
) -> None:
    [plain] = results(run("replay", example, "--json"))
    ran = run("replay", example, "--json", "--screens", tmp_path / "seen", "--db", other_store)
    assert (ran.status, ran.err) == (0, "")
    [by_keys] = results(ran)
    assert comparable(by_keys) == comparable(plain)
    if plain["session_id"] is not None:
        other = run("sessions", "show", by_keys["session_id"], "--json", "--db", other_store).json
        assert told(other) == told(run("sessions", "show", plain["session_id"], "--json").json)


@pytest.mark.parametrize(
    ("chosen", "times", "status"),
    [
        ("retry", RETRIES, "active"),
        ("retry", RETRIES + 1, "active"),
        ("playbook", 99, "active"),
        ("notes", 99, "active"),
        ("escalate", 99, "escalated"),
    ],
)
async def test_where_no_node_can_be_made_there_is_a_key_for_what_the_script_chooses(
    sqlite_store: str, tmp_path: Path, *, chosen: str, times: int, status: str
) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(f"rfl1: 1\nintake: {{problem: the printer is offline, force_build: true}}\non_failure: {chosen}\n")
    [script] = scripts_of(path)
    without: list[str] = []
    builder = Broken(times)
    async with opened(load({"database_url": sqlite_store})) as services:
        vars(services)["walks"] = Walks(services.database, services.clock, services.library, builder)
        sitting = Sitting(services, Album(tmp_path / "seen"), say=without.append)
        result = await on_screen(sitting, await services.users.actor("tina"), script, lambda change: None)
    assert (result.status, [each.got for each in result.failures if "the line is down" not in each.got]) == (status, [])
    assert (without, bool(result.failures)) == ([], times == RETRIES + 1)
    assert times == 99 or builder.times == times - RETRIES - 1, "asked as often as without a screen"


def test_there_is_a_picture_of_every_step_under_a_name_that_stays(
    store: str,
    run: Run,
    tmp_path: Path,
    call: Path,  # noqa: F811
) -> None:
    ran = run("replay", call, "--screens", tmp_path / "seen", "--progress")
    assert ran.status == 0, ran.err
    assert [each["change"] for each in results(ran)] == ["start", "step", "step", "step", "resolve"]
    pictures = sorted((tmp_path / "seen").iterdir())
    assert [picture.name for picture in pictures] == [
        "01-queue.svg",
        "02-intake.svg",
        "03-question.svg",
        "04-instruction.svg",
        "05-instruction.svg",
        "06-instruction.svg",
        "07-question.svg",
        "08-outcome.svg",
        "09-resolve.svg",
        "10-queue.svg",
    ]
    assert "Outlook keeps asking for my password" in words(pictures[1])
    assert "Can they sign in to webmail?" in words(pictures[2])
    assert "cleared two" in words(pictures[4])
    assert "Really do it?" in words(pictures[5])
    assert "Cleared." in words(pictures[8])


def test_a_picture_needs_nothing_from_anywhere_else(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    run("replay", EXAMPLES[0], "--screens", tmp_path / "seen")
    for picture in (tmp_path / "seen").iterdir():
        text = picture.read_text(encoding="utf-8")
        assert re.findall(r"url\(|href|@import|@font-face|<(?:script|image|use|foreignObject)|https?://", text) == [
            "http://"
        ], "only the name of the format itself"
        assert len(text) < 40_000


HOSTILE = "a <b>&\"'[red]x[/] ]]> \x1b[31m \u202e \ufffe ÄÖ 漢字 \U0001f600 {0} %s"


def test_whatever_a_caller_says_the_picture_can_be_read(
    sqlite_store: str,
    run: Run,
    tmp_path: Path,
    call: Path,  # noqa: F811
) -> None:
    script = {"rfl1": 1, "intake": {"problem": HOSTILE, "adhoc": True}, "steps": [{"notes": HOSTILE}]}
    path = tmp_path / "hostile.json"
    path.write_text(json.dumps(script))
    ran = run("replay", path, "--json", "--screens", tmp_path / "seen")
    assert ran.status == 0, ran.err
    pictures = sorted((tmp_path / "seen").iterdir())
    assert "a <b>&\"'[red]x[/] ]]> " in words(pictures[-1])
    session = run("sessions", "show", ran.json["session_id"], "--json").json
    assert session["notes"][0]["text"] == session["problem_text"]


def test_what_the_screens_have_no_key_for_is_done_all_the_same_and_said(
    sqlite_store: str,
    run: Run,
    tmp_path: Path,
    call: Path,  # noqa: F811
) -> None:
    call.write_text(CALL.replace("flow: outlook-password-prompt", "flow: blue-screen").partition("steps:")[0])
    ran = run("replay", call, "--json", "--screens", tmp_path / "seen")
    assert (ran.status, ran.json["outcome"]) == (0, "matched")
    assert "blue-screen is not in the list; done without" in ran.err
    pictures = sorted((tmp_path / "seen").iterdir())
    assert pictures[-1].name.endswith("-question.svg")


def test_several_calls_have_a_folder_each(sqlite_store: str, run: Run, tmp_path: Path, call: Path) -> None:  # noqa: F811
    call.write_text("rfl1: 1\nintake: {problem: x, adhoc: true}\n")
    assert run("replay", call, call, "--screens", tmp_path / "seen").status == 0
    assert {each.name for each in (tmp_path / "seen").iterdir()} == {"call", "call-2"}


def test_one_call_is_shown_after_the_other(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    ran = run("replay", EXAMPLES[0], "--screens", tmp_path, "--workers", "2")
    assert ran.status == 2
    assert "Leave --workers out." in ran.err


def test_a_place_that_takes_no_pictures_is_said(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    ran = run("replay", EXAMPLES[0], "--screens", tmp_path / "taken")
    assert ran.status == 1
    assert len(ran.err.splitlines()) == 1
    assert "Choose another place." in ran.err
