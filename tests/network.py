"""The network between rfl1 and a server, which a test can cut, hold up, and mend."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

_DONE = re.compile(b"C\0\0\0|s\0\0\0\4")
"""CommandComplete or PortalSuspended: https://www.postgresql.org/docs/current/protocol-message-formats.html"""


class Network:
    """Passes bytes on between whoever connects to `url` and the real server."""

    def __init__(self, url: str) -> None:
        self._server = urlsplit(url)
        self._cables: set[asyncio.StreamWriter] = set()
        self._lost: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self._refuses = False
        self._answers_lost = False
        self.port = 0

    @property
    def url(self) -> str:
        credentials = self._server.netloc.rpartition("@")[0]
        return self._server._replace(netloc=f"{credentials}@127.0.0.1:{self.port}").geturl()

    def cut(self) -> None:
        """Every connection ends, and no new one is made."""
        self._refuses = True
        self._drop()

    def hold(self) -> None:
        """Nothing comes through, and nobody is told."""
        self._open.clear()

    def swallow(self) -> None:
        """Nothing comes through on the connections that there are, ever, and nobody is told; new ones work."""
        self._lost |= self._cables

    def lose_answers(self) -> None:
        """What is asked is done there; before anybody is told so, every connection ends."""
        self._answers_lost = True

    def mend(self) -> None:
        self._refuses = self._answers_lost = False
        self._open.set()

    def _drop(self) -> None:
        for cable in self._cables:
            cable.transport.abort()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._refuses:
            writer.transport.abort()
            return
        there_reader, there = await asyncio.open_connection(self._server.hostname, self._server.port)
        self._cables |= {writer, there}
        for source, target, answers in ((reader, there, False), (there_reader, writer, True)):
            task = asyncio.create_task(self._pass(source, target, answers))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)

    async def _pass(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, answers: bool) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await source.read(65536):
                await self._open.wait()
                if target in self._lost:
                    continue
                if answers and self._answers_lost and _DONE.search(data):
                    self.cut()
                    return
                target.write(data)
                await target.drain()
        target.close()

    async def end(self) -> None:
        self._drop()
        for task in self._passing:
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)


@asynccontextmanager
async def network(url: str) -> AsyncIterator[Network]:
    """To the server of a Postgres URL; use `Network.url` instead of that."""
    between = Network(url)
    server = await asyncio.start_server(between.connected, "127.0.0.1", 0)
    between.port = server.sockets[0].getsockname()[1]
    try:
        yield between
    finally:
        server.close()
        await between.end()
