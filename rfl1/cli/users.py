"""The people of the account."""

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, command, group
from rfl1.cli.output import show, table

if TYPE_CHECKING:
    from services.team.users import UserInfo

Name = Annotated[str, typer.Argument(metavar="NAME", help="Their name.")]
CoversL1 = Annotated[bool, typer.Option("--covers-l1", help="An engineer who also takes calls.")]
Role = Annotated[str, typer.Argument(metavar="ROLE", help="l1_tech, engineer, admin or owner.")]


def add(app: typer.Typer) -> None:
    users = group(app, "users", "The people of the account.")
    command(users, "list")(listed)
    command(users, "add")(add_user)
    command(users, "role")(role)
    command(users, "disable")(disable)


def listed(here: Here, as_json: AsJson = False) -> None:
    """Everybody of the account.

    Example: rfl1 users list --json
    """
    users = here.run(lambda services, actor: services.users.listed(actor))
    show(as_json, [_user(each) for each in users], _lines(users))


def add_user(
    here: Here,
    name: Name,
    *,
    role: Annotated[str, typer.Option(metavar="ROLE", help="l1_tech, engineer, admin or owner.")],
    account: Annotated[str | None, typer.Option(metavar="ACCOUNT", help="Of another account of the store.")] = None,
    covers_l1: CoversL1 = False,
    as_json: AsJson = False,
) -> None:
    """Adds somebody.

    Example: rfl1 users add sam --role engineer --covers-l1
    """
    user = here.run(lambda services, actor: services.users.add(actor, name, role, covers_l1=covers_l1, account=account))
    show(as_json, _user(user), [*_lines((user,)), *_how_they_begin(user)])


def _how_they_begin(user: "UserInfo") -> list[str]:
    """In a file it is the name that says who works; on a server it is the login."""
    name = shlex.quote(user.name)
    return [] if user.login else [f"They begin with `rfl1 --as {name}`, or once and for all with RFL1_USER={name}."]


def role(
    here: Here,
    name: Name,
    role: Role,
    *,
    covers_l1: Annotated[
        bool | None, typer.Option("--covers-l1/--no-covers-l1", help="Takes calls too; unsaid: as before.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Gives somebody another role.

    Example: rfl1 users role sam engineer --covers-l1
    """
    user = here.run(lambda services, actor: services.users.change_role(actor, name, role, covers_l1=covers_l1))
    show(as_json, _user(user), _lines((user,)))


def disable(here: Here, name: Name, as_json: AsJson = False) -> None:
    """Somebody who has left can do nothing any more; what they did stays on record.

    Example: rfl1 users disable sam
    """
    user = here.run(lambda services, actor: services.users.disable(actor, name))
    show(as_json, _user(user), _lines((user,)))


def _user(user: "UserInfo") -> views.Json:
    return {
        "id": str(user.id),
        "name": user.name,
        "role": user.role,
        "covers_l1": user.covers_l1,
        "active": user.active,
        "first": user.first,
        "login": user.login,
        "created_at": views.moment(user.created_at),
    }


def _lines(users: tuple["UserInfo", ...]) -> list[str]:
    rows = [
        (user.role + (", covers level 1" if user.covers_l1 else ""), "active" if user.active else "disabled", user.name)
        for user in users
    ]
    return table(rows, "There is nobody.")
