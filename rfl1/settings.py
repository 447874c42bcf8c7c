"""What the person and the machine decide: command line, then RFL1_* variables, then config.toml, then defaults.

Every value remembers where it came from. What belongs to the account is in the store, not here; secrets come from the
environment or the system's keyring, which is asked when one is used.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from services.errors import Trouble
from services.psa.lists import Listed, lists


class BadSetting(Trouble):
    title = "A setting is wrong"
    exit_status = 2


class SettingsUnreadable(BadSetting):
    title = "The settings cannot be read"
    exit_status = 3


@dataclass(frozen=True, slots=True)
class Key:
    """One setting: its name in config.toml (tables joined by a dot), its variable, what it is for."""

    name: str
    variable: str
    help: str
    default: str = ""
    choices: tuple[str, ...] = ()
    secret: bool = False


KEYS: tuple[Key, ...] = (
    Key("database_url", "RFL1_DATABASE_URL", "a path, sqlite:///path.db or postgresql://user@host/db"),
    Key("user", "RFL1_USER", "who you are; empty is the user that init made"),
    Key("theme", "RFL1_THEME", "the colours of the app", "dark", ("dark", "light", "high-contrast")),
    Key("ai", "RFL1_AI", "auto is on when a key is set", "auto", ("auto", "off")),
    Key(
        "ai_backend",
        "RFL1_AI_BACKEND",
        "who runs the model; all but anthropic have credentials of their own",
        "anthropic",
        ("anthropic", "aws", "bedrock", "vertex", "google_cloud", "foundry"),
    ),
    Key("ai_fast_model", "RFL1_AI_FAST_MODEL", "the model of the next step; empty is the program's choice"),
    Key("ai_writer_model", "RFL1_AI_WRITER_MODEL", "the model of notes and packages; empty is the program's choice"),
    Key("match_embedder", "RFL1_MATCH_EMBEDDER", "match flows by meaning too", "on", ("on", "off")),
    Key("ai_lookahead", "RFL1_AI_LOOKAHEAD", "prepare the next steps while one is read", "on", ("on", "off")),
    Key("anthropic.base_url", "ANTHROPIC_BASE_URL", "where the model is asked; empty is its maker's own place"),
    Key("anthropic.api_key", "ANTHROPIC_API_KEY", "the key of the model", secret=True),
    Key("keyring", "RFL1_KEYRING", "the secrets that the system's keyring has, by name; `rfl1 config keep` adds one"),
    Key("psa.provider", "RFL1_PSA_PROVIDER", "which PSA", "", ("", "connectwise", "halopsa", "autotask")),
    Key("psa.url", "RFL1_PSA_URL", "the PSA's origin, https://..."),
    Key("psa.user", "RFL1_PSA_USER", "how you sign in to the PSA: your own tickets stand in the queue"),
    Key("psa.board", "RFL1_PSA_BOARD", "your board or queue in the PSA, by id or name: so do its tickets"),
    Key("psa.company", "RFL1_PSA_COMPANY", "ConnectWise: the company id"),
    Key("psa.client_id", "RFL1_PSA_CLIENT_ID", "ConnectWise and HaloPSA: the client id"),
    Key("psa.tenant", "RFL1_PSA_TENANT", "HaloPSA: the tenant"),
    Key("psa.username", "RFL1_PSA_USERNAME", "Autotask: the API user"),
    Key("psa.public_key", "RFL1_PSA_PUBLIC_KEY", "ConnectWise", secret=True),
    Key("psa.private_key", "RFL1_PSA_PRIVATE_KEY", "ConnectWise", secret=True),
    Key("psa.client_secret", "RFL1_PSA_CLIENT_SECRET", "HaloPSA", secret=True),
    Key("psa.secret", "RFL1_PSA_SECRET", "Autotask", secret=True),
    Key("psa.integration_code", "RFL1_PSA_INTEGRATION_CODE", "Autotask", secret=True),
)
_KNOWN = {key.name: key for key in KEYS}

DEFAULT = "default"
KEYRING = "keyring"
"""The source of a secret that is read when it is used."""
_LONGEST_FILE = 256 * 1024
_DEEPEST = 8
"""Tables in tables; the settings themselves lie in one at the most."""
REMAPPED = "keys"
"""The table of config.toml that gives other keys to actions."""


@dataclass(frozen=True, slots=True)
class Folders:
    config: Path
    data: Path
    logs: Path


@dataclass(frozen=True, slots=True)
class Value:
    text: str
    source: str
    """`--db`, `RFL1_USER`, the path of config.toml, `keyring`, or `default`."""


@dataclass(frozen=True, slots=True)
class Settings:
    folders: Folders
    values: Mapping[str, Value] = field(repr=False)
    """By `Key.name`; every key has one."""
    remapped: Mapping[str, str] = field(default_factory=dict)
    """Action to key, as the person wants it."""
    read: dict[str, str] = field(default_factory=dict, repr=False, compare=False)
    """What the keyring has said so far."""

    def __getitem__(self, name: str) -> str:
        """Raises KeyringTrouble where a secret that is in the keyring cannot be read."""
        if self.values[name].source != KEYRING:
            return self.values[name].text
        if name not in self.read:
            from rfl1 import keeping

            self.read[name] = keeping.get(self.folders, name)
        return self.read[name]

    def has(self, name: str) -> bool:
        """Whether it is set, without asking the keyring."""
        return self.values[name].source == KEYRING or bool(self.values[name].text.strip())

    @property
    def database_url(self) -> str:
        return self["database_url"]

    @property
    def user(self) -> str | None:
        return self["user"] or None

    @property
    def database_is_default(self) -> bool:
        return self.values["database_url"].source == DEFAULT

    @property
    def ai_on(self) -> bool:
        return self["ai"] == "auto" and (self["ai_backend"] != "anthropic" or self.has("anthropic.api_key"))

    @property
    def embedder(self) -> bool:
        return self["match_embedder"] == "on"

    @property
    def lookahead(self) -> bool:
        return self["ai_lookahead"] == "on"

    @property
    def psa_lists(self) -> tuple[Listed, ...]:
        """What of the PSA the queue shows."""
        return lists(self["psa.provider"], self["psa.user"], self["psa.board"])


def load(given: Mapping[str, str | None], environment: Mapping[str, str] | None = None) -> Settings:
    """`given` holds what the command line says, by `Key.name` and only for what was said. Raises BadSetting."""
    environment = os.environ if environment is None else environment
    folders = _folders(environment.get("RFL1_HOME", ""))
    path = folders.config / "config.toml"
    written, remapped = _file(path)
    values: dict[str, Value] = {}
    kept = {name.strip() for name in (environment.get("RFL1_KEYRING") or written.get("keyring", "")).split(",")}
    for key in KEYS:
        said = given.get(key.name)
        if said is not None:
            values[key.name] = Value(said, {"database_url": "--db", "user": "--as"}[key.name])
        elif environment.get(key.variable):
            values[key.name] = Value(environment[key.variable], key.variable)
        elif key.name in written:
            values[key.name] = Value(written[key.name], str(path))
        elif key.secret and key.name in kept:
            values[key.name] = Value("", KEYRING)
        else:
            values[key.name] = Value(key.default, DEFAULT)
        _choice(key, values[key.name])
    if not values["database_url"].text:
        values["database_url"] = Value(str(folders.data / "rfl1.db"), DEFAULT)
    return Settings(folders, values, remapped)


def shown(key: Key, value: Value) -> str:
    """The value as it may be seen: secrets and passwords masked."""
    if key.secret:
        return "********" if value.text or value.source == KEYRING else ""
    if "://" not in value.text:
        return value.text
    masked = re.sub(r"(?<=://)([^:@]*):.*@", r"\1:********@", value.text)
    return re.sub(r"([?&]password=)[^&]*", r"\1********", masked)


def unsafe_origin(url: str) -> str | None:
    """Why nothing may be sent to `url`: plain http is for this machine alone. None where it may."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return "it is not a URL"
    if parts.scheme not in {"http", "https"} or not host:
        return "it has to begin with https://"
    if parts.scheme == "http" and host not in {"localhost", "127.0.0.1", "::1"}:
        return "plain http is refused except to this machine itself; use https"
    return None


def written_settings(path: Path) -> dict[str, str]:
    """What stands in a config.toml, by name. Raises BadSetting."""
    return _file(path)[0]


def mistake(settings: Settings, name: str, says: str, mend: str) -> BadSetting:
    """For a value of config.toml that only its user can judge: told with its line like any other."""
    path = settings.folders.config / "config.toml"
    return _Written(path, _text(path)).mistake(name, says, mend)


def _folders(home: str) -> Folders:
    if home:
        try:
            top = Path(home).expanduser().absolute()
        except RuntimeError as error:
            raise BadSetting(f"RFL1_HOME: {home!r}", "Nobody has that name here; write the path out.") from error
        return Folders(top, top / "data", top / "logs")
    import platformdirs

    dirs = platformdirs.PlatformDirs("rfl1", appauthor=False)
    return Folders(Path(dirs.user_config_dir), Path(dirs.user_data_dir), Path(dirs.user_log_dir))


def _choice(key: Key, value: Value) -> None:
    if key.choices and value.text not in key.choices:
        wanted = ", ".join(choice for choice in key.choices if choice)
        place = f"{value.source}: " if value.source == key.variable else f"{value.source}: {key.name}: "
        raise BadSetting(f"{place}{value.text!r} is not known", f"Use one of: {wanted}.")


def _file(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The settings of config.toml by name, and its `keys` table. No file is an empty one."""
    try:
        text = _text(path)
        import tomllib  # only for those who have such a file

        written = tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return {}, {}
    except OSError as error:
        raise SettingsUnreadable(f"{path}: {error.strerror}", "Make it readable, or move it away.") from error
    except UnicodeDecodeError as error:
        raise BadSetting(f"{path} is not UTF-8 text", "Save it as UTF-8.") from error
    except RecursionError as error:
        raise BadSetting(f"{path}: brackets in brackets without an end", 'Write name = "value".') from error
    except ValueError as error:  # tomllib's own, and what Python says of a number of 5000 digits
        line = re.search(r"line (\d+)", str(error))
        number = int(line[1]) if line else len(text.splitlines())
        reason = re.sub(r" \(at .*\)$|;.*", "", str(error))
        raise BadSetting(f"{path}:{number}: this is not TOML ({reason})", 'Write name = "value".') from error
    return _checked(_Written(path, text), written)


def _text(path: Path) -> str:
    # Asked before it is opened: opening a pipe waits for somebody at its other end.
    if not path.is_dir() and path.exists() and not path.is_file():
        raise SettingsUnreadable(f"{path} is no plain file", "Move it away.")
    with path.open("rb") as file:
        written = file.read(_LONGEST_FILE + 1)
    if len(written) > _LONGEST_FILE:
        raise BadSetting(f"{path} is longer than {_LONGEST_FILE // 1024} KiB", "Keep only settings in it.")
    return written.decode("utf-8-sig")


@dataclass(frozen=True, slots=True)
class _Written:
    path: Path
    text: str

    def mistake(self, name: str, says: str, mend: str) -> BadSetting:
        return BadSetting(f"{self.path}:{self._line(name)}: {says}", mend)

    def _line(self, name: str) -> int:
        """Where a setting stands: in its table, or written with a dot."""
        here, first = "", 1
        for number, line in enumerate(self.text.splitlines(), 1):
            if table := re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line):
                here = table[1] + "."
                if here == name + ".":
                    return number
            elif left := re.match(r"\s*([^=#]*?)\s*=", line):
                stands = here + left[1].replace('"', "").replace("'", "")
                if stands == name or name.startswith(stands + ".") or stands.startswith(name + "."):
                    return number
        return first


def _checked(file: _Written, written: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    values: dict[str, str] = {}
    remapped: dict[str, str] = {}
    for name, value in _flat(written).items():
        key = _KNOWN.get(name)
        if name.startswith(REMAPPED + "."):
            if not isinstance(value, str):
                raise file.mistake(name, f"{name} is no text", 'Write the key in quotes: queue = "f2".')
            remapped[name.removeprefix(REMAPPED + ".")] = value
        elif key is None:
            raise file.mistake(name, f"there is no setting {name!r}", _meant(name))
        elif key.secret:
            mend = f"Take it out of the file and set {key.variable} in the environment, or `rfl1 config keep {name}`."
            raise file.mistake(name, f"{name} is a secret", mend)
        elif isinstance(value, bool) and key.choices == ("on", "off"):
            values[name] = "on" if value else "off"
        elif not isinstance(value, str):
            raise file.mistake(name, f"{name} is no text", f'Write {name.rpartition(".")[2]} = "...".')
        elif key.choices and value not in key.choices:
            wanted = ", ".join(choice for choice in key.choices if choice)
            raise file.mistake(name, f"{name} cannot be {value!r}", f"Use one of: {wanted}.")
        else:
            values[name] = value
    return values, remapped


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        if isinstance(value, dict) and value and before.count(".") < _DEEPEST:
            found |= _flat(value, f"{before}{name}.")
        elif value != {}:
            found[before + name] = value
    return found


def _meant(name: str) -> str:
    import difflib

    close = difflib.get_close_matches(name, _KNOWN, n=1)
    return f"Did you mean {close[0]!r}?" if close else "`rfl1 config show` lists them."
