"""Typing that is kept as it goes: a while after the last key, now and then where no pause comes, at once on leaving."""

from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

AUTOSAVE_SECONDS = 0.3
LONGEST_SECONDS = 0.6
"""After the first key that is not kept: who types without a pause loses no more than a second either."""


class Debounce:
    """Calls once, a while after the last touch."""

    def __init__(self, owner: MessagePump, seconds: float, call: Callable[[], None]) -> None:
        self._owner = owner
        self._seconds = seconds
        self._call = call
        self._timer: Timer | None = None

    @property
    def waiting(self) -> bool:
        return self._timer is not None

    def touch(self) -> None:
        self.cancel()
        self._timer = self._owner.set_timer(self._seconds, self._call)

    def cancel(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


class Autosave:
    """Compares with what is stored, so that only changes are written.

    `keep` starts storing a text; whoever stores it answers with `kept`, or with `failed`, and then the next key or
    leaving tries again.
    """

    def __init__(self, owner: MessagePump, read: Callable[[], str], keep: Callable[[str], None]) -> None:
        self._read = read
        self._keep = keep
        self._kept = self._asked = ""
        self._pause = Debounce(owner, AUTOSAVE_SECONDS, self.flush)
        self._longest = Debounce(owner, LONGEST_SECONDS, self.flush)

    @property
    def unsaved(self) -> bool:
        return self._read() != self._kept

    def begin(self, kept: str = "") -> None:
        """What is stored when the typing begins."""
        self._cancel()
        self._kept = self._asked = kept

    def touch(self) -> None:
        if self._read() != self._asked:
            self._pause.touch()
            if not self._longest.waiting:
                self._longest.touch()

    def flush(self) -> None:
        self._cancel()
        text = self._read()
        if text != self._asked:
            self._asked = text
            self._keep(text)

    def kept(self, text: str) -> None:
        self._kept = text

    def failed(self) -> None:
        self._asked = self._kept

    def _cancel(self) -> None:
        self._pause.cancel()
        self._longest.cancel()
