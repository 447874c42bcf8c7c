"""A stand-in to try the program on: `python -m tests.psa_servers connectwise` prints what to set."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from shlex import quote

from tests.psa_servers.offices import OFFICES, Office
from tests.psa_servers.server import running


async def _stand_in(office: Office, port: int, seconds: float) -> None:
    async def slowly(work: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(seconds)
        await work()

    psa = office.server(tickets=40)
    psa.around = slowly
    async with running(psa, port):
        where = {"RFL1_PSA_PROVIDER": office.name, "RFL1_PSA_URL": psa.url, **office.environment}
        for name, value in {**where, "RFL1_PSA_USER": office.tina, "RFL1_PSA_BOARD": "Service Desk"}.items():
            sys.stdout.write(f"export {name}={quote(value)}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main() -> None:
    """Arguments: which one, the port (0 is any), seconds until an answer."""
    given = dict(enumerate(sys.argv[1:]))
    office = {each.name: each for each in OFFICES}[given.get(0, "connectwise")]
    asyncio.run(_stand_in(office, int(given.get(1, "0")), float(given.get(2, "0"))))


main()
