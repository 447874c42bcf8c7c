"""The logins that people have on a Postgres server. The password itself stays on this side: what the server gets is
what it would have made of it."""

import base64
import hashlib
import hmac
import secrets
import stringprep
import unicodedata
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

_ROUNDS = 4096
_PEOPLE = """SELECT to_regrole(quote_ident(left(rolname, 50) || '_people')) IS NOT NULL
             FROM pg_class JOIN pg_roles ON pg_roles.oid = relowner WHERE pg_class.oid = 'users'::regclass"""
_MAPPED_TO_NOTHING = stringprep.in_table_b1
_PROHIBITED = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def new_login() -> str:
    """Says nothing about whose it is: everybody on the server can see its name."""
    return f"rfl1_{secrets.token_hex(8)}"


def verifier(password: str, salt: bytes | None = None) -> str:
    """What Postgres keeps of a password (RFC 5802, as in its own `pg_authid`)."""
    salt = secrets.token_bytes(16) if salt is None else salt
    salted = hashlib.pbkdf2_hmac("sha256", _prepared(password), salt, _ROUNDS)
    client = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    encoded = [base64.b64encode(each).decode() for each in (salt, client, server)]
    return f"SCRAM-SHA-256${_ROUNDS}:{encoded[0]}${encoded[1]}:{encoded[2]}"


def _prepared(password: str) -> bytes:
    """RFC 4013; like Postgres, a password that it does not allow is taken as it is."""
    mapped = "".join(
        " " if stringprep.in_table_c12(each) else each for each in password if not _MAPPED_TO_NOTHING(each)
    )
    normal = unicodedata.normalize("NFKC", mapped)
    if not normal or any(prohibits(each) for each in normal for prohibits in _PROHIBITED) or _mixed(normal):
        normal = password
    return normal.encode()


def _mixed(normal: str) -> bool:
    """Directions of writing as the standard forbids them."""
    if not any(stringprep.in_table_d1(each) for each in normal):
        return False
    ends = stringprep.in_table_d1(normal[0]) and stringprep.in_table_d1(normal[-1])
    return not ends or any(stringprep.in_table_d2(each) for each in normal)


async def gives_logins(session: AsyncSession) -> bool:
    """Whether people can have logins here: a server, whose owner may make them."""
    if session.get_bind().dialect.name != "postgresql":
        return False
    return bool(await session.scalar(text(_PEOPLE)))


async def give_login(session: AsyncSession, user_id: UUID, kept: str | None) -> None:
    """Makes the login that the user's row names, or changes its password; None leaves the password as it is."""
    given = text("SELECT private.give_login(:person, :verifier)")
    await session.execute(given, {"person": user_id, "verifier": kept})


async def cut_off(session: AsyncSession) -> None:
    """Closes what people still have open who were disabled or deleted."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT private.cut_off()"))
