"""Secrets in the system's keyring: the login keyring of the desktop, the keychain, the credential manager.

Which of them are there is written in config.toml, so that nobody asks a keyring who has put nothing into it: that takes
time, and it may ask for a password. Every question is given up after a while.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from services.errors import Trouble

if TYPE_CHECKING:
    from rfl1.settings import Folders

T = TypeVar("T")

SECONDS = 20.0
"""Somebody may have to unlock it."""


class KeyringTrouble(Trouble):
    title = "The system's keyring did not help"
    exit_status = 3


def get(folders: "Folders", name: str) -> str:
    """Raises KeyringTrouble, also where nothing is kept under that name."""
    keyring = _library()
    found: str | None = _asked(lambda: keyring.get_password(_service(folders), name))
    if not found:
        raise KeyringTrouble(f"{name} is not in it any more", f"`rfl1 config keep {name}` puts it there again.")
    return found


def put(folders: "Folders", name: str, value: str) -> None:
    """Raises KeyringTrouble."""
    keyring = _library()
    _asked(lambda: keyring.set_password(_service(folders), name, value))
    if _asked(lambda: keyring.get_password(_service(folders), name)) != value:
        raise KeyringTrouble(f"{name} was not kept", "Set it in the environment.")


def drop(folders: "Folders", name: str) -> None:
    """Nothing where it is not there. Raises KeyringTrouble."""
    keyring = _library()
    if _asked(lambda: keyring.get_password(_service(folders), name)) is not None:
        _asked(lambda: keyring.delete_password(_service(folders), name))


def there() -> bool:
    """Whether this machine has one that can keep something."""
    try:
        priority: float = _asked(_library().get_keyring).priority
    except KeyringTrouble:
        return False
    return priority > 0


def _library() -> Any:
    """Loaded for those who use it."""
    try:
        import keyring
    except ImportError as error:
        raise KeyringTrouble("the package keyring is not installed", "Set the secret in the environment.") from error
    return keyring


def _service(folders: "Folders") -> str:
    """Another RFL1_HOME has secrets of its own."""
    return f"rfl1 {folders.config}"


def _asked(ask: Callable[[], T]) -> T:
    """In a thread that nobody waits for too long."""
    ends: list[T] = []
    errors: list[Exception] = []

    def run() -> None:
        try:
            ends.append(ask())
        except Exception as error:  # noqa: BLE001  # every system has its own
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if ends:
        return ends[0]
    if errors:
        said = type(errors[0]).__name__
        raise KeyringTrouble(f"it refused ({said})", "Unlock it, or set the secret in the environment.") from errors[0]
    raise KeyringTrouble("it did not answer", "Unlock it, or set the secret in the environment.")
