"""What a pooler in transaction mode does to its clients: settings that it does not know are refused at the start, the
process has another number, and what was prepared in one transaction is gone in the next, as on another backend.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

_PASSED = {"user", "database", "client_encoding", "application_name", "TimeZone", "DateStyle"}
_SSL_REQUEST = 80877103
_FORGET = b"Q" + struct.pack("!i", 16) + b"DISCARD ALL\x00"
_LEAVES = b"X"


@asynccontextmanager
async def pooler(url: str, *, strict: bool) -> AsyncIterator[str]:
    """The same store behind a pooler. One that is not `strict` was told to ignore settings, and says nothing."""
    parts = urlsplit(url)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            startup = await _startup(reader, writer)
            if strict and set(startup[8:-2].decode().split("\x00")[::2]) - _PASSED:
                writer.write(_message(b"E", b"SFATAL\x00C08P01\x00Munsupported startup parameter\x00\x00"))
            else:
                server = await asyncio.open_connection(parts.hostname, parts.port or 5432)
                server[1].write(startup)
                await _Between((reader, writer), server).pass_on()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        who = parts.netloc.rpartition("@")[0]
        yield parts._replace(netloc=f"{who}@127.0.0.1:{port}").geturl()


class _Between:
    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._client = client
        self._server = server
        self._idle = False
        """No transaction is open."""
        self._forgotten = asyncio.Event()
        self._forgotten.set()

    async def pass_on(self) -> None:
        answering = asyncio.create_task(self._answer())
        try:
            while True:
                kind, message = await _next(self._client[0])
                if self._idle and kind != _LEAVES:
                    self._idle = False
                    self._forgotten.clear()
                    self._server[1].write(_FORGET)
                    await self._forgotten.wait()
                self._server[1].write(message)
        finally:
            answering.cancel()
            self._server[1].close()

    async def _answer(self) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                kind, message = await _next(self._server[0])
                if not self._forgotten.is_set():
                    if kind == b"Z":
                        self._forgotten.set()
                    continue
                if kind == b"K":
                    message = message[:5] + struct.pack("!i", 1) + message[9:]
                self._idle = kind == b"Z" and message.endswith(b"I")
                self._client[1].write(message)
        self._client[1].close()


async def _startup(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    while True:
        length = await reader.readexactly(4)
        rest = await reader.readexactly(struct.unpack("!i", length)[0] - 4)
        if struct.unpack("!i", rest[:4])[0] != _SSL_REQUEST:
            return length + rest
        writer.write(b"N")


async def _next(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    kind, length = await reader.readexactly(1), await reader.readexactly(4)
    return kind, kind + length + await reader.readexactly(struct.unpack("!i", length)[0] - 4)


def _message(kind: bytes, said: bytes) -> bytes:
    return kind + struct.pack("!i", len(said) + 4) + said
