"""Speaking to a model: one question, one answer, within a limit, counted, with nothing personal in it.

The only door. What is asked leaves this machine with placeholders for names and numbers (`redaction`), comes back with
the real ones, and what it cost is on record (`spending`) whatever came of it.
"""

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, TypeVar
from uuid import UUID

from services.access import Actor
from services.ai.failures import PASSING, ModelFailed
from services.ai.models import Usage, known
from services.ai.reading import Fields, Reader, fields_of
from services.ai.redaction import Redaction
from services.ai.sdk import Way, connect, told_apart
from services.ai.spending import Purpose, Spent
from services.clock import Clock

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

IDLE_LIMIT = 6.0
"""Seconds without a word after which a stream counts as dead; the service's own pings are no words."""
FIRST_WAIT = 0.3
LONGEST_WAIT = 2.0
"""Seconds before the second try; whoever wants to be left alone longer is."""
MOST_FOR_A_TOKEN = 12
"""Characters; an answer that is longer for its tokens than that is none."""
PER_TOKEN = 4
"""Characters, about; counts what was read and written where nobody said how much that was."""
REMEMBERED = 50
"""Calls that can be looked at afterwards."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question to a model."""

    purpose: Purpose
    model: str
    system: str
    """What we say: the same for every call, so that it is cached. Never text from outside."""
    data: str
    """What the call is about: text from outside, in the blocks that `prompt` makes."""
    names: Sequence[str] = ()
    """People and customers whose names must not leave this machine, beside all that looks like one."""
    schema: Mapping[str, Any] | None = None
    """JSON Schema that the answer has to keep; plain text without one."""
    most: int = 1024
    """Tokens of the answer."""
    limit: float = 12.0
    """Seconds for everything, the second try with it."""
    session_id: UUID | None = None
    begins: UUID | None = None
    """The session that it may become: what was sent is shown there; its cost is the account's."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What left this machine, word for word, and how it ended."""

    at: datetime
    purpose: Purpose
    model: str
    session_id: UUID | None
    system: str
    data: str
    outcome: str
    """`under way`, `answered`, `cancelled`, or why not."""
    usage: Usage
    ms: int = 0
    by: str = ""
    """The model that answered, in the service's own words; empty where no answer began."""


@dataclass(slots=True)
class _Stream:
    """One try, as far as it went."""

    text: str = ""
    stop: str | None = None
    usage: Usage = field(default_factory=Usage)
    by: str = ""


class Purse(Protocol):
    """Who pays: `Spending`, out of an account's budget."""

    async def allow(self, actor: Actor, purpose: Purpose, session_id: UUID | None) -> None:
        """Raises ModelFailed where nothing is left."""

    def spent(self, actor: Actor, spent: Spent) -> None:
        """Takes down one call; must not wait."""


class Speaker:
    """Makes its client when first used, in the running loop; `close` ends it there."""

    def __init__(self, way: Way, purse: Purse, clock: Clock) -> None:
        self._way = way
        self._purse = purse
        self._clock = clock
        self._connecting: asyncio.Task[AsyncAnthropic] | None = None
        self._sent: deque[Sent] = deque(maxlen=REMEMBERED)
        self._under_way: list[Sent] = []
        self._hiding = asyncio.Lock()
        """One at a time: several threads that search long texts leave nothing to the event loop."""

    def sent(self, session_id: UUID | None = None) -> tuple[Sent, ...]:
        """What this process has sent, newest first; of one session, or of all."""
        sent = (*reversed(self._under_way), *reversed(self._sent))
        return tuple(each for each in sent if session_id in (None, each.session_id))

    async def warm(self) -> None:
        """Loads the SDK before it is needed. Raises ModelFailed."""
        await self._client()

    def begin(self) -> bool:
        """Whether the SDK is loaded by now. Where it is not, loading begins, and nobody waits for it."""
        connecting = self._connect()
        return connecting.done() and connecting.exception() is None

    async def close(self) -> None:
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            with contextlib.suppress(ModelFailed):
                await (await connecting).close()

    async def text(self, actor: Actor, ask: Ask, *, show: Callable[[str], None] | None = None) -> str:
        """The answer in words, whole; `show` gets it as it is written. Raises ModelFailed."""
        redaction = Redaction(ask.names)
        return await self._ask(actor, ask, redaction, Reader(redaction.restore, show))

    async def fields(self, actor: Actor, ask: Ask, *, show: Callable[[Fields], None] | None = None) -> Fields:
        """The answer as an object that keeps `ask.schema`, as far as the service enforces that: check it.

        `show` gets it as it is written: with fewer fields, the last text unfinished. Raises ModelFailed.
        """
        redaction = Redaction(ask.names)
        return await self._ask(actor, ask, redaction, Reader(fields_of(redaction), show))

    async def _ask(self, actor: Actor, ask: Ask, redaction: Redaction, reader: Reader[T]) -> T:
        await self._purse.allow(actor, ask.purpose, ask.session_id)
        try:
            async with asyncio.timeout(ask.limit):
                async with self._hiding:
                    data = await asyncio.to_thread(redaction.hide, ask.data)
                try:
                    return reader.whole(await self._counted(actor, ask, data, reader.grow))
                except ModelFailed as failed:
                    wait = FIRST_WAIT if failed.wait is None else failed.wait
                    if failed.why not in PASSING or reader.shown or wait > LONGEST_WAIT:
                        raise
                    await asyncio.sleep(wait)
                    return reader.whole(await self._counted(actor, ask, data, reader.grow))
        except TimeoutError as error:
            raise ModelFailed("timeout") from error

    async def _counted(self, actor: Actor, ask: Ask, data: str, grow: Callable[[str], None]) -> str:
        """One try. What it cost is kept however it ends, also when nobody waits for the answer any more."""
        client = await self._client()
        stream, begun, outcome = _Stream(), time.monotonic(), "cancelled"
        about = ask.session_id or ask.begins
        sending = Sent(self._clock(), ask.purpose, ask.model, about, ask.system, data, "under way", stream.usage)
        self._under_way.append(sending)
        try:
            await _stream(client, ask, data, stream, grow)
            outcome = "answered"
        except ModelFailed as failed:
            outcome = failed.why
            raise
        finally:
            ms = round((time.monotonic() - begun) * 1000)
            usage = _paid(sending, stream, outcome)
            self._under_way.remove(sending)
            self._sent.append(replace(sending, outcome=outcome, usage=usage, ms=ms, by=stream.by))
            self._purse.spent(actor, Spent(self._clock(), ask.purpose, ask.model, ask.session_id, usage, ms, outcome))
        return stream.text

    async def _client(self) -> "AsyncAnthropic":
        return await asyncio.shield(self._connect())

    def _connect(self) -> "asyncio.Task[AsyncAnthropic]":
        if self._connecting is None or (self._connecting.done() and self._connecting.exception() is not None):
            self._connecting = asyncio.create_task(connect(self._way))
        return self._connecting


async def _stream(client: "AsyncAnthropic", ask: Ask, data: str, stream: _Stream, grow: Callable[[str], None]) -> None:
    async with told_apart("rejected"):
        events = await client.messages.create(**_request(ask, data), stream=True)
    async with told_apart("invalid"), events:
        async for event in _unless_silent(events):
            if event.type == "message_start":
                stream.usage, stream.by = _usage(event.message.usage), event.message.model
            elif event.type == "content_block_delta" and event.delta.type == "text_delta":
                stream.text += event.delta.text
                if len(stream.text) > ask.most * MOST_FOR_A_TOKEN:
                    raise ModelFailed("invalid", "it does not end")
                grow(stream.text)
            elif event.type == "message_delta":
                stream.stop = event.delta.stop_reason
                stream.usage = _usage(event.usage, stream.usage)
    if stream.stop != "end_turn":
        _unfinished(stream.stop)


def _paid(sending: Sent, stream: _Stream, outcome: str) -> Usage:
    """As the service counts; guessed where the call was given up before it said, since it is paid for all the same."""
    if outcome not in {"cancelled", "timeout"}:
        return stream.usage
    if not stream.by:
        return Usage(input=(len(sending.system) + len(sending.data)) // PER_TOKEN)
    return replace(stream.usage, output=max(stream.usage.output, len(stream.text) // PER_TOKEN))


def _request(ask: Ask, data: str) -> dict[str, Any]:
    model = known(ask.model)
    output: dict[str, Any] = {}
    if model.effort is not None:
        output["effort"] = model.effort
    if ask.schema is not None:
        output["format"] = {"type": "json_schema", "schema": ask.schema}
    request: dict[str, Any] = {
        "model": ask.model,
        "max_tokens": ask.most,
        "system": [{"type": "text", "text": ask.system, "cache_control": {"type": "ephemeral"}}],
        "messages": [{"role": "user", "content": data}],
    }
    if output:
        request["output_config"] = output
    if model.thinking is not None:
        request["thinking"] = model.thinking
    return request


async def _unless_silent(events: Any) -> AsyncIterator[Any]:
    """The events; raises ModelFailed where none has come for `IDLE_LIMIT`."""
    following = aiter(events)
    while True:
        try:
            async with asyncio.timeout(IDLE_LIMIT):
                event = await anext(following)
        except StopAsyncIteration:
            return
        yield event


def _usage(given: Any, before: Usage | None = None) -> Usage:
    """Of `message_start`, or of a later event that counts the output alone."""
    before = before or Usage()
    return Usage(
        input=given.input_tokens or before.input,
        cache_write=given.cache_creation_input_tokens or before.cache_write,
        cache_read=given.cache_read_input_tokens or before.cache_read,
        output=given.output_tokens or before.output,
    )


def _unfinished(stop: str | None) -> NoReturn:
    match stop:
        case None:
            raise ModelFailed("cut")
        case "refusal":
            raise ModelFailed("refused")
        case "max_tokens" | "model_context_window_exceeded":
            raise ModelFailed("truncated")
        case other:
            raise ModelFailed("invalid", other)
