"""A stand-in for the model's service on this machine: speaks its protocol, badly where a test wants it to."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Request: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Say:
    """An answer that streams; each fault breaks it in one way."""

    text: str = ""
    first: float = 0.0
    """Seconds until the first word."""
    whole: float = 0.0
    """Seconds until the last one."""
    stop: str | None = "end_turn"
    """None ends the stream cleanly, too early."""
    error: str | None = None
    """An error event of this type in mid-stream."""
    cut: bool = False
    """The connection is reset half way."""
    pings: bool = False
    """After half of it, only signs of life."""


@dataclass(frozen=True, slots=True)
class Fail:
    """An answer that is none."""

    status: int
    kind: str | None = None
    """The error's type; None is a proxy's page."""
    message: str = "no"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing, for ever."""


Behaviour: TypeAlias = Say | Fail | Hang


class ModelServer:
    """Answers each request as the next of `script` says, then as `otherwise`."""

    def __init__(self) -> None:
        self.script: list[Behaviour] = []
        self.otherwise: Callable[[Request], Behaviour] = lambda _: Say("{}")
        self.requests: list[Request] = []
        self.headers: list[Mapping[str, str]] = []
        self.url = ""
        self.hears: Callable[[str], None] = lambda _: None
        """Each piece of an answer, as soon as it is written."""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                headers = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
                body = json.loads(await reader.readexactly(int(headers.get("content-length", 0))) or b"{}")
                self.requests.append(body)
                self.headers.append(headers)
                behaviour = self.script.pop(0) if self.script else self.otherwise(body)
                await _answer(writer, behaviour, self.hears)
        writer.close()


async def _answer(writer: asyncio.StreamWriter, behaviour: Behaviour, hears: Callable[[str], None]) -> None:
    match behaviour:
        case Hang():
            await asyncio.sleep(3600)
        case Fail(status, kind, message, headers):
            error = {"type": "error", "error": {"type": kind, "message": message}}
            body = (json.dumps(error) if kind else "<html><h1>Bad gateway</h1></html>").encode()
            content = "application/json" if kind else "text/html"
            extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"HTTP/1.1 {status} X\r\ncontent-type: {content}\r\ncontent-length: {len(body)}\r\n{extra}\r\n"
            writer.write(head.encode() + body)
            await writer.drain()
        case Say():
            await _say(writer, behaviour, hears)


async def _say(writer: asyncio.StreamWriter, say: Say, hears: Callable[[str], None]) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n")
    usage = {"input_tokens": 100, "output_tokens": 1, "cache_creation_input_tokens": 20, "cache_read_input_tokens": 30}
    message: dict[str, Any] = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "x",
        "content": [],
        "stop_reason": None,
    }
    await asyncio.sleep(say.first)
    await _event(writer, "message_start", {"message": message | {"stop_sequence": None, "usage": usage}})
    await _event(writer, "content_block_start", {"index": 0, "content_block": {"type": "text", "text": ""}})
    pieces = [say.text[start : start + 7] for start in range(0, len(say.text), 7)]
    for number, piece in enumerate(pieces):
        if number >= len(pieces) // 2:
            if say.cut:
                writer.transport.abort()
                raise ConnectionResetError
            if say.error:
                error = {"type": say.error, "message": "in mid-stream", "details": None}
                await _event(writer, "error", {"error": error})
                await _end(writer)
                return
            while say.pings:
                await _event(writer, "ping", {})
                await asyncio.sleep(0.05)
        await _event(writer, "content_block_delta", {"index": 0, "delta": {"type": "text_delta", "text": piece}})
        hears(piece)
        await asyncio.sleep((say.whole - say.first) / max(1, len(pieces)))
    await _event(writer, "content_block_stop", {"index": 0})
    if say.stop is not None:
        delta = {"stop_reason": say.stop, "stop_sequence": None}
        await _event(writer, "message_delta", {"delta": delta, "usage": {"output_tokens": 40}})
        await _event(writer, "message_stop", {})
    await _end(writer)


async def _event(writer: asyncio.StreamWriter, name: str, data: Mapping[str, Any]) -> None:
    written = f"event: {name}\ndata: {json.dumps({'type': name, **data})}\n\n".encode()
    writer.write(f"{len(written):x}\r\n".encode() + written + b"\r\n")
    await writer.drain()


async def _end(writer: asyncio.StreamWriter) -> None:
    writer.write(b"0\r\n\r\n")
    await writer.drain()


@contextlib.asynccontextmanager
async def model_server() -> AsyncIterator[ModelServer]:
    model = ModelServer()
    tasks = set[asyncio.Task[None]]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        with contextlib.suppress(asyncio.CancelledError):
            await model._serve(reader, writer)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    model.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield model
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
