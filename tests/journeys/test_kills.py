"""The server is killed while several terminals take calls: nothing that was acknowledged is lost or there twice.

The long form of it is `python -m benchmarks.kills`.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import kills
from tests.postgres import Mortal, mortal_server


@pytest.fixture(scope="module")
def server() -> Iterator[Mortal]:
    with mortal_server("synchronous_commit=on") as mortal:  # what tests do without loses what was acknowledged
        yield mortal


@pytest.fixture
def url(server: Mortal) -> str:
    return server.create_database()


async def test_what_was_acknowledged_before_a_kill_is_there_once(server: Mortal, url: str, tmp_path: Path) -> None:
    ledger, wrong = await kills.played(server, url, tmp_path, sessions=30, kills=1, terminals=4)
    assert wrong == []
    assert ledger.ended == len(ledger.calls) == 30
    assert ledger.refused + ledger.aside > 0, "nobody noticed that the server was away"
