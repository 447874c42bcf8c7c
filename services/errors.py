"""The one family of errors: each is a sentence for the person, and what to do next.

`Trouble` is the base (title, detail, hint, exit_status); trouble with the store itself, and an id that is not ours, is
raised by `storage.errors` and belongs to the same family. The app renders them in one place, the command line in
another.
"""

from datetime import datetime

from storage.errors import NotFound, StoreTrouble, Trouble

__all__ = ["Conflict", "Invalid", "NotAllowed", "NotFound", "Refused", "StoreTrouble", "Trouble", "Unopened", "Unsafe"]


class Refused(Trouble):
    """A rule of the domain says no."""

    title = "Refused"


class NotAllowed(Refused):
    """The actor's role may not do this."""

    title = "Not allowed"


class Invalid(Trouble):
    """Input with a mistake in it: a flow file, a script, a value. One line a mistake in `detail`."""

    title = "Not valid"


class Unopened(Invalid):
    """A file that the system does not give: it is not there, or may not be read."""

    exit_status = 3


class Unsafe(Refused):
    """A text that a level-1 technician must never be shown."""

    title = "Not safe for level 1"


class Conflict(Trouble):
    """The change was made against a state that is no longer the current one."""

    title = "Somebody was faster"

    def __init__(self, detail: str, hint: str = "", *, by: str = "", at: datetime | None = None) -> None:
        super().__init__(detail, hint)
        self.by = by
        self.at = at
