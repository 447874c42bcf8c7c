"""A keyring as a desktop has one, in memory, that a test can lock or make silent."""

import threading

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Ring(KeyringBackend):
    priority = 1.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.locked = False
        self.silent: threading.Event | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.silent is not None:
            self.silent.wait()
        if self.locked:
            raise KeyringLocked("hidden words")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]
