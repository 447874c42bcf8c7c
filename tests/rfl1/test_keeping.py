"""Secrets in the system's keyring: kept, masked, used, given up when it does not answer."""

import threading
from pathlib import Path

import keyring
import pytest

from rfl1 import config_file, keeping
from rfl1.settings import BadSetting, load
from tests.keyrings import Ring
from tests.rfl1.conftest import Run
from tests.services.people import HOSTILE


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", made)
    return made


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "typed").write_text("pri-vate\n")
    monkeypatch.setattr("sys.stdin", (tmp_path / "typed").open())


def test_a_secret_is_kept_masked_used_and_forgotten(run: Run, ring: Ring, typed: None, home: Path) -> None:
    done = run("config", "keep", "RFL1_PSA_PRIVATE_KEY")
    assert (done.status, done.err) == (0, "")
    assert "pri-vate" not in (home / "config.toml").read_text() + done.out
    shown = run("config", "show", "--json")
    assert shown.json["psa.private_key"] == {"value": "********", "source": "keyring"}
    assert "pri-vate" not in shown.out
    assert load({})["psa.private_key"] == "pri-vate"
    assert load({}, {"RFL1_HOME": str(home), "RFL1_PSA_PRIVATE_KEY": "other"})["psa.private_key"] == "other"
    assert run("config", "forget", "psa.private_key").status == 0
    assert load({})["psa.private_key"] == ""
    assert ring.kept == {}


def test_nobody_who_keeps_nothing_there_is_asked_for_it(run: Run, ring: Ring) -> None:
    ring.silent = threading.Event()
    assert run("config", "show", "--json").json["psa.private_key"]["value"] == ""
    assert not load({}).ai_on


@pytest.mark.parametrize("fault", ["locked", "silent", "gone"])
def test_a_keyring_that_does_not_help_is_told_in_one_line(
    run: Run, ring: Ring, monkeypatch: pytest.MonkeyPatch, home: Path, fault: str
) -> None:
    monkeypatch.setattr(keeping, "SECONDS", 0.05)
    config_file.put(load({}).folders, {"keyring": "psa.private_key", "psa.provider": "connectwise"})
    ring.locked, ring.silent = fault == "locked", threading.Event() if fault == "silent" else None
    with pytest.raises(keeping.KeyringTrouble) as told:
        _ = load({})["psa.private_key"]
    assert "\n" not in str(told.value)
    assert "hidden words" not in str(told.value)
    if ring.silent:
        ring.silent.set()


def test_without_a_keyring_the_environment_is_named(
    run: Run, ring: Ring, typed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", keyring.backends.fail.Keyring())  # type: ignore[no-untyped-call]
    done = run("config", "keep", "psa.private_key")
    assert done.status == 3
    assert "environment" in done.err
    assert not keeping.there()


@pytest.mark.parametrize("name", ["psa.url", "psa.privatekey", "nothing"])
def test_only_secrets_are_kept(run: Run, ring: Ring, typed: None, name: str) -> None:
    assert run("config", "keep", name).status == 2


@pytest.mark.parametrize(
    "written",
    [
        "",
        "# mine\nuser = 'maria'  # me\n",
        "[psa]\nprovider = 'halopsa'  # ours\n",
        "psa.provider = 'halopsa'\n[keys]\n'app.quit' = 'f10'\n",
        "[keys]\n'app.quit' = 'f10'\n\n[psa]\n# where\n",
    ],
)
@pytest.mark.parametrize("value", ["https://a.example", HOSTILE.replace("\ud800", "").replace("\udcff", ""), 'a"b\\c'])
def test_settings_are_written_beside_what_a_person_wrote(home: Path, written: str, value: str) -> None:
    home.mkdir()
    path = home / "config.toml"
    path.write_text(written)
    before = load({})
    config_file.put(before.folders, {"psa.url": value, "psa.provider": "autotask", "theme": "light"})
    now = load({})
    assert (now["psa.url"], now["psa.provider"], now["theme"]) == (value, "autotask", "light")
    assert (now["user"], now.remapped) == (before["user"], before.remapped)
    assert all(line in path.read_text() for line in written.splitlines() if line.startswith("#"))
    config_file.put(before.folders, {"psa.url": ""})
    assert load({})["psa.url"] == ""
    assert path.stat().st_mode & 0o077 == 0


def test_a_table_in_one_line_is_left_alone(home: Path) -> None:
    home.mkdir()
    path = home / "config.toml"
    path.write_text("psa = {provider = 'halopsa'}\n")
    with pytest.raises(BadSetting, match=r"psa\.url"):
        config_file.put(load({}).folders, {"psa.url": "https://a.example"})
    assert path.read_text() == "psa = {provider = 'halopsa'}\n"
    assert [each.name for each in home.iterdir()] == ["config.toml"]


def test_a_model_whose_key_cannot_be_read_is_told_and_calls_go_on_without_it(
    run: Run, ring: Ring, sqlite_store: str
) -> None:
    config_file.put(load({}).folders, {"keyring": "anthropic.api_key"})
    ring.locked = True
    begun = run("intake", "the printer shows offline", "--force-build", "--json")
    assert begun.status == 0, begun.err
    assert begun.json["outcome"] == "build"
    (model,) = [each for each in run("doctor", "--json").json["checks"] if each["name"] == "model"]
    assert model["state"] == "fail"
    assert "keyring" in model["detail"]
