"""Puts the rights in place, at the end of each upgrade: once or often, the same comes of it.

People get what they may through one role, which their logins belong to and which is named after the owner of the
store. Where the owner may not make roles there is none: nobody can be given a login, the store is the owner's alone.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from storage.rights.beside import guards_beside
from storage.rights.declared import RIGHTS, Rights
from storage.rights.functions import COPIES, FOR_PEOPLE, FUNCTIONS, LOGIN_PATTERN, LOGINS
from storage.rights.guards import guards

_UNCHANGED = {"id", "account_id", "session_id", "ticket_id", "user_id", "created_by"}

_SURROUNDINGS = """
SELECT current_user, current_schema, current_database(),
  left(current_user, 50) || '_people', to_regrole(quote_ident(left(current_user, 50) || '_people')) IS NOT NULL,
  (SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user)"""
_COLUMNS = """
SELECT class.relname, array_agg(attribute.attname::text ORDER BY attnum)
FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
WHERE class.relnamespace = current_schema::regnamespace AND class.relkind IN ('r', 'p')
  AND attribute.attnum > 0 AND NOT attribute.attisdropped
GROUP BY class.relname"""
_WORDS = """
SELECT class.relname, attribute.attname
FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
WHERE class.relnamespace = current_schema::regnamespace AND class.relkind IN ('r', 'p')
  AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attstattarget IS DISTINCT FROM 0
  AND atttypid IN ('text'::regtype, 'varchar'::regtype) AND attname NOT IN ('status', 'state', 'kind')"""
_POLICIES = "SELECT tablename, policyname FROM pg_policies WHERE schemaname = current_schema"


def put_in_place(connection: Connection) -> None:
    """On Postgres, within an upgrade's transaction. Tables that have no line in `RIGHTS` are closed to everybody."""
    owner, schema, database, people, there, may_make_roles = connection.exec_driver_sql(_SURROUNDINGS).one()
    if may_make_roles and not there:
        _run(connection, [_MAKE_ROLE.format(name=_literal(people))])
    names = {":schema": _name(schema), ":people": _literal(people)}
    made = [*FUNCTIONS, *LOGINS, *COPIES, *guards(LOGIN_PATTERN), *guards_beside()]
    for old, new in names.items():
        made = [each.replace(old, new) for each in made]
    _run(connection, made)
    closed = ["REVOKE ALL ON SCHEMA private FROM PUBLIC", "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA private FROM PUBLIC"]
    closed += [f"REVOKE CREATE ON SCHEMA {_name(schema)} FROM PUBLIC"]
    closed += [f"REVOKE ALL ON DATABASE {_name(database)} FROM PUBLIC"]
    _run(connection, closed)
    _run(
        connection, (f"DROP POLICY {_name(policy)} ON {_name(table)}" for table, policy in _all(connection, _POLICIES))
    )
    grantee = people if there or may_make_roles else None
    for table, columns in _all(connection, _COLUMNS):
        _run(connection, _closed(table, owner))
        if grantee is not None and table in RIGHTS:
            _run(connection, _opened(table, columns, RIGHTS[table], grantee))
    # What the planner knows of a column it tells everybody, as an estimate; of words it is to know nothing.
    quiet = _all(connection, _WORDS)
    _run(connection, (f"ALTER TABLE {_name(on)} ALTER {_name(each)} SET STATISTICS 0" for on, each in quiet))
    if grantee is not None:
        _run(connection, _reached(grantee, schema, database))


_MAKE_ROLE = """DO $$ BEGIN EXECUTE format('CREATE ROLE %I NOLOGIN', {name});
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"""


def _closed(table: str, owner: str) -> Iterable[str]:
    """Only the owner gets in, and only at a connection of their own."""
    on = _name(table)
    yield f"ALTER TABLE {on} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {on} FORCE ROW LEVEL SECURITY"
    yield f"REVOKE ALL ON {on} FROM PUBLIC"
    yield f"CREATE POLICY keeper ON {on} TO {_name(owner)} USING ((SELECT private.keeps()))"


def _opened(table: str, columns: list[str], rights: Rights, people: str) -> Iterable[str]:
    on, to = _name(table), _name(people)
    mine = "TRUE" if rights.account is None else f"{rights.account} = (SELECT private.me_account())"
    yield f"REVOKE ALL ON {on} FROM {to}"
    yield f"GRANT SELECT ON {on} TO {to}"
    yield f"CREATE POLICY reads ON {on} FOR SELECT TO {to} USING ({mine} AND ({rights.read}))"
    if rights.add is not None:
        given = ", ".join(_name(each) for each in columns if each not in _listed(rights.kept))
        yield f"GRANT INSERT ({given}) ON {on} TO {to}"
        yield f"CREATE POLICY adds ON {on} FOR INSERT TO {to} WITH CHECK ({mine} AND ({rights.add}))"
    if rights.change is not None:
        changed = set(columns) - _UNCHANGED if rights.columns == "*" else _listed(rights.columns)
        yield f"GRANT UPDATE ({', '.join(map(_name, sorted(changed)))}) ON {on} TO {to}"
        # One policy alone: of several, one that lets the old row pass and another the new one would add up.
        yield f"""CREATE POLICY changes ON {on} FOR UPDATE TO {to}
                  USING ({mine} AND ({rights.lock})) WITH CHECK ({mine} AND ({rights.change}))"""
    if rights.remove is not None:
        yield f"GRANT DELETE ON {on} TO {to}"
        yield f"CREATE POLICY removes ON {on} FOR DELETE TO {to} USING ({mine} AND ({rights.remove}))"
    if rights.rings:
        for event, unless in (("INSERT", ""), ("UPDATE", f"WHEN (NOT ({rights.quiet}))")):
            yield f"""CREATE OR REPLACE TRIGGER rings_on_{event.lower()} AFTER {event} ON {on}
                      FOR EACH ROW {unless} EXECUTE FUNCTION private.ring()"""
        yield f"DROP TRIGGER IF EXISTS rings_the_bell ON {on}"


def _reached(people: str, schema: str, database: str) -> Iterable[str]:
    to = _name(people)
    yield f"GRANT CONNECT ON DATABASE {_name(database)} TO {to}"
    yield f"GRANT USAGE ON SCHEMA {_name(schema)}, private TO {to}"
    yield f"GRANT EXECUTE ON FUNCTION {', '.join(f'private.{each}' for each in FOR_PEOPLE)} TO {to}"


def _run(connection: Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def _all(connection: Connection, query: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def _listed(columns: str) -> set[str]:
    return {each.strip() for each in columns.split(",") if each.strip()}


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
