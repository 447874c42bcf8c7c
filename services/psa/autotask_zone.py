"""The way into Autotask: the tenant's zone, its queries, and what its errors mean."""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from services.psa.failures import PsaFailed, Why
from services.psa.judging import MAY_NOT, content
from services.psa.reading import Json, inner, record, records, text
from services.psa.said import messages
from services.psa.wire import Answer, Request, Way, Wire

PAGE = 500
MOST_PAGES = 40
"""Of one query; who has more open tickets than that names a queue."""
_ZONE = "/atservicesrest/v1.0/zoneInformation"
_TOLD: tuple[tuple[str, Why], ...] = (
    ("thread threshold exceeded", "limited"),
    ("zone information could not be determined", "denied"),
    ("no matching records found", "gone"),
)
"""A 500 by its words. With any other words of its own it has refused; without any, nobody knows."""
_BROKEN = (
    "timeout",
    "timed out",
    "deadlock",
    "error occurred",
    "error has occurred",
    "unexpected error",
    "internal error",
    "object reference",
)


@dataclass(frozen=True, slots=True)
class Keys:
    username: str
    secret: str = field(repr=False)
    integration: str = field(repr=False)


class Zone:
    """Where one tenant's API is, asked as one API user."""

    def __init__(self, way: Way, keys: Keys, at_once: int) -> None:
        self._keys = keys
        self._wire = Wire(way, at_once=at_once, secrets=(keys.secret, keys.integration))
        self._base = ""
        self._discovering = asyncio.Lock()

    async def address(self, instead_of: str = "") -> str:
        """The address of the tenant's API; asked for again where it is still `instead_of`."""
        async with self._discovering:
            if not self._base or self._base == instead_of:
                self._base = await self._discover()
            return self._base

    async def query(self, entity: str, wanted: list[Json]) -> list[Json]:
        """All that fit: a query has no order, so the newest are only known when all are there."""
        asked = {"MaxRecords": PAGE, "filter": wanted}
        found: list[Json] = []
        where = f"/{entity}/query"
        for _ in range(MOST_PAGES):
            page = record(await self._call("POST", where, asked, writes=False))
            found += records(page.get("items"))
            following = text(inner(page, "pageDetails").get("nextPageUrl"))
            if not following:
                break
            where = self._own(following)
        return found

    async def get(self, path: str) -> Any:
        return await self._call("GET", path, None, writes=False)

    async def write(self, method: str, path: str, body: Json) -> Any:
        return await self._call(method, path, body, writes=True)

    async def _call(self, method: str, path: str, body: Json | None, *, writes: bool) -> Any:
        base = await self.address()
        answer = await self._send(base, method, path, body, writes=writes)
        if answer.status == HTTPStatus.UNAUTHORIZED:
            # Tenants move to other zones, and the old one knows their keys no more.
            fresh = await self.address(base)
            if fresh != base:
                answer = await self._send(fresh, method, path, body, writes=writes)
        return _content(answer, writes=writes)

    async def _send(self, base: str, method: str, path: str, body: Json | None, *, writes: bool) -> Answer:
        headers = {
            "ApiIntegrationCode": self._keys.integration,
            "UserName": self._keys.username,
            "Secret": self._keys.secret,
            "Accept": "application/json",
        }
        return await self._wire.send(Request(method, base + path, headers, json=body, writes=writes))

    async def _discover(self) -> str:
        url = self._wire.way.origin + _ZONE
        answer = await self._wire.send(Request("GET", url, query={"user": self._keys.username}))
        try:
            found = record(_content(answer, writes=False))
        except PsaFailed as failed:
            if failed.why != "denied":
                raise
            raise PsaFailed("denied", failed.said, status=failed.status, hint="Look at RFL1_PSA_USERNAME.") from failed
        zone = text(found.get("url")).strip()
        if not urlsplit(zone).hostname:
            raise PsaFailed("invalid", "the zone has no address")
        self._wire.allowed(zone)
        return f"{zone.rstrip('/')}/V1.0"

    async def close(self) -> None:
        await self._wire.close()

    def _own(self, url: str) -> str:
        """The rest of an address within the API. Raises PsaFailed where it leads out of it: our keys go with it."""
        base = self._base
        if not url.casefold().startswith(f"{base.casefold()}/"):
            raise PsaFailed("invalid", "the next page is at another place")
        return url[len(base) :]


def _content(answer: Answer, *, writes: bool) -> Any:
    """A 500 that has Autotask's own shape is judged by its words, see `_TOLD`."""
    own = answer.status == HTTPStatus.INTERNAL_SERVER_ERROR and b'"errors"' in answer.body
    words = " ".join(messages(answer.body)).casefold() if own else ""
    if words and not any(broken in words for broken in _BROKEN):
        why: Why = next((why for said, why in _TOLD if said in words), "rejected")
        hint = MAY_NOT if "permission" in words else ""
        raise PsaFailed(why, answer.said, status=answer.status, hint=hint)
    return content(answer, writes=writes)
