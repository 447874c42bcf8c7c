"""Drafts of one state of a call: from the store, from a model, or from the template."""

import asyncio
from dataclasses import replace
from uuid import UUID

from services.access import Act, Actor
from services.access.acting import reading
from services.ai.failures import ModelFailed
from services.builder.guardrails import scrub
from services.clock import Clock
from services.drafting.check import mistakes
from services.drafting.model import Draft, DraftKind
from services.drafting.template import rendered
from services.drafting.writer import Writer, records
from services.fixes.model import NOTHING, Findings
from services.fixes.records import found
from services.walks.model import Walk
from storage.database import Database
from storage.drafts import Drafts
from storage.tables import Draft as Row
from storage.walks import Sessions


class Drafting:
    def __init__(self, database: Database, clock: Clock, writer: Writer | None) -> None:
        """`writer` is None where no model is set up."""
        self._database = database
        self._clock = clock
        self._writer = writer
        self._making: dict[tuple[UUID, DraftKind, int], asyncio.Task[Draft]] = {}

    @property
    def by_model(self) -> bool:
        """Whether a draft may take its time."""
        return self._writer is not None

    def template(self, walk: Walk, kind: DraftKind, found: Findings = NOTHING) -> Draft:
        """At once, and never stored; `found` is what engineers have found, where it is at hand."""
        return Draft(kind, walk.id, walk.state_version, scrub(rendered(walk, kind, found)), "template", self._clock())

    async def draft(self, actor: Actor, walk: Walk, kind: DraftKind) -> Draft:
        """The draft for the walk as it stands; made once for each of its states, whoever asks.

        Where the model fails or writes what the records do not bear out, the template's, with the reason.
        """
        key = (walk.id, kind, walk.state_version)
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = asyncio.create_task(self._draft(actor, walk, kind))
            making.add_done_callback(lambda _: self._making.pop(key, None))
        return await asyncio.shield(making)  # it is paid for: it is kept also where nobody waits for it any more

    async def close(self) -> None:
        making = list(self._making.values())
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    async def _draft(self, actor: Actor, walk: Walk, kind: DraftKind) -> Draft:
        return await self._kept(actor, walk, kind) or await self._made(actor, walk, kind)

    async def listed(self, actor: Actor, session_id: UUID) -> tuple[Draft, ...]:
        """All of one call, oldest first."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            rows = await Drafts(read).of(session_id)
        return tuple(_draft(row) for row in rows)

    async def _kept(self, actor: Actor, walk: Walk, kind: DraftKind) -> Draft | None:
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            row = await Drafts(read).kept(walk.id, kind, walk.state_version)
        return None if row is None else _draft(row)

    async def _made(self, actor: Actor, walk: Walk, kind: DraftKind) -> Draft:
        findings = await self._found(actor, walk)
        made = self.template(walk, kind, findings or NOTHING)
        if findings is None:
            return made
        if self._writer is not None:
            try:
                written = scrub(await self._writer.write(actor, walk, kind, findings))
            except ModelFailed as failed:
                return replace(made, reason=failed.detail)
            wrong = mistakes(written, kind, records(walk, findings))
            if wrong:
                made = replace(made, reason=f"the model's draft was not used: {wrong[0]}")
            else:
                made = replace(made, markdown=written, by="model")
        await self._keep(actor, made)
        return made

    async def _found(self, actor: Actor, walk: Walk) -> Findings | None:
        """What engineers have found in that state of the call; None where it is another one by now."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            row = await Sessions(read).get(walk.id)
            current = row is not None and row.state_version == walk.state_version
            return await found(read, walk.id) if current else None

    async def _keep(self, actor: Actor, draft: Draft) -> None:
        async with self._database.transaction(actor) as tx:
            await Drafts(tx).keep(
                {
                    "session_id": draft.session_id,
                    "kind": draft.kind,
                    "state_version": draft.state_version,
                    "markdown": draft.markdown,
                    "by": draft.by,
                    "made_at": draft.made_at,
                }
            )


def _draft(row: Row) -> Draft:
    kind: DraftKind = "resolution_note" if row.kind == "resolution_note" else "escalation_package"
    return Draft(
        kind, row.session_id, row.state_version, row.markdown, "model" if row.by == "model" else "template", row.made_at
    )
