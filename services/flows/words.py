"""What flows say and ask, for whoever looks for one by a word of it."""

import asyncio
import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.flows.library import FlowSummary
from services.flows.nodes import MISSHAPEN, Json
from storage.database import Database
from storage.library import Versions

_OF_NODE = ("text", "say", "expect", "caution", "scope", "undo", "name", "flow")


class FlowWords:
    """Versions never change, so what was read of one once is good for as long as it is listed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[tuple[UUID, str, int], str] = {}
        """By account, slug and number."""

    async def of(self, actor: Actor, flows: Iterable[FlowSummary]) -> Mapping[str, str]:
        """By slug: examples, keywords and whatever its nodes say, each on lines of its own."""
        wanted = {(actor.account_id, each.slug, each.number) for each in flows}
        missing = [(slug, number) for _, slug, number in wanted - self._kept.keys()]
        if missing:
            async with reading(self._database, actor, Act.READ_SESSIONS) as read:
                stored = await Versions(read).texts(missing)
            said = await asyncio.to_thread(lambda: {key: _said(text) for key, text in stored.items()})
            self._kept |= {(actor.account_id, *key): text for key, text in said.items()}
            self._kept = {key: text for key, text in self._kept.items() if key in wanted}
        return {slug: self._kept.get((account, slug, number), "") for account, slug, number in wanted}


def _said(text: str) -> str:
    try:
        return "\n".join(filter(None, _lines(json.loads(text))))
    except MISSHAPEN:  # told to whoever opens it; the others are searched all the same
        return ""


def _lines(flow: Mapping[str, Json]) -> list[str]:
    lines = [*(flow.get("examples") or ()), *(flow.get("keywords") or ()), flow["title"], flow.get("summary")]
    for node in flow["nodes"].values():
        lines += [node[name] for name in _OF_NODE if name in node]
        lines += [answer["label"] for answer in node.get("answers") or ()]
    return lines
