"""A text in the person's own editor, with the app out of the way meanwhile."""

import os
import shlex
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from textual.app import App, SuspendNotSupported

from screens.taken import Taken, take, where
from services.errors import Refused

_USUAL = ("editor", "nano", "vi", "notepad")
"""Asked for in this order where the person has named none."""


class Sheet:
    """A file of the person's own that a text is worked on in. It stays until what is in it is stored: neither lint, nor
    a store that is away, nor the end of the app takes what was typed, nor does the same person in another terminal."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._taken: Taken | None = None

    @property
    def left(self) -> bool:
        """Whether something is in it from before."""
        return self.file.exists()

    @property
    def where(self) -> str:
        """Where it is open that nobody else can take it, in words."""
        return f"in another terminal of yours{where(self.file)}"

    def take(self) -> bool:
        """Whether nobody else has it now, until one lets go of it."""
        if self._taken is None:
            try:
                self._taken = take(self.file)
            except OSError as error:
                raise Refused(f"{self.file}: {error.strerror or error}", "Nothing was changed.") from error
        return self._taken is not None

    def let_go(self) -> None:
        """What is in it stays for the next time."""
        if self._taken is not None:
            self._taken.let_go()
        self._taken = None

    def edit(self, app: App[object], text: str) -> str:
        """What comes back from the editor, which begins with what was left, or else with `text`.

        Raises Refused where nothing comes back, what was typed is in the file all the same; or where it is open
        elsewhere.
        """
        if not self.take():
            raise Refused(f"this text is open {self.where}", "End it there, or go on with it there.")
        try:
            if not self.left:
                self._write(text)
            try:
                _run(app, self.file)
            except Refused as failed:
                raise self._kept(failed, text) from failed
            return self.file.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            raise Refused("what came back is no UTF-8 text", f"It is in {self.file}; nothing was changed.") from None
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise Refused(f"{self.file}: {reason}", "Nothing was changed.") from error

    def _kept(self, failed: Refused, text: str) -> Refused:
        """Only what was typed is left for the next time; a sheet that says what it began with would be none."""
        typed = self.left and self.file.read_bytes() != _encoded(text)
        if typed:
            return Refused(failed.detail, f"What was typed is in {self.file}.")
        self.file.unlink(missing_ok=True)
        return Refused(failed.detail, failed.hint or "Nothing was changed.")

    def done(self) -> None:
        """It is stored, or not wanted: the next time begins anew."""
        if self.take():
            self.file.unlink(missing_ok=True)
        self.let_go()

    def _write(self, text: str) -> None:
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self.file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            out.write(_encoded(text))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _run(app: App[object], file: Path) -> None:
    editor = _editor()
    try:
        with app.suspend():
            # Whatever goes wrong must not leave this block as an error: the app would not get its terminal back.
            failed = _failure(editor, file)
    except SuspendNotSupported:
        raise Refused("this terminal cannot be given to an editor", "Use the command line for it.") from None
    if failed:
        raise Refused(f"the editor {editor} {failed}")


def _editor() -> str:
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or next(filter(shutil.which, _USUAL), None)
    if not named:
        raise Refused("no editor is named", "Set EDITOR to one.")
    return named


def _failure(editor: str, file: Path) -> str:
    """What went wrong; empty where nothing did."""
    try:
        with _deaf_to_interrupts():
            code = subprocess.run([*shlex.split(editor), str(file)], check=False).returncode  # noqa: S603  # theirs
    except (OSError, ValueError) as error:
        return f"did not start: {getattr(error, 'strerror', None) or error}"
    if code < 0:
        return f"was ended from outside, by signal {-code}"
    return f"ended with {code}" if code else ""


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Ctrl+c in an editor is the editor's; a handler of ours, unlike none at all, is not passed on to it."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
