"""What is in the system's keyring, and that it is there: both or neither."""

from collections.abc import Mapping

from rfl1 import config_file, keeping
from rfl1.settings import Settings


def keep(settings: Settings, secrets: Mapping[str, str]) -> None:
    """By the names of their settings. Raises KeyringTrouble, BadSetting."""
    for name, value in secrets.items():
        keeping.put(settings.folders, name, value)
    _note(settings, _kept(settings) | secrets.keys())


def forget(settings: Settings, name: str) -> None:
    """Raises KeyringTrouble, BadSetting."""
    if name in (kept := _kept(settings)):
        keeping.drop(settings.folders, name)
        _note(settings, kept - {name})


def _kept(settings: Settings) -> set[str]:
    return {name.strip() for name in settings["keyring"].split(",") if name.strip()}


def _note(settings: Settings, names: set[str]) -> None:
    config_file.put(settings.folders, {"keyring": ",".join(sorted(names))})
