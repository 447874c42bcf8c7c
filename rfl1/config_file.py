"""Writes settings into config.toml, and leaves everything else in it as the person wrote it."""

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from rfl1.settings import KEYS, BadSetting, Folders, SettingsUnreadable, written_settings


def put(folders: Folders, values: Mapping[str, str]) -> Path:
    """Sets each by its name; an empty one is taken out. Gives the file.

    Raises BadSetting where the file is written in a way that this cannot change without a risk, SettingsUnreadable
    where it cannot be written at all.
    """
    path = folders.config / "config.toml"
    before = written_settings(path)
    lines = path.read_text(encoding="utf-8-sig").splitlines() if path.exists() else []
    for name, value in values.items():
        lines = _put(lines, name, value)
    wanted = {name: value for name, value in {**before, **values}.items() if value}
    try:
        _write(path, "\n".join(lines).strip("\n") + "\n", wanted)
    except OSError as error:
        raise SettingsUnreadable(f"{path}: {error.strerror}", "Check who owns it and its folder.") from error
    return path


def written(folders: Folders) -> dict[str, str]:
    """What stands in it, by name. Raises BadSetting."""
    return written_settings(folders.config / "config.toml")


def _write(path: Path, text: str, wanted: Mapping[str, str]) -> None:
    """In place of the old one at once, and only if it says what is wanted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix="config", suffix=".toml")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            now = {name: value for name, value in written_settings(Path(made)).items() if value}
        except BadSetting:
            now = {}
        if now != wanted:
            told = ", ".join(name for name in wanted if now.get(name) != wanted[name])
            raise BadSetting(f"{path} is written in a way that is not changed by itself", f"Set in it: {told}.")
        os.replace(made, path)
    finally:
        Path(made).unlink(missing_ok=True)


def _put(lines: list[str], name: str, value: str) -> list[str]:
    """Where the setting stands, or else at the top of its table, or in a new one at the end."""
    assert any(key.name == name and not key.secret for key in KEYS)  # noqa: S101  # a secret is never written
    table, _, short = name.rpartition(".")
    here, headed, dotted = "", None, not table
    for number, each in enumerate(lines):
        if found := re.match(r"\s*\[\s*([\w.-]+)\s*\]\s*(#.*)?$", each):
            here = found[1]
            headed = number if here == table else headed
        elif found := re.match(r"\s*([\w.-]+)\s*=", each):
            dotted = dotted or (not here and found[1].startswith(f"{table}."))
            if ".".join(filter(None, (here, found[1]))) == name:
                new = [f"{found[1]} = {_quoted(value)}"] if value else []
                return [*lines[:number], *new, *lines[number + 1 :]]
    if not value:
        return lines
    if headed is not None:
        return [*lines[: headed + 1], f"{short} = {_quoted(value)}", *lines[headed + 1 :]]
    if dotted:
        return [f"{name} = {_quoted(value)}", *lines]
    return [*lines, "", f"[{table}]", f"{short} = {_quoted(value)}"]


def _quoted(value: str) -> str:
    """A TOML string, whatever stands in it."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'
