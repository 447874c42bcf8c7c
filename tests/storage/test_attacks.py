"""What a person's own login cannot do through rfl1, it cannot do in any other program either."""

import asyncio
import re
from collections.abc import Iterable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from storage.rights.declared import RIGHTS
from storage.tables import Base
from tests import postgres
from tests.storage.siege import PEOPLE, Siege, spelled

_LINE = re.compile(r"(?P<who>\w+) (?P<outcome>nothing|done|refused)(:(?P<state>\w{5}))? (?P<statement>.+)")
_RIGHT_MISSING = "42501"


@dataclass(frozen=True)
class Attack:
    theme: str
    who: str
    outcome: str
    state: str
    statement: str

    def concerns(self, table: str) -> bool:
        return re.search(rf"\b{table}\b", self.statement) is not None


def _read() -> Iterator[Attack]:
    theme = ""
    for line in (Path(__file__).parent / "attacks.txt").read_text().splitlines():
        if line.startswith("## "):
            theme = line[3:]
        elif line and not line.startswith("#"):
            found = _LINE.fullmatch(line)
            assert found, line
            yield Attack(theme, found["who"], found["outcome"], found["state"] or _RIGHT_MISSING, found["statement"])


ATTACKS = tuple(_read())


async def successes(siege: Siege, attacks: Iterable[Attack]) -> list[str]:
    """The attacks of which something else came than should; each is taken back."""
    through = []
    async with AsyncExitStack() as stack:
        connections = {who: await stack.enter_async_context(siege.as_(who)) for who in PEOPLE}
        for attack in attacks:
            came = await _outcome(connections[attack.who], spelled(attack.statement, siege.logins))
            meant = f"refused:{attack.state}" if attack.outcome == "refused" else attack.outcome
            if came != meant:
                through.append(f"{attack.who}: {attack.statement[:150]}: {came}, not {meant}")
    return through


async def _outcome(connection: Any, statement: str) -> str:
    transaction = connection.transaction()
    await transaction.start()
    try:
        done = await connection.execute(statement)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")  # as the commit would
    except asyncpg.PostgresError as error:
        return f"refused:{error.sqlstate}"
    finally:
        await transaction.rollback()
    return "nothing" if done.endswith(" 0") else "done"


@pytest.fixture(scope="module")
def besieged(postgres_server: postgres.Server) -> Iterator[Siege]:
    url = postgres_server.create_database()  # no copy: rights in the database as such are not copied with it
    yield asyncio.run(Siege.laid(url))
    postgres_server.drop_database(url)


@pytest.fixture(scope="module")
def breached(postgres_server: postgres.Server, besieged: Siege) -> Iterator[Siege]:
    """A copy, for tests that open it on purpose."""
    url = postgres_server.create_database(template=postgres.database_name(besieged.url))
    yield Siege(url, besieged.logins)
    postgres_server.drop_database(url)


def test_there_are_enough_attacks_in_every_theme() -> None:
    assert sum(attack.outcome != "done" for attack in ATTACKS) >= 150


@pytest.mark.parametrize("theme", dict.fromkeys(attack.theme for attack in ATTACKS))
async def test_no_attack_gets_through(besieged: Siege, theme: str) -> None:
    assert await successes(besieged, (attack for attack in ATTACKS if attack.theme == theme)) == []


@pytest.mark.parametrize("table", sorted(Base.metadata.tables))
async def test_a_table_that_is_left_open_is_noticed(breached: Siege, table: str) -> None:
    concerned = [attack for attack in ATTACKS if attack.concerns(table)]
    owner = await asyncpg.connect(breached.url)
    try:
        await owner.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        assert await successes(breached, concerned) != []
        await owner.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        assert await successes(breached, concerned) == []
    finally:
        await owner.close()


WATCHED = tuple(table for table in RIGHTS if any(each.outcome == "done" and each.concerns(table) for each in ATTACKS))


@pytest.mark.parametrize("table", WATCHED)
async def test_a_policy_that_is_dropped_is_noticed(breached: Siege, table: str) -> None:
    concerned = [attack for attack in ATTACKS if attack.concerns(table)]
    owner = await asyncpg.connect(breached.url)
    try:
        policies = await owner.fetch(
            "SELECT * FROM pg_policies WHERE tablename = $1 AND policyname <> 'keeper' AND schemaname = 'public'", table
        )
        for policy in policies:
            await owner.execute(f"DROP POLICY {policy['policyname']} ON {table}")
            assert await successes(breached, concerned) != [], policy["policyname"]
            using = f"USING ({policy['qual']})" if policy["qual"] else ""
            check = f"WITH CHECK ({policy['with_check']})" if policy["with_check"] else ""
            made = f'CREATE POLICY {policy["policyname"]} ON {table} FOR {policy["cmd"]} TO "{policy["roles"][0]}"'
            await owner.execute(f"{made} {using} {check}")
        assert await successes(breached, concerned) == []
    finally:
        await owner.close()


async def test_every_table_is_closed_and_opened_by_a_line_of_its_own(besieged: Siege) -> None:
    owner = await asyncpg.connect(besieged.url)
    tables = await owner.fetch(
        """SELECT relname, relrowsecurity AND relforcerowsecurity AS closed,
             array(SELECT polname::text FROM pg_policy WHERE polrelid = pg_class.oid ORDER BY 1) AS policies
           FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')"""
    )
    await owner.close()
    assert {row["relname"] for row in tables} == set(Base.metadata.tables) | {"alembic_version"} == set(RIGHTS)
    for row in tables:
        rights = RIGHTS[row["relname"]]
        said = {"adds": rights.add, "changes": rights.change, "removes": rights.remove}
        meant = sorted(["keeper", "reads", *(name for name, right in said.items() if right is not None)])
        assert (row["closed"], row["policies"]) == (True, meant), row["relname"]


async def test_the_owner_of_the_store_sees_all_and_nobody_who_acts_as_them_does(besieged: Siege) -> None:
    owner = await asyncpg.connect(besieged.url)
    try:
        assert await owner.fetchval("SELECT count(DISTINCT account_id) FROM sessions") == 2
        await owner.execute("CREATE VIEW every_session AS SELECT * FROM sessions")
        await owner.execute("GRANT SELECT ON every_session TO PUBLIC")
        async with besieged.as_("tina") as tina:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await tina.execute("SELECT FROM every_session")
    finally:
        await owner.execute("DROP VIEW every_session")
        await owner.close()


async def test_the_plan_of_a_query_says_nothing_of_anothers_customers(besieged: Siege) -> None:
    owner = await asyncpg.connect(besieged.url)
    await owner.execute(
        """INSERT INTO tickets
             (id, account_id, kind, problem, customer, contact, folded, status, created_at, updated_at)
           SELECT gen_random_uuid(), account_id, 'internal', 'x', 'Contoso', '', 'x', 'resolved', now(), now()
           FROM tickets, generate_series(1, 500) WHERE problem LIKE '%theirs'"""
    )
    await owner.execute("ANALYZE tickets")
    await owner.close()
    async with besieged.as_("tina") as tina:
        for column, guess in (("customer", "Contoso"), ("problem", "x"), ("folded", "x")):
            plans = [
                await tina.fetch(f"EXPLAIN SELECT 1 FROM tickets WHERE {column} = '{word}'")
                for word in (guess, "nobody has this")
            ]
            assert re.findall(r"rows=\d+", str(plans[0])) == re.findall(r"rows=\d+", str(plans[1])), column


async def test_a_bell_rings_for_its_own_account_alone_and_its_name_cannot_be_guessed(besieged: Siege) -> None:
    heard: dict[str, asyncio.Event] = {}
    async with besieged.as_("tom") as tom, besieged.as_("tilda") as tilda, besieged.as_("tina") as tina:
        channels = {}
        for who, connection in (("tom", tom), ("tilda", tilda)):
            heard[who] = asyncio.Event()
            channels[who] = await connection.fetchval("SELECT private.my_bell()")
            await connection.add_listener(channels[who], lambda *_said, rung=heard[who]: rung.set())
        assert channels["tom"] == await tina.fetchval("SELECT private.my_bell()") != channels["tilda"]
        assert re.fullmatch("rfl1_[0-9a-f]{32}", channels["tilda"])
        await tina.execute(spelled("UPDATE tickets SET updated_at = now() WHERE id = {ours.ticket}", {}))
        await asyncio.wait_for(heard["tom"].wait(), 10)
        await tilda.fetchval("SELECT 1")
        assert not heard["tilda"].is_set()
