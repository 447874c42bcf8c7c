"""The account: its settings, its categories, its audit log; and the settings of this machine."""

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import keeping, views
from rfl1.cli.command import AsJson, Here, Limit, WrongUsage, command, group
from rfl1.cli.output import show, table
from rfl1.settings import DEFAULT, KEYS, shown

if TYPE_CHECKING:
    from services.team.audit import AuditRow
    from services.team.settings import CategoryInfo, Setting

Key = Annotated[str, typer.Argument(metavar="KEY", help="Its name.")]


def add(app: typer.Typer) -> None:
    account = group(app, "account", "What the account has set for everybody.")
    command(account, "show")(show_account)
    command(account, "set")(set_account)
    categories = group(app, "categories", "Which kinds of call may be built by AI.")
    command(categories, "list")(list_categories)
    command(categories, "enable")(enable)
    command(categories, "disable")(disable)
    config = group(app, "config", "The settings of this person and this machine.")
    command(config, "show")(show_config)
    command(config, "keys")(show_keys)
    command(config, "keep")(keeping.keep)
    command(config, "forget")(keeping.forget)
    command(app, "audit")(audit)


def show_account(here: Here, as_json: AsJson = False) -> None:
    """Every setting of the account, with its default and what it is for.

    Example: rfl1 account show --json
    """
    settings = here.run(lambda services, actor: services.account_settings.show(actor))
    show(as_json, {key: _setting(each) for key, each in settings.items()}, _setting_lines(settings))


def _setting(each: "Setting") -> views.Json:
    return {"value": each.value, "default": each.default, "help": each.help}


def _setting_lines(settings: Mapping[str, "Setting"]) -> list[str]:
    from services.team.keys import written

    lines = []
    for key, each in settings.items():
        lines += [f"{key} = {written(each.value) or '(not set)'}", f"    {each.help}"]
    return lines


def set_account(
    here: Here,
    key: Key,
    value: Annotated[str, typer.Argument(metavar="VALUE", help='The value; "" goes back to the default.')],
    as_json: AsJson = False,
) -> None:
    """Sets one setting of the account.

    Example: rfl1 account set sessions.abandon_after_hours 48
    """
    each = here.run(lambda services, actor: services.account_settings.set(actor, key, value))
    show(as_json, {each.key: _setting(each)}, _setting_lines({each.key: each}))


def list_categories(here: Here, as_json: AsJson = False) -> None:
    """The categories of calls: which may be built by AI, which never.

    Example: rfl1 categories list --json
    """
    listed = here.run(lambda services, actor: services.categories.listed(actor))
    show(as_json, [_category(each) for each in listed], _category_lines(listed))


def enable(here: Here, key: Key, as_json: AsJson = False) -> None:
    """Lets calls of this category be built by AI.

    Example: rfl1 categories enable printer
    """
    each = here.run(lambda services, actor: services.categories.enable(actor, key))
    show(as_json, _category(each), _category_lines((each,)))


def disable(here: Here, key: Key, as_json: AsJson = False) -> None:
    """Lets no call of this category be built by AI.

    Example: rfl1 categories disable printer
    """
    each = here.run(lambda services, actor: services.categories.disable(actor, key))
    show(as_json, _category(each), _category_lines((each,)))


def _category(each: "CategoryInfo") -> views.Json:
    return {"key": each.key, "label": each.label, "enabled": each.enabled, "forbidden": each.forbidden}


def _category_lines(listed: tuple["CategoryInfo", ...]) -> list[str]:
    state = {(True, False): "enabled", (False, False): "disabled", (False, True): "never"}
    return table([(each.key, state[each.enabled, each.forbidden], each.label) for each in listed], "")


def show_config(here: Here, as_json: AsJson = False) -> None:
    """Each setting and where it came from: the command line, a variable, config.toml or the default. Secrets masked.

    Example: rfl1 config show --json
    """
    settings = here.settings
    values = [(key, settings.values[key.name]) for key in KEYS]
    told: views.Json = {key.name: {"value": shown(key, value), "source": value.source} for key, value in values}
    told["keys"] = {"value": dict(settings.remapped), "source": str(settings.folders.config / "config.toml")}
    folders, moved = settings.folders, "RFL1_HOME" if os.environ.get("RFL1_HOME") else DEFAULT
    places = {"config": str(folders.config), "data": str(folders.data), "logs": str(folders.logs)}
    told["folders"] = {"value": places, "source": moved}
    rows = [(key.name, shown(key, value) or "(not set)", value.source) for key, value in values]
    rows += [(f"folders.{name}", place, moved) for name, place in places.items()]
    rows += [(f"keys.{action}", key, told["keys"]["source"]) for action, key in settings.remapped.items()]
    show(as_json, told, table(rows, ""))


def show_keys(here: Here, as_json: AsJson = False) -> None:
    """Each action of the app with its keys. The table [keys] of config.toml gives it others: "walk.note" = "x".

    Example: rfl1 config keys --json
    """
    from screens.actions import ACTIONS

    moved = here.settings.remapped
    rows = [(each.id, moved.get(each.id) or each.keys, each.words, each.help) for each in ACTIONS]
    told = [{"action": name, "keys": keys, "words": words, "help": text} for name, keys, words, text in rows]
    show(as_json, told, table(rows, ""))


def audit(
    here: Here,
    since: Annotated[str | None, typer.Option(metavar="TIME", help="Since 2026-01-31T09:30Z.")] = None,
    limit: Limit = 1000,
    as_json: AsJson = False,
) -> None:
    """Who did what, and when; oldest first. Times are UTC.

    Example: rfl1 audit --since 2026-01-31 --json
    """
    start = None if since is None else _moment(since)
    rows = here.run(lambda services, actor: services.audit.listed(actor, since=start, limit=limit))
    lines = table(
        [(f"{row.at:%Y-%m-%d %H:%M:%S}", row.by, row.action, row.acting_as, _details(row)) for row in rows],
        "Nothing happened yet.",
    )
    show(as_json, [_audit_row(row) for row in rows], lines)


def _details(row: "AuditRow") -> str:
    session = {} if row.session_id is None else {"session": row.session_id}
    return ", ".join(f"{name} {value}" for name, value in {**session, **row.details}.items())


def _audit_row(row: "AuditRow") -> views.Json:
    return {
        "at": views.moment(row.at),
        "by": row.by,
        "action": row.action,
        "acting_as": row.acting_as,
        "session_id": None if row.session_id is None else str(row.session_id),
        "details": dict(row.details),
    }


def _moment(written: str) -> datetime:
    """Without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise WrongUsage(f"{written!r} is no time", "Write 2026-01-31 or 2026-01-31T09:30:00Z.") from None
