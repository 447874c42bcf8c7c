"""What a driver says, in the words of `storage.errors`."""

import re
import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from storage.errors import (
    NotFound,
    StoreBusy,
    StoreCrowded,
    StoreDamaged,
    StoreForbids,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    StoreTrouble,
    StoreUnreachable,
    Trouble,
)
from storage.written import Unreadable

_RESTORE = "Restore the last backup; the file itself was left as it is."
_ASTRAY = "Something else has changed its tables: `rfl1 db check` looks it through, a backup mends it."

_ADDRESS = "Check what stands behind the question mark of the address, and PGSSLMODE and the like."
_CERTIFICATE = (
    "Check that the address names the server as its certificate does, and `sslrootcert`; nothing was sent to it."
)

_SQLITE: tuple[tuple[str, type[StoreTrouble], str], ...] = (
    ("database or disk is full", StoreFull, "Free some space, then try again; nothing was half stored."),
    (
        "readonly database|read-only",
        StoreReadOnly,
        "Check who owns the file and its folder, and how the disk is mounted.",
    ),
    ("is locked|is busy", StoreBusy, "Another program holds the file. Close it, or wait a moment and try again."),
    ("malformed|not a database|corrupt", StoreDamaged, _RESTORE),
    (
        "unable to open",
        StoreUnreachable,
        "Check that the file and its folder are there and may be read and written.",
    ),
    ("disk I/O error", StoreUnreachable, "Check the disk: its space, its health, and a limit on the size of files."),
    ("no such (table|column)|has no column|already exists", StoreDamaged, _ASTRAY),
    ("decode to UTF-8", StoreDamaged, _RESTORE),
)


def translate(error: BaseException, where: str) -> Trouble | None:
    """The trouble that `error` stands for, or None where it is neither a fault of the store's surroundings nor an id
    that somebody else has.

    `where` names the store for the person: a path, or a URL without its password.
    """
    if isinstance(error, Trouble):
        return None  # told already
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if cause.__cause__ is not None and not isinstance(cause, TimeoutError):  # behind that is what it cut short
        cause = cause.__cause__
    if isinstance(error, Unreadable | UnicodeDecodeError):
        return StoreDamaged(f"{where}: {_first_line(error)}", _RESTORE)
    if _is_anothers_id(cause):
        return NotFound("there is no such id", "Begin again with another one.")
    if isinstance(cause, sqlite3.Error):
        return _of_sqlite(cause, where)
    if isinstance(error, PoolTimeout):
        return StoreCrowded(where, "Too much is under way at once; try again in a moment.")
    if isinstance(cause, OSError | TimeoutError):
        return _of_network(cause, where)
    return _of_postgres(cause, where)


def _of_network(cause: BaseException, where: str) -> StoreTrouble:
    if type(cause).__name__ in {"SSLError", "SSLCertVerificationError"}:  # of a module that is loaded where it is used
        said = getattr(cause, "verify_message", None) or _first_line(cause)
        return StoreUnreachable(f"{where}: no safe connection: {said}", _CERTIFICATE)
    said = "it does not answer" if isinstance(cause, TimeoutError) else _first_line(cause)
    return StoreUnreachable(f"{where}: {said}", "Check the network and that the server runs.")


def is_taken(error: BaseException) -> bool:
    """Whether a unique value was there already."""
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode in {sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY}
    return getattr(error, "sqlstate", None) == "23505"


def _is_anothers_id(error: BaseException) -> bool:
    """Whether a new row was to have an id that the account does not see, but another one has. Not to be told."""
    if isinstance(error, sqlite3.IntegrityError):
        return error.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY
    return is_taken(error) and str(getattr(error, "constraint_name", "")).startswith("pk_")


def _of_sqlite(cause: sqlite3.Error, where: str) -> StoreTrouble | None:
    said = str(cause)
    for pattern, kind, hint in _SQLITE:
        if re.search(pattern, said):
            return kind(f"{where}: {said}", hint)
    return None


_POSTGRES: tuple[tuple[str, type[StoreTrouble], str], ...] = (
    ("53100", StoreFull, "Free space on the database server."),
    ("25006", StoreReadOnly, "The server takes no writes now; point to the primary server."),
    ("55P03|40...|57014", StoreBusy, "Another change holds what this one needs; try again."),
    ("3D000", StoreMissing, "Check the name, or make the database on the server; then `rfl1 db setup`."),
    ("28...", StoreForbids, "Check the user and the password; who runs your account can set another one."),
    ("42501", StoreForbids, "Start rfl1 again: your role may have changed. If it has not, ask who runs your account."),
    ("42P01|42703|42P07", StoreDamaged, _ASTRAY),
    ("42704", StoreUnreachable, _ADDRESS),
    ("53300", StoreCrowded, "Every connection that it allows is taken; try again in a moment."),
    ("08...|57P..|53...", StoreUnreachable, "Check that the server runs, then try again."),
)
"""By SQLSTATE: https://www.postgresql.org/docs/current/errcodes-appendix.html"""


_LOST = {"InterfaceError", "InternalClientError"}
"""What the driver says to whoever uses a connection that the server has closed; its words mean nothing to a person."""


def _of_postgres(cause: BaseException, where: str) -> StoreTrouble | None:
    state = getattr(cause, "sqlstate", None) or ""
    if type(cause).__name__ == "ClientConfigurationError":
        state = "42704"
    if type(cause).__name__ in _LOST:
        return StoreUnreachable(f"{where}: the connection was lost", "Check that the server runs, then try again.")
    for pattern, kind, hint in _POSTGRES:
        if re.fullmatch(pattern, state):
            return kind(f"{where}: {_first_line(cause)}", hint)
    if getattr(cause, "severity_en", "") == "FATAL":  # it refused the connection, and not for any reason above
        return StoreUnreachable(f"{where}: {_first_line(cause)}", _ADDRESS)
    return None


def _first_line(cause: BaseException) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
