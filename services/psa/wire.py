"""The wire to a PSA: httpx, loaded when needed; limits kept; what goes wrong told apart. Nobody else imports httpx.

A request either changes something or not (`writes`), and that decides what a lost answer means: reading again is
harmless, writing again could make a second note.
"""

import asyncio
import contextlib
import json
import logging
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from services.psa.failures import PsaFailed
from services.psa.said import first_line

if TYPE_CHECKING:
    import httpx

CONNECT_LIMIT = 5.0
"""Seconds until a connection has to stand."""
LONGEST_ANSWER = 16 * 1024 * 1024
"""Bytes."""
FIRST_PAUSE = 5.0
LONGEST_PAUSE = 60.0
"""Seconds to leave a PSA alone that does not say for how long: doubled each time."""
LONGEST_RETRY_AFTER = 300.0
"""Seconds; whatever it says, somebody looks again then."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a PSA is reached."""

    url: str
    """Its origin."""
    unsafe: Callable[[str], str | None]
    """Why nothing may be sent to a URL, None where it may: asked for `url`, and for what the PSA names itself."""
    limit: float = 20.0
    """Seconds for one request."""
    patience: float = 2.0
    """Seconds that a request waits by itself where the PSA wants to be left alone; longer is told to the caller."""

    @property
    def origin(self) -> str:
        return self.url.strip().rstrip("/")


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict)
    json: Any = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    """Names in small letters."""
    body: bytes
    secrets: tuple[str, ...] = field(default=(), repr=False)

    @property
    def ok(self) -> bool:
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def said(self) -> str:
        """Its first line, for the technician."""
        return first_line(self.body, self.secrets)

    def json(self) -> Any:
        """Raises ValueError; nothing at all is no JSON either."""
        try:
            return json.loads(self.body)
        except RecursionError as error:
            raise ValueError("too deep") from error


class Wire:
    """Makes its client when first used, in the running loop; `close` ends it there."""

    def __init__(self, way: Way, *, at_once: int, secrets: tuple[str, ...]) -> None:
        """`secrets` never appear in what is told; a token that is got later joins them by `hide`."""
        self.way = way
        self._turns = asyncio.Semaphore(at_once)
        self._secrets = secrets
        self._hidden: tuple[str, ...] = ()
        self._connecting: asyncio.Task[httpx.AsyncClient] | None = None
        self._left_alone_until = 0.0
        self._pause = FIRST_PAUSE

    def hide(self, *secrets: str) -> None:
        """Instead of those that were hidden before."""
        self._hidden = secrets

    async def close(self) -> None:
        connecting, self._connecting = self._connecting, None
        if connecting is not None:
            with contextlib.suppress(PsaFailed):  # told to whoever wanted to use it
                await (await connecting).aclose()

    async def send(self, request: Request) -> Answer:
        """The answer, whatever its status below 500, except 429 and redirects.

        Raises PsaFailed: `lost` where a writing request may have been carried out, `limited` with how long to wait.
        """
        self.allowed(request.url)
        async with self._turns:
            await self._wait()
            try:
                answer = await self._once(request)
            except PsaFailed as failed:
                if request.writes or failed.why != "unreachable":
                    raise
                answer = await self._once(request)  # a connection that was kept too long breaks when it is used again
            if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
                self._leave_alone(answer)
                await self._wait()  # nothing has happened there: even a note may be sent again
                answer = await self._once(request)
            return self._known(request, answer)

    def allowed(self, url: str) -> None:
        """Raises PsaFailed where nothing may be sent to `url`."""
        if reason := self.way.unsafe(url):
            raise PsaFailed("rejected", f"{_origin(url)}: {reason}", hint="Set RFL1_PSA_URL to an https:// address.")

    def _known(self, request: Request, answer: Answer) -> Answer:
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            self._leave_alone(answer)
            raise PsaFailed("limited", answer.said, status=answer.status, wait=self._remaining())
        self._pause = FIRST_PAUSE
        if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            where = _origin(answer.headers.get("location", "")) or "another place"
            raise PsaFailed("rejected", f"it sends us to {where}", status=answer.status, hint="Look at RFL1_PSA_URL.")
        if answer.status == HTTPStatus.REQUEST_TIMEOUT:
            raise PsaFailed("lost" if request.writes else "timeout", answer.said, status=answer.status, late=True)
        return answer

    async def _once(self, request: Request) -> Answer:
        client = await self._client()
        import httpx

        try:
            ready = _built(client, request)
        except (httpx.InvalidURL, ValueError) as error:
            raise PsaFailed("rejected", "this cannot be sent as a request") from error
        try:
            async with asyncio.timeout(self.way.limit):
                return await self._exchange(client, ready, writes=request.writes)
        except httpx.LocalProtocolError as error:  # a header that no protocol allows
            raise PsaFailed("rejected", "this cannot be sent as a request") from error
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise PsaFailed("unreachable", _origin(request.url)) from error  # not a byte of it was sent
        except (httpx.TimeoutException, TimeoutError) as error:
            raise PsaFailed("lost" if request.writes else "timeout", late=True) from error
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise PsaFailed("lost" if request.writes else "unreachable", "the connection broke off") from error

    async def _exchange(self, client: "httpx.AsyncClient", ready: "httpx.Request", *, writes: bool) -> Answer:
        response = await client.send(ready, stream=True)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LONGEST_ANSWER:
                    raise PsaFailed("lost" if writes else "invalid", "the answer has no end")
        finally:
            await response.aclose()
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, bytes(body), (*self._secrets, *self._hidden))

    async def _wait(self) -> None:
        """For as long as the PSA wants to be left alone. Raises PsaFailed where that is too long to wait for."""
        remaining = self._remaining()
        if remaining > self.way.patience:
            raise PsaFailed("limited", wait=remaining)
        if remaining > 0:
            await asyncio.sleep(remaining)

    def _remaining(self) -> float:
        return max(0.0, self._left_alone_until - time.monotonic())

    def _leave_alone(self, answer: Answer) -> None:
        wait = _seconds(answer.headers.get("retry-after", ""))
        if wait is None and self._remaining() > 0:
            return  # several were under way when the limit was reached
        if wait is None:
            wait, self._pause = self._pause, min(self._pause * 2, LONGEST_PAUSE)
        self._left_alone_until = max(self._left_alone_until, time.monotonic() + min(wait, LONGEST_RETRY_AFTER))

    async def _client(self) -> "httpx.AsyncClient":
        if self._connecting is None or (self._connecting.done() and self._connecting.exception() is not None):
            self._connecting = asyncio.create_task(asyncio.to_thread(self._made))
        return await asyncio.shield(self._connecting)

    def _made(self) -> "httpx.AsyncClient":
        """Off the event loop: loading httpx and the certificates takes a while."""
        import httpx

        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)  # below that they write addresses and headers
        timeout = httpx.Timeout(self.way.limit, connect=min(CONNECT_LIMIT, self.way.limit))
        try:
            return httpx.AsyncClient(timeout=timeout, limits=httpx.Limits(keepalive_expiry=4.0))
        except (OSError, ValueError) as error:  # certificates or a proxy that the environment names
            told = f"{type(error).__name__} in the settings of certificates or proxy"
            raise PsaFailed("unreachable", told, hint="Look at SSL_CERT_FILE and HTTPS_PROXY.") from error


def _built(client: "httpx.AsyncClient", request: Request) -> "httpx.Request":
    """Raises httpx.InvalidURL, ValueError."""
    given: dict[str, Any] = {"headers": dict(request.headers)}
    if request.query:
        given["params"] = dict(request.query)
    if request.form is not None:
        given["data"] = dict(request.form)
    elif request.json is not None:
        given["json"] = request.json
    return client.build_request(request.method, request.url, **given)


def _seconds(given: str) -> float | None:
    """Of a retry-after: seconds, or a date. None where it is neither."""
    try:
        return max(0.0, float(given)) if re.fullmatch(r"\s*\d{1,9}(\.\d*)?\s*", given) else _until(given)
    except (ValueError, TypeError):
        return None


def _until(date: str) -> float:
    when = parsedate_to_datetime(date)
    return max(0.0, (when.replace(tzinfo=when.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


def _origin(url: str) -> str:
    """Without path and query, in which something personal may stand."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "") if parts.hostname else ""
    except ValueError:
        return ""
