"""Trouble with the store, in words for the person who has to do something about it."""


class Trouble(Exception):
    """Anything that a person is told about.

    `title` says what is wrong in a few words, `detail` adds the particulars (may be empty), `hint` says what to do
    next. `exit_status` is what the command line ends with. `str()` is the one line for standard error.
    """

    title = "Something went wrong"
    exit_status = 1

    def __init__(self, detail: str = "", hint: str = "") -> None:
        super().__init__(detail, hint)
        self.detail = detail
        self.hint = hint

    def __str__(self) -> str:
        said = f"{self.title}: {self.detail}" if self.detail else self.title
        return f"{said.rstrip('.')}. {self.hint}" if self.hint else said


class NotFound(Trouble):
    """No such thing; what belongs to another account is told in the same words."""

    title = "Not found"


class StoreTrouble(Trouble):
    """The environment is at fault, not what was asked for."""

    title = "The store cannot be used"
    exit_status = 3


class StoreMissing(StoreTrouble):
    title = "There is no store yet"


class StoreUnreachable(StoreTrouble):
    title = "The store cannot be reached"


class StoreBusy(StoreTrouble):
    title = "The store is locked by somebody else"


class StoreCrowded(StoreBusy):
    title = "The store takes nobody else now"


class StoreFull(StoreTrouble):
    title = "The disk is full"


class StoreReadOnly(StoreTrouble):
    title = "The store cannot be written to"


class StoreDamaged(StoreTrouble):
    title = "The store is damaged"


class StoreForeign(StoreTrouble):
    title = "The file belongs to another program"


class StoreOutdated(StoreTrouble):
    title = "The store is older than this program"


class StoreNewer(StoreTrouble):
    title = "The store is newer than this program"


class StoreForbids(StoreTrouble):
    title = "The store refused these credentials"
