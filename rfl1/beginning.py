"""Making a store: the tables, the account and its owner, the starter flows. Safe to repeat."""

import getpass
from dataclasses import dataclass

from rfl1.compose import Services, build_services
from rfl1.settings import Settings
from services.access import Actor
from services.errors import NotFound
from storage.errors import StoreMissing

ACCOUNT = "My account"
"""What the first account is called unless somebody names it."""


@dataclass(frozen=True, slots=True)
class Begun:
    owner: Actor
    made: bool
    """False: the account was there before."""
    flows: int
    """Starter flows that were not in the library yet."""


async def begin(settings: Settings, *, account: str | None, user: str | None, starter: bool) -> Begun:
    """Makes what is missing and leaves what is there, flows that somebody changed or retired above all."""
    from migrations import upgrade
    from storage.schema import require_current

    services = build_services(settings)
    try:
        try:
            await require_current(services.database)
        except StoreMissing:
            await upgrade(services.database)
        owner, made = await _owner(services, account, user or settings.user or _login())
        flows = await _starter(services, owner) if starter else 0
    finally:
        await services.database.dispose()
    return Begun(owner, made, flows)


async def _owner(services: Services, account: str | None, user: str) -> tuple[Actor, bool]:
    if account is None:
        try:
            return await services.users.actor(None), False
        except NotFound:
            account = ACCOUNT
    established = await services.accounts.establish(account, user)
    return established.owner, established.made


async def _starter(services: Services, owner: Actor) -> int:
    from services.documents.document import Document
    from services.flows.format import FlowFile
    from services.flows.starter import starter_flows

    known = {flow.slug for flow in await services.library.listed(owner)}
    new = [FlowFile(flow, Document(f"{flow.slug}.yaml")) for flow in starter_flows() if flow.slug not in known]
    await services.library.bring_in(owner, new)
    return len(new)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name, as in containers
        return "owner"
