"""Exit statuses, errors of one line, clean output, hostile arguments."""

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from rfl1 import __main__ as program
from rfl1.cli import app, explained
from services.errors import Trouble
from tests.rfl1.conftest import Ran, Run

ROOT = Path(__file__).parents[2]
HEAVY = {"sqlalchemy", "pydantic", "textual", "anthropic", "yaml", "alembic", "rapidfuzz", "httpx", "asyncpg", "rich"}


def process(*arguments: str | bytes, env: dict[str, str] | None = None) -> Ran:
    command = [sys.executable, "-m", "rfl1", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, env=env, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def _commands() -> list[tuple[str, ...]]:
    import typer

    found: list[tuple[str, ...]] = []
    for name, command in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        below = getattr(command, "commands", None)
        found += [(name,)] if below is None else [(name, each) for each in below]
    return found


@pytest.mark.parametrize("command", _commands(), ids=" ".join)
def test_every_command_has_help_with_an_example(run: Run, command: tuple[str, ...]) -> None:
    ran = run(*command, "--help")
    assert ran.status == 0
    assert "Example: rfl1 " in ran.out
    assert "--db" in ran.out
    assert "--as" in ran.out
    assert ran.out.isascii()


def test_no_command_looks_whether_a_file_may_be_read_before_it_opens_it() -> None:
    """Typer calls what may not be read wrong usage; it is the environment, and told in our words."""
    groups = [app, *(group.typer_instance for group in app.registered_groups if group.typer_instance)]
    for command in (each.callback for group in groups for each in group.registered_commands):
        assert command is not None
        for name, parameter in inspect.signature(command).parameters.items():
            annotated = get_args(parameter.annotation)
            if annotated and Path in {annotated[0], *get_args(annotated[0])}:
                assert not annotated[1].readable, f"{command.__name__} {name}"


@pytest.mark.parametrize("command", [(), ("flows",), ("flows", "list"), ("db", "upgrade"), ("intake",)], ids=" ".join)
def test_help_is_what_typer_makes_of_it(command: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    import typer

    for asked in ("--help", "-h"):
        typer.main.get_command(app).main([*command, asked], prog_name="rfl1", standalone_mode=False)
        assert explained([*command, asked]) == capsys.readouterr().out.removesuffix("\n")


@pytest.mark.parametrize(
    "arguments", [[], ["help"], ["nothing", "-h"], ["flows", "nothing", "-h"], ["match", "x", "-h"]]
)
def test_what_is_more_than_a_command_and_its_help_is_left_to_typer(arguments: list[str]) -> None:
    assert explained(arguments) is None


@pytest.mark.parametrize("command", [["--help"], ["flows", "--help"], ["flows", "list", "-h"], ["intake", "--help"]])
def test_help_imports_nothing_heavy(command: list[str]) -> None:
    code = (
        f"import sys, json; from rfl1.__main__ import main; main({command!r});"
        "sys.stderr.write(json.dumps([name.partition('.')[0] for name in sys.modules]))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert "Usage: rfl1" in ran.stdout
    assert not HEAVY & set(json.loads(ran.stderr))


@pytest.mark.parametrize("command", [["queue"], ["match", "printer offline"], ["sessions", "list"], ["stats"]])
def test_headless_commands_import_neither_the_app_nor_the_model(sqlite_store: str, command: list[str]) -> None:
    code = (
        f"import sys, json; from rfl1.__main__ import main; status = main({command!r});"
        "sys.stderr.write('\\n' + json.dumps([status, [name.partition('.')[0] for name in sys.modules]]))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    status, modules = json.loads(ran.stderr.splitlines()[-1])
    assert status == 0
    assert not {"textual", "anthropic", "rich"} & set(modules)


@pytest.mark.parametrize(
    "arguments",
    [
        ["frobnicate"],
        ["sessions"],
        ["sessions", "frobnicate"],
        ["queue", "--frobnicate"],
        ["intake"],
        ["intake", "a", "--flow"],
        ["intake", "a", "--flow", "b", "--adhoc"],
        ["match"],
        ["match", "a", "--batch", "b"],
        ["replay", "x.yaml", "--workers", "0"],
        ["replay", "x.yaml", "--workers", "many"],
        ["audit", "--since", "yesterday"],
        ["audit", "--limit", "9" * 30],
        ["queue", "--limit", "9" * 30],
        ["sessions", "list", "--status", "gone"],
        ["queue", "--db", "ftp://example"],
        ["db", "setup"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_one_line_and_ends_with_2(sqlite_store: str, run: Run, arguments: list[str]) -> None:
    ran = run(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert ran.err.isascii()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("users", "Say which: rfl1 users list, add, role, password, disable. `rfl1 users --help` explains.\n"),
        ("users add", "Missing argument 'NAME'. `rfl1 users add --help` explains.\n"),
        ("use", "No such command 'use'. Did you mean 'users'? `rfl1 --help` explains.\n"),
    ],
)
def test_wrong_usage_names_the_help_of_just_that_command(run: Run, arguments: str, said: str) -> None:
    assert run(*arguments.split()).err == said


@pytest.mark.parametrize(
    "command", ["queue", "stats", "audit", "flows list", "sessions list", "db check", "db upgrade"]
)
def test_without_a_store_nothing_is_made_and_the_status_is_3(home: Path, run: Run, command: str) -> None:
    ran = run(*command.split())
    assert (ran.status, ran.out) == (3, "")
    assert "There is no store yet" in ran.err
    assert "rfl1 init" in ran.err
    assert not home.exists()


def test_a_server_that_does_not_answer_is_the_environment_and_its_password_stays_unsaid(run: Run) -> None:
    ran = run("--db", "postgresql://maria:s3cret@127.0.0.1:1/rfl1", "queue")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "s3cret" not in ran.err


@pytest.mark.parametrize("junk", ["this is no database, this is no database", ""])
def test_a_file_that_is_no_store_is_left_as_it_is(tmp_path: Path, run: Run, junk: str) -> None:
    path = tmp_path / "junk.db"
    path.write_text(junk)
    ran = run("queue", "--db", path)
    assert (ran.status, ran.err.count("\n")) == (3, 1)
    assert path.read_text() == junk


def test_db_and_as_may_stand_before_or_behind_the_command(sqlite_store: str, run: Run, tmp_path: Path) -> None:
    missing = tmp_path / "missing.db"
    assert run("--as", "tina", "users", "list").err.startswith("Not allowed")
    assert run("users", "list", "--as", "tina").err.startswith("Not allowed")
    assert run("--as", "tina", "users", "list", "--as", "olga").status == 0
    assert run("--db", missing, "queue").status == run("queue", "--db", missing).status == 3


def test_debug_shows_the_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RFL1_DEBUG", "1")
    assert "Traceback" in run("queue").err


def test_the_line_says_how_many_more_there_are(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def fail(_arguments: object) -> int:
        raise Trouble("\n".join(said))

    monkeypatch.setattr(program, "_run", fail)
    for more in ("", " (and 1 more line: RFL1_DEBUG=1)", " (and 2 more lines: RFL1_DEBUG=1)"):
        said.append("this")
        assert run("queue").err == f"Something went wrong: this{more}\n"


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (RuntimeError("one\ntwo\x1b[31m"), 1),
        (Trouble("a\x1b]0;title\x07b"), 1),
        (KeyboardInterrupt(), 130),
        (RecursionError("deep"), 1),
    ],
)
def test_whatever_happens_is_told_in_one_inert_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, error: BaseException, status: int
) -> None:
    def fail(_arguments: object) -> int:
        raise error

    monkeypatch.setattr(program, "_run", fail)
    ran = run("queue")
    assert (ran.status, ran.out) == (status, "")
    assert ran.err.count("\n") <= 1
    assert "\x1b" not in ran.err
    assert "Traceback" not in ran.err


def test_a_reader_that_goes_away_is_no_error(sqlite_store: str) -> None:
    pipe = subprocess.Popen(
        [sys.executable, "-m", "rfl1", "flows", "list", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=ROOT,
    )
    assert pipe.stdout is not None
    pipe.stdout.close()
    _, said = pipe.communicate(timeout=60)
    assert said == b""


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["flows list", "flows show none", "match --batch -", ""])
def test_closed_streams_are_no_accident(sqlite_store: str, command: str, closed: str) -> None:
    shell = f"exec {sys.executable} -m rfl1 {command} {closed}"
    done = subprocess.run(["sh", "-c", shell], stdin=subprocess.DEVNULL, capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == {"flows show none": 1, "": 3}.get(command, 0)
    assert b"Traceback" not in done.stderr
    assert b"should not have" not in done.stderr


@pytest.mark.parametrize("command", ["flows list", "flows list --json", "flows schema"])
def test_output_that_cannot_be_written_is_the_environment(sqlite_store: str, command: str) -> None:
    with Path("/dev/full").open("w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "rfl1", *command.split()], stdout=full, stderr=subprocess.PIPE, cwd=ROOT, check=False
        )
    assert ran.returncode == 3
    assert ran.stderr.decode().startswith("The system refused: No space left on device")
    assert ran.stderr.count(b"\n") == 1


@pytest.mark.parametrize(("debug", "said"), [("", ""), ("1", "much later\n")])
def test_what_libraries_log_is_shown_to_developers_alone(debug: str, said: str) -> None:
    code = (
        "import logging; from rfl1 import __main__ as program;"
        "program._run = lambda _arguments: logging.getLogger('asyncio').error('much later') or 0; program.main([])"
    )
    env = {**os.environ, "RFL1_DEBUG": debug}
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=env, check=True)
    assert ran.stderr == said


HOSTILE = "\x1b[31mred\x1b[0m \x07\x9b1m \u202egnp.exe \x00 [bold]x[/] '; DROP TABLE sessions; -- \u2028 \udcff"


def test_hostile_words_come_back_whole_in_json_and_inert_for_people(store: str, run: Run) -> None:
    made = run("intake", HOSTILE, "--customer", HOSTILE, "--contact", HOSTILE, "--adhoc", "--json")
    assert made.status == 0
    shown = run("sessions", "show", made.json["session_id"], "--json")
    assert shown.out.isascii()
    assert shown.json["problem_text"] == HOSTILE
    assert shown.json["customer"] == HOSTILE
    for command in (["queue"], ["sessions", "list"], ["sessions", "show", made.json["session_id"]]):
        said = run(*command).out
        assert all(each.isprintable() for each in said.replace("\n", ""))
        assert "DROP TABLE sessions" in said


def test_a_very_long_text_is_refused_in_one_short_line(store: str, run: Run) -> None:
    ran = run("intake", "x" * 1_000_000)
    assert (ran.status, ran.err.count("\n")) == (1, 1)
    assert len(ran.err) < 1000
    assert run("sessions", "list", "--json").json == []


@pytest.mark.parametrize("words", ["x" * 1_000_000, "x " * 1500, "\ufdfa" * 20_000])
def test_more_words_than_can_be_looked_for_are_refused(store: str, run: Run, words: str) -> None:
    ran = run("queue", words)
    assert (ran.status, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "too much to look for" in ran.err
    assert (
        run("queue", HOSTILE * 3).status == run("queue", "\ufdfa" * 1000).status == run("queue", "% " * 50).status == 0
    )


@pytest.mark.parametrize("name", [HOSTILE, "x" * 1_000_000, "", "nobody"])
def test_an_unknown_person_is_told_in_one_line(sqlite_store: str, run: Run, name: str) -> None:
    ran = run("users", "disable", name)
    assert ran.status == 1
    assert ran.err.count("\n") == 1
    assert ran.err.replace("\n", "").isprintable()
    assert len(ran.err) < 10_000


def test_bytes_that_are_no_text_are_stored_and_shown(sqlite_store: str) -> None:
    ran = process(b"intake", b"printer \xff\xfe dead", b"--adhoc", b"--json")
    assert ran.status == 0
    shown = process("sessions", "show", ran.json["session_id"], env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert shown.status == 0
    assert r"printer \udcff\udcfe dead" in shown.out


def test_the_app_wants_a_terminal(sqlite_store: str) -> None:
    ran = process()
    assert (ran.status, ran.out) == (3, "")
    assert ran.err.startswith("The app needs a terminal")
