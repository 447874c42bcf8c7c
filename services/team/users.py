"""The people of an account: who acts, who joins, what they may, who leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast, get_args
from uuid import UUID, uuid4

from services.access import Act, Actor, Role
from services.access.acting import administering, reading, still_acting
from services.clock import Clock
from services.errors import Invalid, NotAllowed, NotFound, Refused
from services.flows.visible import blank, folded
from services.team import audit
from storage.database import Database, Transaction
from storage.directory import Directory
from storage.logins import cut_off, give_login, gives_logins, new_login, verifier
from storage.tables import User
from storage.team import Users as Team

ROLES: tuple[Role, ...] = get_args(Role)
LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class UserInfo:
    id: UUID
    name: str
    role: Role
    covers_l1: bool
    active: bool
    first: bool
    """The one that `init` made."""
    login: str | None
    """The database role of this person; None on SQLite."""
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Login:
    """That somebody is to have one."""

    password: str | None = field(default=None, repr=False)
    """None: it gets none yet, or stays as it is."""


class Users:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def actor(self, name: str | None = None) -> Actor:
        """Who acts: on Postgres whoever the connection belongs to. The store's owner acts as `name` (`account/name`
        where several accounts know it), or as the user that `init` made.

        Raises NotFound, NotAllowed for somebody who is not active or is not who the connection says.
        """
        async with self._database.session(read_only=True) as session:
            directory = Directory(session)
            login = await directory.connected_login()
            if login is not None:
                return _known(await directory.user_of_login(login), name)
            return await _named(directory, name)

    async def listed(self, actor: Actor) -> tuple[UserInfo, ...]:
        """Everybody of the account, in the order they came."""
        async with reading(self._database, actor, Act.MANAGE_USERS) as read:
            return tuple(_info(row) for row in await Team(read).listed())

    async def add(  # noqa: PLR0917 - what is known of a person
        self,
        actor: Actor,
        name: str,
        role: str,
        covers_l1: bool = False,
        account: str | None = None,
        login: Login | None = None,
    ) -> UserInfo:
        """A new user; one that was disabled comes back under the same name. `account` names another account of the
        store: only the store's owner, as the user that `init` made first, can reach one. `login` asks for one, where
        the store is on a server whose owner may make them.

        Raises Invalid for the name or the role, Refused for a name that is taken, NotFound for the account.
        """
        details: dict[str, object] = {}
        if account is not None:
            actor, theirs = await self._owner_of(actor, account)
            details = {} if theirs else {"by": "the owner of the store"}
        wanted = _role(role, covers_l1)
        async with administering(self._database, actor, Act.MANAGE_USERS) as tx:
            row = await _new_or_back(tx, name, self._clock())
            _owners_only(actor, wanted, row.role)
            row.role, row.covers_l1, row.active = wanted, covers_l1, True
            details = {**_about(row), "role": wanted, "covers_l1": covers_l1, **details}
            await audit.record(tx, actor, "user.add", self._clock(), details=details)
            await tx.flush()
            if login is not None:
                await _give_login(tx, row, login)
            return _info(row)

    async def set_password(self, actor: Actor, name: str, password: str) -> UserInfo:
        """One's own, or that of somebody of the account; who has no login yet gets one.

        Raises NotFound, NotAllowed, Refused where there are no logins.
        """
        login = Login(password)
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            row = await _of_account(tx, name)
            if row.id != actor.user_id:
                actor.require(Act.MANAGE_USERS)
                _owners_only(actor, row.role)
            if not row.active:
                raise Refused(f"{row.name!r} is disabled", "`rfl1 users add` brings them back.")
            await _give_login(tx, row, login)
            if row.login is None:
                raise Refused("there are no logins here", "They belong to a Postgres server: see `rfl1 db setup`.")
            await audit.record(tx, actor, "login.password", self._clock(), details=_about(row))
            return _info(row)

    async def change_role(self, actor: Actor, name: str, role: str, covers_l1: bool | None = None) -> UserInfo:
        """Without `covers_l1`, an engineer keeps what was. Raises NotFound, NotAllowed, Refused for the last owner."""
        async with administering(self._database, actor, Act.MANAGE_USERS) as tx:
            row = await _of_account(tx, name)
            covers = covers_l1 if covers_l1 is not None else row.covers_l1 and role == "engineer"
            wanted = _role(role, covers)
            _owners_only(actor, wanted, row.role)
            if wanted != "owner":
                await _owner_stays(tx, row)
            if (row.role, row.covers_l1) != (wanted, covers):
                details = {**_about(row), "from": row.role, "to": wanted, "covers_l1": covers}
                row.role, row.covers_l1 = wanted, covers
                await audit.record(tx, actor, "user.role", self._clock(), details=details)
            return _info(row)

    async def disable(self, actor: Actor, name: str) -> UserInfo:
        """Their calls stay, for colleagues to take over. Raises NotFound, NotAllowed, Refused for the last owner."""
        async with administering(self._database, actor, Act.MANAGE_USERS) as tx:
            row = await _of_account(tx, name)
            _owners_only(actor, row.role)
            await _owner_stays(tx, row)
            if row.active:
                row.active = False
                await audit.record(tx, actor, "user.disable", self._clock(), details=_about(row))
            disabled = _info(row)
        async with self._database.session() as session:
            await cut_off(session)  # after the commit, or they would connect again before it
        return disabled

    async def _owner_of(self, actor: Actor, account: str) -> tuple[Actor, bool]:
        """The actor if the account is their own, and True; else an owner of it, for the store's owner alone."""
        async with self._database.session(read_only=True) as session:
            directory = Directory(session)
            there = await directory.account_named(account)
            if there is not None and there.id == actor.account_id:
                return actor, True
            first = await directory.first_user()
            keeper = first is not None and first.id == actor.user_id and await directory.connected_login() is None
            owner = await directory.owner_of(there.id) if there is not None and keeper else None
        if owner is None:
            raise NotFound(f"no account {account!r}", "`rfl1 init --account NAME` makes one.")
        return as_actor(owner), False


def checked_name(name: str) -> str:
    """Of a user or an account. Raises Invalid for what nobody could type or read."""
    name = name.strip()
    if blank(name) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise Invalid(f"{name!r} is no name", f"Use 1 to {LONGEST_NAME} letters, digits and signs.")
    return name


def as_actor(row: User) -> Actor:
    return Actor(row.account_id, row.id, row.name, cast("Role", row.role), row.covers_l1)


def _info(row: User) -> UserInfo:
    role = cast("Role", row.role)
    return UserInfo(row.id, row.name, role, row.covers_l1, row.active, row.first, row.login, row.created_at)


def _about(row: User) -> dict[str, object]:
    return {"user_id": str(row.id), "name": row.name}


def _known(row: User | None, name: str | None) -> Actor:
    """The user that a login belongs to, who cannot be anybody else."""
    if row is None or row.deleted_at is not None:
        raise NotAllowed("this database login belongs to no user", "Ask an owner of your account to add you.")
    if name not in (None, row.name):
        raise NotAllowed(f"this connection is {row.name!r}, not {name!r}", "Leave out --as and RFL1_USER.")
    return _active(row)


def _active(row: User) -> Actor:
    if not row.active:
        raise NotAllowed(f"{row.name!r} is not an active user", "Ask an owner of the account, or name another user.")
    return as_actor(row)


async def _named(directory: Directory, name: str | None) -> Actor:
    first = await directory.first_user()
    if first is None:
        raise NotFound("there is no user yet", "`rfl1 init` makes one.")
    if name is None:
        return _active(first)
    found = await _of_named_account(directory, name)
    if not found:
        found = await directory.users_named(name)
        found = [row for row in found if row.account_id == first.account_id] or found
    match found:
        case [row]:
            return _active(row)
        case []:
            raise NotFound(f"no user {name!r}", "`rfl1 users list` shows who there is.")
        case _:
            raise Refused(f"several accounts have a user {name!r}", f"Name the account too: ACCOUNT/{name}.")


async def _of_named_account(directory: Directory, name: str) -> Sequence[User]:
    """Users that `name` means as `account/name`; both may have a `/` of their own."""
    for place, character in enumerate(name):
        if character == "/" and (account := await directory.account_named(name[:place])):
            return await directory.users_named(name[place + 1 :], account.id)
    return ()


async def _of_account(tx: Transaction, name: str) -> User:
    row = await Team(tx).named(name)
    if row is None:
        raise NotFound(f"no user {name!r}", "`rfl1 users list` shows who there is.")
    return row


async def _new_or_back(tx: Transaction, name: str, now: datetime) -> User:
    """A row for the name: a new one, or that of a disabled user. Names that look alike are one name."""
    users = Team(tx)
    name = checked_name(name)
    row = await users.named(name)
    if row is not None and not row.active:
        return row
    for taken in await users.names_ever():
        if folded(taken) == folded(name):
            raise Refused(f"the name {taken!r} is taken", "Choose another one.")
    row = User(id=uuid4(), name=name, role="l1_tech", created_at=now)
    tx.add(row)
    return row


async def _give_login(tx: Transaction, row: User, login: Login) -> None:
    """Nothing where there are none to give. Raises Invalid for the password."""
    if login.password is not None and (not login.password or "\x00" in login.password):
        raise Invalid("this is no password", "Give one of a few words at least.")
    if await gives_logins(tx.session):
        row.login = row.login or new_login()
        await tx.flush()
        await give_login(tx.session, row.id, None if login.password is None else verifier(login.password))


def _role(role: str, covers_l1: bool) -> Role:
    if role not in ROLES:
        raise Invalid(f"no role {role!r}", f"There are: {', '.join(ROLES)}.")
    if covers_l1 and role != "engineer":
        raise Invalid("only an engineer covers level 1", "Technicians, admins and owners take calls anyway.")
    return role


def _owners_only(actor: Actor, *roles: str) -> None:
    if "owner" in roles and actor.role != "owner":
        raise NotAllowed("only an owner makes or removes an owner", "Ask an owner of the account.")


async def _owner_stays(tx: Transaction, row: User) -> None:
    if row.role == "owner" and row.active and not await Team(tx).active("owner", but=row.id):
        raise Refused(f"{row.name!r} is the last owner of the account", "Make somebody else an owner first.")
