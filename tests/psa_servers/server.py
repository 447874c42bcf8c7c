"""What the three stand-ins share: a small web server on this machine that breaks as a test wants it to."""

import asyncio
import contextlib
import copy
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

Row: TypeAlias = dict[str, Any]
Kind = Literal[
    "cut",
    "hang",
    "limited",
    "broken",
    "bad_gateway",
    "truncated",
    "empty",
    "expired",
    "ignored",
    "reverted",
    "meanwhile",
]


@dataclass(frozen=True, slots=True)
class Fault:
    kind: Kind
    applied: bool = False
    """Whether what was asked for is done before the answer is lost."""
    retry_after: str | None = "0"
    act: Callable[[], None] = lambda: None
    """What somebody else does at that moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Any

    @property
    def line(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Reply:
    body: Any = None
    """JSON; bytes are sent as they are."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Desk:
    """What a PSA keeps, in its own field names."""

    tickets: dict[int, Row] = field(default_factory=dict)
    notes: list[Row] = field(default_factory=list)
    times: list[Row] = field(default_factory=list)
    last_id: int = 1000

    def next_id(self) -> int:
        self.last_id += 1
        return self.last_id


LOST = {
    "cut before": Fault("cut"),
    "cut after": Fault("cut", applied=True),
    "500": Fault("broken"),
    "500 after": Fault("broken", applied=True),
    "502 with a page": Fault("bad_gateway"),
    "502 after": Fault("bad_gateway", applied=True),
    "truncated": Fault("truncated", applied=True),
    "nothing, with 200": Fault("empty"),
    "nothing, done": Fault("empty", applied=True),
}
"""After which nobody knows whether it was done, by what a person would call it."""


class PsaServer:
    """`answer` is the provider's part; faults stand in front of it, each used once."""

    def __init__(self) -> None:
        self.desk = Desk()
        self.faults: list[tuple[re.Pattern[str], Fault]] = []
        self.asked: list[Asked] = []
        self.url = ""
        self.around: Callable[[Callable[[], Awaitable[None]]], Awaitable[None]] = lambda work: work()
        """What answering is put into, where a test wants to stand in between."""
        self._revert: list[Desk] = []

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def expire(self) -> Reply | None:
        """Makes the credentials run out; gives the answer where they do not run out by themselves."""
        return Reply({"code": "Unauthorized", "message": "Expired."}, 401)

    def fail(self, line: str, fault: Fault) -> None:
        """The next request whose `METHOD /path` matches `line` fails that way."""
        self.faults.append((re.compile(line), fault))

    def count(self, line: str) -> int:
        return sum(1 for asked in self.asked if re.search(line, asked.line))

    def _fault(self, asked: Asked) -> Fault | None:
        for entry in self.faults:
            if entry[0].search(asked.line):
                self.faults.remove(entry)
                return entry[1]
        return None

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                asked = await _read(reader)
                self.asked.append(asked)
                await self.around(partial(self._respond, writer, asked, self._fault(asked)))
        writer.close()

    async def _respond(self, writer: asyncio.StreamWriter, asked: Asked, fault: Fault | None) -> None:
        if fault is None:
            await _write(writer, self._settled(asked))
            return
        before = copy.deepcopy(self.desk)
        fault.act()
        done = self.answer(asked) if fault.applied or fault.kind in {"ignored", "reverted", "meanwhile"} else None
        match fault.kind:
            case "cut":
                writer.transport.abort()
                raise ConnectionResetError
            case "hang":
                await asyncio.sleep(3600)
            case "ignored":
                self.desk = before
            case "reverted":
                self._revert = [before]
            case "expired":
                done = self.expire() or self.answer(asked)
        reply = _broken(fault) or done or Reply({"half": "an answer"})
        await _write(writer, reply, cut=fault.kind == "truncated")

    def _settled(self, asked: Asked) -> Reply:
        """A workflow that changes things back does so when they have been read once."""
        reply = self.answer(asked)
        if self._revert and asked.method == "GET" and re.search(r"/tickets/\d+$", asked.path, re.I):
            self.desk.tickets = self._revert.pop().tickets
        return reply


def _broken(fault: Fault) -> Reply | None:
    """What comes instead of the answer."""
    match fault.kind:
        case "limited":
            waits = {} if fault.retry_after is None else {"Retry-After": fault.retry_after}
            return Reply({"error": "ConnectWiseAPI", "message": "Slow down."}, 429, waits)
        case "broken":
            return Reply(b"", 500)
        case "bad_gateway":
            return Reply(b"<html><title>502 Bad Gateway</title><h1>Bad</h1></html>", 502)
        case "empty":
            return Reply(b"", 200)
    return None


async def _read(reader: asyncio.StreamReader) -> Asked:
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, target, _ = first.split(" ")
    url = urlsplit(target)
    parsed: Any = None
    if headers.get("content-type", "").startswith("application/x-www-form"):
        parsed = dict(parse_qsl(body.decode()))
    elif body:
        parsed = json.loads(body)
    return Asked(method, unquote(url.path), dict(parse_qsl(url.query)), headers, parsed)


async def _write(writer: asyncio.StreamWriter, reply: Reply, *, cut: bool = False) -> None:
    raw = isinstance(reply.body, bytes)
    body = reply.body if raw else json.dumps(reply.body).encode()
    kind = "text/html" if raw else "application/json"
    more = "".join(f"{name}: {value}\r\n" for name, value in reply.headers.items())
    head = f"HTTP/1.1 {reply.status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    writer.write(head.encode() + (body[: len(body) // 2] if cut else body))
    await writer.drain()
    if cut:
        writer.close()
        raise ConnectionResetError


Server = TypeVar("Server", bound=PsaServer)


@contextlib.asynccontextmanager
async def running(psa: Server, port: int = 0) -> AsyncIterator[Server]:
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await psa.serve(reader, writer)

    listening = await asyncio.start_server(serve, "127.0.0.1", port)
    psa.url = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    try:
        yield psa
    finally:
        listening.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
