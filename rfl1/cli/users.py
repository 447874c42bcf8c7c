"""The people of the account."""

import shlex
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from rfl1.cli import views
from rfl1.cli.command import AsJson, Here, command, group
from rfl1.cli.output import say, show, table

if TYPE_CHECKING:
    from services.team.users import UserInfo

Name = Annotated[str, typer.Argument(metavar="NAME", help="Their name.")]
CoversL1 = Annotated[bool, typer.Option("--covers-l1", help="An engineer who also takes calls.")]
PasswordStdin = Annotated[
    bool, typer.Option("--password-stdin", help="Their database password is the first line of standard input.")
]
Role = Annotated[str, typer.Argument(metavar="ROLE", help="l1_tech, engineer, admin or owner.")]


def add(app: typer.Typer) -> None:
    users = group(app, "users", "The people of the account.")
    command(users, "list")(listed)
    command(users, "add")(add_user)
    command(users, "role")(role)
    command(users, "password")(password)
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
    password_stdin: PasswordStdin = False,
    as_json: AsJson = False,
) -> None:
    """Adds somebody; on Postgres with a login of their own, which is printed with how to connect.

    Example: rfl1 users add sam --role engineer --covers-l1 --password-stdin <sams-password
    """
    from services.team.users import Login

    login = Login(_from_stdin() if password_stdin else None)
    user = here.run(
        lambda services, actor: services.users.add(actor, name, role, covers_l1=covers_l1, account=account, login=login)
    )
    told = {**_user(user), "connect": _connect(here, user)}
    show(as_json, told, [*_lines((user,)), *_how_they_begin(here, user, has_password=password_stdin)])


def _how_they_begin(here: Here, user: "UserInfo", *, has_password: bool) -> list[str]:
    """In a file it is the name that says who works; on a server it is the login."""
    name, connect = shlex.quote(user.name), _connect(here, user)
    if connect is None:
        return [f"They begin with `rfl1 --as {name}`, or once and for all with RFL1_USER={name}."]
    said = [f"Their login is {user.login}. They begin with", f"  RFL1_DATABASE_URL={shlex.quote(connect)} rfl1"]
    if has_password:
        return [*said, "and the password in PGPASSWORD, or in their passfile."]
    return [*said, f"It has no password yet: `rfl1 users password {name}` sets one."]


def password(here: Here, name: Name, password_stdin: PasswordStdin = False) -> None:
    """Sets the database password of somebody, or your own; who has no login yet gets one.

    Example: rfl1 users password sam
    """
    given = _from_stdin() if password_stdin else typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    user = here.run(lambda services, actor: services.users.set_password(actor, name, given))
    say(f"{user.name} connects with RFL1_DATABASE_URL={_connect(here, user)} and the new password.")


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


def _from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _connect(here: Here, user: "UserInfo") -> str | None:
    """The address of the store with the user's own login; None where they have none."""
    from storage.location import PostgresServer, parse_location

    where = parse_location(here.settings.database_url)
    return where.as_login(user.login) if isinstance(where, PostgresServer) and user.login else None


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
