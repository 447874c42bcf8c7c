"""The composition root: everything there is, made once from the settings. Nothing is imported before it is used."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from rfl1.settings import Settings
from services.clock import Clock, utc_now

if TYPE_CHECKING:
    from rfl1.assistant import Assistant
    from services.drafting.service import Drafting
    from services.flows.library import Library
    from services.flows.proposals import Proposals
    from services.intake.service import Intake
    from services.stats import Stats
    from services.team.accounts import Accounts
    from services.team.audit import Audit
    from services.team.settings import AccountSettings, Categories
    from services.team.users import Users
    from services.walks.escalations import Escalations
    from services.walks.queue import Queue
    from services.walks.service import Walks
    from storage.database import Database


class Services:
    """What the screens and the command line work with. Nothing on it is ever replaced."""

    def __init__(self, settings: Settings, database: "Database", clock: Clock = utc_now) -> None:
        self.settings = settings
        self.database = database
        self.clock = clock

    @cached_property
    def library(self) -> "Library":
        from services.flows.library import Library

        return Library(self.database, self.clock)

    @cached_property
    def assistant(self) -> "Assistant | None":
        """None where no model is set up, or it is switched off."""
        if not self.settings.ai_on:
            return None
        from rfl1.assistant import assistant

        return assistant(self.settings, self.database, self.clock)

    @cached_property
    def walks(self) -> "Walks":
        from services.builder.playbook import PlaybookBuilder
        from services.walks.service import Walks

        model = self.assistant
        builder, ahead = (PlaybookBuilder(), None) if model is None else (model.builder, model.ahead)
        return Walks(self.database, self.clock, self.library, builder, ahead)

    @cached_property
    def drafting(self) -> "Drafting":
        from services.drafting.service import Drafting

        return Drafting(self.database, self.clock, None if self.assistant is None else self.assistant.notes)

    @cached_property
    def queue(self) -> "Queue":
        from services.walks.queue import Queue

        return Queue(self.database, self.clock, self.library)

    @cached_property
    def escalations(self) -> "Escalations":
        from services.walks.escalations import Escalations

        return Escalations(self.database, self.clock, self.library)

    @cached_property
    def intake(self) -> "Intake":
        from services.intake.service import Intake

        advice = None if self.assistant is None else self.assistant.advice
        return Intake(self.database, self.clock, self.library, self.walks, advice)

    @cached_property
    def proposals(self) -> "Proposals":
        from services.flows.proposals import Proposals

        return Proposals(self.database, self.clock, self.library)

    @cached_property
    def users(self) -> "Users":
        from services.team.users import Users

        return Users(self.database, self.clock)

    @cached_property
    def accounts(self) -> "Accounts":
        from services.team.accounts import Accounts

        return Accounts(self.database, self.clock)

    @cached_property
    def account_settings(self) -> "AccountSettings":
        from services.team.settings import AccountSettings

        return AccountSettings(self.database, self.clock)

    @cached_property
    def categories(self) -> "Categories":
        from services.team.settings import Categories

        return Categories(self.database, self.clock)

    @cached_property
    def audit(self) -> "Audit":
        from services.team.audit import Audit

        return Audit(self.database)

    @cached_property
    def stats(self) -> "Stats":
        from services.stats import Stats

        return Stats(self.database)

    async def close(self) -> None:
        """Has to be awaited in the loop in which they were used."""
        if (drafting := self.__dict__.get("drafting")) is not None:
            await drafting.close()
        if (model := self.__dict__.get("assistant")) is not None:
            await model.close()
        await self.database.dispose()


def build_services(settings: Settings, *, connections: int = 4) -> Services:
    """Opens no connection yet; `services.close()` has to be awaited in the end."""
    from storage.database import Database

    return Services(settings, Database.open(settings.database_url, connections=connections))


@asynccontextmanager
async def opened(settings: Settings, *, connections: int = 4) -> AsyncIterator[Services]:
    """The services of a store that is there and current; raises StoreTrouble where it is not."""
    from storage.schema import require_current

    services = build_services(settings, connections=connections)
    try:
        await require_current(services.database)
        yield services
    finally:
        await services.close()
