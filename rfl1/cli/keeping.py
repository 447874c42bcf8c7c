"""Secrets into the system's keyring, and out of it."""

import sys
from difflib import get_close_matches
from typing import Annotated

import typer

from rfl1.cli.command import Here, WrongUsage
from rfl1.cli.output import say
from rfl1.settings import KEYS, Key

Name = Annotated[str, typer.Argument(metavar="NAME", help="As `rfl1 config show` has it, such as psa.private_key.")]
LONGEST = 4096
"""Characters of a secret."""


def keep(here: Here, name: Name) -> None:
    """Puts a secret into the system's keyring. It is asked for, or read from standard input, and never shown.

    Example: rfl1 config keep psa.private_key
    """
    from rfl1.secrets_kept import keep as kept

    key = _secret(name)
    kept(here.settings, {key.name: _typed(key)})
    say(f"{key.name} is in the keyring. {key.variable}, where it is set, comes before it.")


def forget(here: Here, name: Name) -> None:
    """Takes a secret out of the system's keyring.

    Example: rfl1 config forget psa.private_key
    """
    from rfl1.secrets_kept import forget as forgotten

    key = _secret(name)
    forgotten(here.settings, key.name)
    say(f"{key.name} is not in the keyring any more.")


def _secret(name: str) -> Key:
    """By the name of the setting or of its variable."""
    secrets = {spelled: key for key in KEYS if key.secret for spelled in (key.name, key.variable)}
    if name in secrets:
        return secrets[name]
    near = get_close_matches(name, secrets, n=1)
    listed = ", ".join(key.name for key in KEYS if key.secret)
    raise WrongUsage(f"{name!r} is no secret", f"Did you mean {near[0]}?" if near else f"There are: {listed}.")


def _typed(key: Key) -> str:
    if sys.stdin.isatty():
        from getpass import getpass

        given = getpass(f"{key.variable}: ", stream=sys.stderr)
    else:
        given = sys.stdin.readline(LONGEST + 1)
    given = given.strip()
    if not given or len(given) > LONGEST or not given.isprintable():
        raise WrongUsage("that is no secret", f"Give one line: rfl1 config keep {key.name} < file.")
    return given
