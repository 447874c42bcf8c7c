"""Where each setting comes from, and what is said about a wrong one."""

import os
from pathlib import Path

import pytest

from rfl1.settings import KEYS, BadSetting, load, shown, unsafe_origin
from tests.rfl1.conftest import Run

KEY = {key.name: key for key in KEYS}


def write(home: Path, text: str) -> Path:
    home.mkdir()
    path = home / "config.toml"
    path.write_text(text)
    return path


def test_the_command_line_goes_before_the_environment_before_the_file_before_the_default(home: Path) -> None:
    environment = {"RFL1_HOME": str(home)}
    assert load({}, environment).values["user"].source == "default"
    path = write(home, 'user = "file"\n')
    from_file = load({}, environment).values["user"]
    assert (from_file.text, from_file.source) == ("file", str(path))
    environment["RFL1_USER"] = "variable"
    assert load({}, environment).values["user"].source == "RFL1_USER"
    said = load({"user": "said"}, environment).values["user"]
    assert (said.text, said.source) == ("said", "--as")


def test_rfl1_home_moves_everything(home: Path) -> None:
    settings = load({}, {"RFL1_HOME": str(home)})
    folders = settings.folders
    assert all(str(each).startswith(str(home)) for each in (folders.config, folders.data, folders.logs))
    assert settings.database_url.startswith(str(home))
    assert settings.database_is_default


def test_without_rfl1_home_the_platforms_own_folders_are_used() -> None:
    assert "rfl1" in load({}, {}).database_url


def test_keys_are_remapped_by_a_table(home: Path) -> None:
    write(home, '[keys]\nqueue = "f9"\n"session.note" = "m"\n')
    assert load({}, {"RFL1_HOME": str(home)}).remapped == {"queue": "f9", "session.note": "m"}


def test_every_table_of_the_file_is_read(home: Path) -> None:
    write(home, 'ai = "off"\nai_lookahead = false\n[psa]\nprovider = "halopsa"\nurl = "https://psa.example"\n')
    settings = load({}, {"RFL1_HOME": str(home)})
    assert (settings["ai"], settings.lookahead, settings["psa.provider"]) == ("off", False, "halopsa")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('user = "a"\nusr = "b"\n', r":2: there is no setting 'usr'. Did you mean 'user'?"),
        ('\n[psa]\nsecret = "x"\n', r":3: psa.secret is a secret. Take it out of the file and set RFL1_PSA_SECRET"),
        ('anthropic.api_key = "x"\n', r":1: anthropic.api_key is a secret"),
        ('user = "a"\nai = "maybe"\n', r":2: ai cannot be 'maybe'. Use one of: auto, off."),
        ("user = 3\n", r":1: user is no text"),
        ('user = "a"\nuser\n', r":2: this is not TOML"),
        ("[keys]\nqueue = 2\n", r":2: keys.queue is no text"),
        ('[[psa]]\nurl = "x"\n', r":1: there is no setting 'psa'"),
        ('user = "a"\nuser = "b"\n', r":2: this is not TOML (Cannot overwrite a value)"),
        ("user = " + "9" * 5000, r":1: this is not TOML (Exceeds the limit"),
        ("user = " + "[" * 5000, r": brackets in brackets"),
        (".".join("a" * 5000) + " = 1", r":1: there is no setting 'a.a.a"),
        ("#" * 300_000, r" is longer than 256 KiB"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_its_line_and_its_mend(home: Path, run: Run, text: str, says: str) -> None:
    path = write(home, text)
    ran = run("queue")
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.count("\n") == 1
    assert ran.err.startswith(f"A setting is wrong: {path}{says}"), ran.err


def test_a_file_that_is_no_text_or_no_file_is_told(home: Path, run: Run) -> None:
    path = write(home, "")
    path.write_bytes(b"\xff\xfe")
    assert run("queue").err.startswith(f"A setting is wrong: {path} is not UTF-8")
    path.unlink()
    path.mkdir()
    assert "Is a directory" in run("queue").err
    path.rmdir()
    os.mkfifo(path)
    assert "no plain file" in run("queue").err


def test_a_byte_order_mark_is_fine(home: Path) -> None:
    write(home, "").write_bytes(b"\xef\xbb\xbfuser = 'maria'\r\n")
    assert load({}).user == "maria"


def test_nobodys_home_is_told(home: Path) -> None:
    with pytest.raises(BadSetting, match="Nobody has that name here"):
        load({}, {"RFL1_HOME": "~nobody-of-that-name"})


def test_a_wrong_variable_is_told_by_its_name(home: Path) -> None:
    with pytest.raises(BadSetting, match="RFL1_AI: 'maybe' is not known"):
        load({}, {"RFL1_HOME": str(home), "RFL1_AI": "maybe"})


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://maria:s3cret@db/rfl1",
        "postgresql://maria:s3cr@t:x@db:5432/rfl1",
        "postgresql://maria:pa/s3cret@db/rfl1",
        "postgresql://db/rfl1?password=s3cret&user=maria",
    ],
)
def test_a_password_is_never_shown(url: str, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("RFL1_DATABASE_URL", url)
    ran = run("config", "show", "--json")
    assert "s3cr" not in ran.out
    assert "maria" in ran.out
    assert ran.json["database_url"]["source"] == "RFL1_DATABASE_URL"
    assert all(each.keys() == {"value", "source"} for each in ran.json.values())
    assert ran.json["folders"]["source"] == "RFL1_HOME"


def test_secrets_are_masked_and_said_to_be_there(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-hidden")
    monkeypatch.setenv("RFL1_PSA_SECRET", "hidden-too")
    for ran in (run("config", "show"), run("config", "show", "--json")):
        assert "hidden" not in ran.out
    assert ran.json["anthropic.api_key"] == {"value": "********", "source": "ANTHROPIC_API_KEY"}
    assert "hidden" not in repr(load({}))
    assert shown(KEY["psa.private_key"], load({}).values["psa.private_key"]) == ""


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://psa.example", True),
        ("http://localhost:8080/v1", True),
        ("http://127.0.0.1", True),
        ("http://[::1]:9", True),
        ("http://psa.example", False),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1@evil.example", False),
        ("ftp://psa.example", False),
        ("psa.example", False),
        ("https://", False),
        ("http://[", False),
    ],
)
def test_plain_http_is_for_this_machine_alone(url: str, may: bool) -> None:
    assert (unsafe_origin(url) is None) is may


def test_settings_that_cannot_be_read_are_the_environment(home: Path, run: Run) -> None:
    (home / "config.toml").mkdir(parents=True)
    ran = run("queue")
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert "config.toml" in ran.err


@pytest.mark.parametrize("command", ["init", "queue", "db upgrade"])
def test_a_home_that_is_a_file_is_the_environment(home: Path, run: Run, command: str) -> None:
    home.write_text("kept")
    ran = run(*command.split())
    assert (ran.status, ran.out, ran.err.count("\n")) == (3, "", 1)
    assert home.read_text() == "kept"


def test_every_action_is_listed_with_the_key_that_holds(home: Path, run: Run) -> None:
    write(home, '[keys]\n"walk.note" = "x"\n')
    keys = {each["action"]: each["keys"] for each in run("config", "keys", "--json").json}
    assert (keys["walk.note"], keys["walk.pause"]) == ("x", "p")
    assert "walk.note" in run("config", "keys").out
