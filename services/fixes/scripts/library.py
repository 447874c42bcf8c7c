"""The account's templates of scripts: drafted, reviewed and accepted, retired."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from services.access import Act, Actor
from services.access.acting import reading, still_acting
from services.clock import Clock
from services.errors import Conflict, NotFound, Refused
from services.fixes.scripts.declaring import checked, parameters_to_json, template_from_stored
from services.fixes.scripts.model import StoredTemplate, Template, TemplateStatus
from services.flows.visible import blank
from services.team import audit
from services.walks.texts import kept
from storage.database import Database, Reading, Transaction
from storage.desk import Templates, who
from storage.tables import TEMPLATE_STATUSES, ScriptTemplate

TITLE_LIMIT = 200


class Scripts:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def listed(
        self, actor: Actor, *, status: TemplateStatus | None = None, limit: int = 200
    ) -> tuple[StoredTemplate, ...]:
        """The one changed last first."""
        if status is not None and status not in TEMPLATE_STATUSES:
            raise Refused(f"{status!r} is no status of a script", f"Use one of: {', '.join(TEMPLATE_STATUSES)}.")
        async with reading(self._database, actor, Act.WORK_ESCALATIONS) as read:
            rows = await Templates(read).listed(status, limit)
            people = await who(read, rows)
        return tuple(_stored(row, people[row.created_by], people[row.changed_by]) for row in rows)

    async def open(self, actor: Actor, template_id: UUID) -> StoredTemplate:
        """Raises NotFound."""
        async with reading(self._database, actor, Act.WORK_ESCALATIONS) as read:
            row = await Templates(read).get(template_id)
            if row is None:
                raise _not_found(template_id)
            return await _told(read, row)

    async def add(self, actor: Actor, title: str, template: Template) -> StoredTemplate:
        """A new draft. Raises Invalid where the body names what is not declared."""
        actor.require(Act.WORK_ESCALATIONS)
        async with self._database.transaction(actor) as tx:
            await still_acting(tx, actor)
            template_id = await add_template(tx, actor, title, template, self._clock())
            return await _told(tx, await _locked(tx, template_id))

    async def edit(self, actor: Actor, stored: StoredTemplate, title: str, template: Template) -> StoredTemplate:
        """Changes what the actor saw as `stored`; it has to be accepted anew. Raises Invalid, Conflict."""
        title, made = _titled(title), checked(template)
        async with self._changing(actor, stored) as (tx, row):
            if row.status == "retired":
                raise Refused("this script is retired", "Make a new one of it.")
            row.title, row.body, row.language = title, made.script.body, made.script.language
            row.parameters, row.status = parameters_to_json(made.parameters), "draft"
            await _log(tx, actor, "script.edit", row)
            return await _told(tx, row)

    async def accept(self, actor: Actor, stored: StoredTemplate) -> StoredTemplate:
        """A draft that somebody has reviewed: it is offered from now on."""
        async with self._changing(actor, stored) as (tx, row):
            if row.status != "draft":
                raise Refused(f"this script is {row.status}", "Only a draft is accepted.")
            checked(_template(row))
            row.status = "accepted"
            await _log(tx, actor, "script.accept", row)
            return await _told(tx, row)

    async def retire(self, actor: Actor, stored: StoredTemplate) -> StoredTemplate:
        """Not offered any more; the calls in which it was used keep it."""
        async with self._changing(actor, stored) as (tx, row):
            if row.status == "retired":
                raise Refused("this script is retired", "It stays so.")
            row.status = "retired"
            await _log(tx, actor, "script.retire", row)
            return await _told(tx, row)

    @asynccontextmanager
    async def _changing(
        self, actor: Actor, stored: StoredTemplate
    ) -> AsyncIterator[tuple[Transaction, ScriptTemplate]]:
        actor.require(Act.WORK_ESCALATIONS)
        async with self._database.transaction(actor) as tx:
            row = await _locked(tx, stored.id)
            await still_acting(tx, actor)
            if row.revision != stored.revision:
                by = (await who(tx, [row]))[row.changed_by]
                raise Conflict(
                    f"{by} changed this script at {row.changed_at:%H:%M:%S} UTC",
                    "Look at it again, then repeat what you wanted to do.",
                    by=by,
                    at=row.changed_at,
                )
            row.revision += 1
            row.changed_at, row.changed_by = self._clock(), actor.user_id
            yield tx, row


async def add_template(tx: Transaction, actor: Actor, title: str, template: Template, now: datetime) -> UUID:
    """Stores a draft within the caller's transaction. Raises Invalid."""
    made = checked(template)
    row = ScriptTemplate(
        id=uuid4(),
        title=_titled(title),
        language=made.script.language,
        body=made.script.body,
        parameters=parameters_to_json(made.parameters),
        status="draft",
        created_at=now,
        created_by=actor.user_id,
        changed_at=now,
        changed_by=actor.user_id,
    )
    tx.add(row)
    await _log(tx, actor, "script.draft", row)
    await tx.flush()
    return row.id


async def require_template(read: Reading, template_id: UUID) -> None:
    """Raises NotFound, and Refused for one that is retired."""
    row = await Templates(read).get(template_id)
    if row is None:
        raise _not_found(template_id)
    if row.status == "retired":
        raise Refused("this script is retired", "Choose another one.")


async def _locked(tx: Transaction, template_id: UUID) -> ScriptTemplate:
    row = await Templates(tx).locked(template_id)
    if row is None:
        raise _not_found(template_id)
    return row


async def _log(tx: Transaction, actor: Actor, action: str, row: ScriptTemplate) -> None:
    await audit.record(tx, actor, action, row.changed_at, details={"id": str(row.id), "title": row.title})


async def _told(read: Reading, row: ScriptTemplate) -> StoredTemplate:
    people = await who(read, [row])
    return _stored(row, people[row.created_by], people[row.changed_by])


def _stored(row: ScriptTemplate, by: str, changed_by: str) -> StoredTemplate:
    return StoredTemplate(
        id=row.id,
        title=row.title,
        template=_template(row),
        status=cast("TemplateStatus", row.status),
        revision=row.revision,
        at=row.created_at,
        by=by,
        changed_at=row.changed_at,
        changed_by=changed_by,
    )


def _template(row: ScriptTemplate) -> Template:
    return template_from_stored(row.body, row.language, row.parameters)


def _titled(title: str) -> str:
    if blank(title):
        raise Refused("the script has no title", "A few words are enough: what it does.")
    return kept(title.strip(), "the title", TITLE_LIMIT)


def _not_found(template_id: UUID) -> NotFound:
    return NotFound(f"no script {template_id}", "`rfl1 scripts list` shows them.")
