"""The program: `rfl1`, or `python -m rfl1`. Every error ends here, as one line."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from services.documents.document import printable
from services.errors import Trouble

if TYPE_CHECKING:
    import typer

REFUSED = 1
ENVIRONMENT = 3
INTERRUPTED = 130
LONGEST_LINE = 2000
"""Characters of an error; what somebody typed may stand in it."""

_OPENING = {"--db": "database_url", "--as": "user"}
"""The options of the app itself, which opens without the command line being loaded."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Gives the exit status: 0 done, 1 refused, 2 wrong usage, 3 the environment."""
    _open_what_is_closed()
    if os.environ.get("RFL1_DEBUG") != "1":
        # What libraries log is for nobody's terminal, least of all beneath the app.
        logging.lastResort = logging.NullHandler()
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    try:
        status = _status(sys.argv[1:] if arguments is None else arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_the_output()  # whoever read it has gone
        return REFUSED
    except OSError as error:
        _let_go_of_the_output()
        return _tell(_of_the_system(error), ENVIRONMENT)
    return status


def _open_what_is_closed() -> None:
    """Who starts us may have closed any of the three; files of ours must not take their numbers."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115  # as long as the program


def _let_go_of_the_output() -> None:
    """What cannot be written any more must not complain when Python ends."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_the_system(error: OSError) -> str:
    what = f"{error.filename}: " if error.filename else ""
    return f"The system refused: {what}{error.strerror or error}. Check the place, its rights and its space."


def _status(arguments: Sequence[str]) -> int:
    try:
        return _run(arguments)
    except Trouble as trouble:
        return _tell(str(trouble), trouble.exit_status)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        raise
    except Exception as error:  # noqa: BLE001  # the last place where a person can be told instead of shown a traceback
        kind = type(error).__name__
        said = f"Something went wrong that should not have: {kind}: {error}. RFL1_DEBUG=1 shows where."
        return _tell(said, REFUSED)


def _run(arguments: Sequence[str]) -> int:
    if (given := _only_to_open(arguments)) is not None:
        gc.disable()  # what is being loaded is no garbage, and looking for some takes a tenth of the start
        from rfl1.launch import launch
        from rfl1.settings import load

        return launch(load(given))
    import typer

    from rfl1.cli import app, explained

    if (said := explained(arguments)) is not None:
        typer.echo(said)
        return 0
    try:
        status = typer.main.get_command(app).main(list(arguments), prog_name="rfl1", standalone_mode=False)
    except typer.TyperException as error:
        return _tell(_misused(error), error.exit_code)
    except typer.Abort:
        return INTERRUPTED
    return status if isinstance(status, int) else 0


def _misused(error: "typer.TyperException") -> str:
    """What is wrong with the command line, and where it is explained; a group by itself names what is in it."""
    said = " ".join(error.format_message().split()).rstrip(".")
    context = getattr(error, "ctx", None)
    where = getattr(context, "command_path", "rfl1")
    commands = getattr(getattr(context, "command", None), "commands", None)
    if commands and said == "Missing command":
        said = f"Say which: {where} {', '.join(commands)}"
    end = "" if said.endswith("?") else "."
    return f"{said}{end} `{where} --help` explains."


def _only_to_open(arguments: Sequence[str]) -> dict[str, str] | None:
    """What is said about the app that is to be opened; None where it takes the whole command line to understand it."""
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    plain = len(arguments) % 2 == 0 and given.keys() <= _OPENING.keys()
    if not plain or any(value.startswith("-") for value in given.values()):
        return None
    return {_OPENING[option]: value for option, value in given.items()}


def _tell(line: str, status: int) -> int:
    """One line on standard error, whatever stands in it."""
    if os.environ.get("RFL1_DEBUG") == "1":
        import traceback

        traceback.print_exc()
    first, *more = line.split("\n")
    shown = printable(first[:LONGEST_LINE]) + ("..." if len(first) > LONGEST_LINE else "")
    lines = "line" if len(more) == 1 else "lines"
    with suppress(OSError):  # where not even that can be written, the status still says it
        sys.stderr.write(shown + (f" (and {len(more)} more {lines}: RFL1_DEBUG=1)" if more else "") + "\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
