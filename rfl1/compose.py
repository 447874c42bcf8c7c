"""The composition root: everything there is, made once from the settings. Nothing is imported before it is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import RLock
from typing import TYPE_CHECKING, Any

from rfl1.making import made
from rfl1.settings import Settings
from services.clock import Clock, utc_now
from services.errors import Trouble

if TYPE_CHECKING:
    from rfl1.assistant import Assistant
    from services.away.service import Away
    from services.drafting.service import Drafting
    from services.fixes.cases import Cases
    from services.fixes.facts import Facts
    from services.fixes.fixes import Fixes
    from services.fixes.missing import Missing
    from services.fixes.scripts.library import Scripts
    from services.fixes.similar import SimilarCalls
    from services.flows.examples import Examples
    from services.flows.library import Library
    from services.flows.proposals import Proposals
    from services.ids import Ids
    from services.intake.service import Intake
    from services.matching.embedding import Embedding
    from services.psa.connection import Connection
    from services.psa.open_tickets import OpenTickets
    from services.stats import Stats
    from services.stats.counting import Counting
    from services.stats.records import Records
    from services.team.accounts import Accounts
    from services.team.audit import Audit
    from services.team.live import Live
    from services.team.settings import AccountSettings, Categories
    from services.team.users import Users
    from services.walks.escalations import Escalations
    from services.walks.past import Past
    from services.walks.queue import Queue
    from services.walks.service import Walks
    from services.writeback.outbox import Outbox
    from storage.database import Database


class Services:
    """What the screens and the command line work with. Nothing on it is ever replaced."""

    def __init__(
        self, settings: Settings, database: "Database | None" = None, clock: Clock = utc_now, **opening: Any
    ) -> None:
        """Without a `database`, that of the settings is loaded and opened with the first service, `opening` being what
        `Database.open` takes."""
        self.settings = settings
        self.clock = clock
        self.making = RLock()
        self.troubles: list[Trouble] = []
        """What does not work and nothing else waits for: whoever has a screen tells it."""
        self._opening = opening
        if database is not None:
            self.__dict__["database"] = database

    def load(self) -> None:
        """All that calls are worked on with, loaded and made. May run in a thread beside the app."""
        with self.making:
            _ = self.walks, self.queue, self.outbox

    @made
    def database(self) -> "Database":
        from storage.database import Database

        return Database.open(self.settings.database_url, **self._opening)

    @made
    def library(self) -> "Library":
        from services.flows.library import Library

        return Library(self.database, self.clock)

    @made
    def assistant(self) -> "Assistant | None":
        """None where no model is set up, or it is switched off."""
        if not self.settings.ai_on:
            return None
        from rfl1.assistant import assistant
        from rfl1.keeping import KeyringTrouble

        try:
            return assistant(self.settings, self.database, self.clock)
        except KeyringTrouble as trouble:
            self.troubles.append(trouble)
            return None

    @made
    def walks(self) -> "Walks":
        from services.builder.playbook import PlaybookBuilder
        from services.fixes.settling import settle
        from services.walks.service import Walks

        model = self.assistant
        builder, ahead = (PlaybookBuilder(), None) if model is None else (model.builder, model.ahead)
        return Walks(
            self.database,
            self.clock,
            self.library,
            builder,
            ahead,
            settle=settle,
            signs_in_as=self.settings["psa.user"],
        )

    @made
    def away(self) -> "Away | None":
        """None where the store is a file of this machine: that is not away."""
        from storage.location import PostgresServer

        location = self.database.location
        if not isinstance(location, PostgresServer):
            return None
        from services.away.service import Away
        from storage.aside import Aside

        data = self.settings.folders.data
        return Away(self.walks, Aside(data / "aside.db", str(location)), data / "aside", self.clock)

    @made
    def live(self) -> "Live":
        from services.team.live import Live

        return Live(self.database, utc_now)

    @made
    def drafting(self) -> "Drafting":
        from services.drafting.service import Drafting

        return Drafting(self.database, self.clock, None if self.assistant is None else self.assistant.notes)

    @made
    def queue(self) -> "Queue":
        from services.walks.queue import Queue

        return Queue(self.database, self.clock, self.library, self.settings.psa_lists)

    @made
    def past(self) -> "Past":
        from services.walks.past import Past

        return Past(self.database)

    @made
    def escalations(self) -> "Escalations":
        from services.walks.escalations import Escalations

        return Escalations(self.database, self.clock, self.library)

    @made
    def cases(self) -> "Cases":
        from services.fixes.cases import Cases

        return Cases(self.database, self.clock, self.library)

    @made
    def facts(self) -> "Facts":
        from services.fixes.facts import Facts

        return Facts(self.cases)

    @made
    def fixes(self) -> "Fixes":
        from services.fixes.fixes import Fixes
        from services.fixes.suggesting import extract_by_rule

        return Fixes(self.cases, extract_by_rule if self.assistant is None else self.assistant.suggester.template)

    @made
    def missing(self) -> "Missing":
        from services.fixes.missing import Missing

        return Missing(self.database, self.clock, self.cases)

    @made
    def scripts(self) -> "Scripts":
        from services.fixes.scripts.library import Scripts

        return Scripts(self.database, self.clock)

    @made
    def similar(self) -> "SimilarCalls":
        from services.fixes.similar import SimilarCalls

        return SimilarCalls(self.database)

    @made
    def intake(self) -> "Intake":
        from services.intake.service import Intake

        advice = None if self.assistant is None else self.assistant.advice
        lists = self.settings.psa_lists
        return Intake(
            self.database, self.clock, self.library, self.walks, advice, lists=lists, embedding=self.embedding
        )

    @made
    def embedding(self) -> "Embedding | None":
        """None where it is switched off. It loads nothing before it is asked for a vector."""
        if not self.settings.embedder:
            return None
        from services.matching.embedding import Embedding

        return Embedding()

    @made
    def examples(self) -> "Examples":
        from services.flows.examples import Examples

        return Examples(self.database, self.clock, self.library)

    @made
    def ids(self) -> "Ids":
        from services.ids import Ids

        return Ids(self.database)

    @made
    def proposals(self) -> "Proposals":
        from services.flows.proposals import Proposals

        return Proposals(self.database, self.clock, self.library)

    @made
    def users(self) -> "Users":
        from services.team.users import Users

        return Users(self.database, self.clock)

    @made
    def accounts(self) -> "Accounts":
        from services.team.accounts import Accounts

        return Accounts(self.database, self.clock)

    @made
    def account_settings(self) -> "AccountSettings":
        from services.team.settings import AccountSettings

        return AccountSettings(self.database, self.clock)

    @made
    def categories(self) -> "Categories":
        from services.team.settings import Categories

        return Categories(self.database, self.clock)

    @made
    def psa(self) -> "Connection | None":
        """None where no PSA is set up. Raises BadSetting where it is not wholly set up."""
        if not self.settings["psa.provider"]:
            return None
        from rfl1.psa import provider
        from services.psa.connection import Connection

        made = provider(self.settings)
        return None if made is None else Connection(self.database, made)

    @made
    def outbox(self) -> "Outbox":
        """Also where no PSA is set up: what waits can be looked at all the same."""
        from services.walks.changes import Sheet
        from services.walks.closing import Closing
        from services.walks.trees import Trees
        from services.writeback.journal import Journal
        from services.writeback.outbox import Outbox

        closing = Closing(self.database, self.clock, Sheet(self.database, self.clock, Trees(self.library)))
        journal = Journal(self.database, self.clock, closing, lambda: None if self.psa is None else self.psa.provider)
        return Outbox(self.database, self.clock, journal)

    @made
    def open_tickets(self) -> "OpenTickets | None":
        """As `psa`."""
        if self.psa is None:
            return None
        from services.psa.open_tickets import OpenTickets

        return OpenTickets(self.database, self.clock, self.psa.provider, self.settings.psa_lists)

    @made
    def audit(self) -> "Audit":
        from services.team.audit import Audit

        return Audit(self.database)

    @made
    def stats(self) -> "Stats":
        from services.stats import Stats

        return Stats(self.database, self.clock)

    @made
    def counting(self) -> "Counting":
        from services.stats.counting import Counting

        return Counting(self.database, self.clock)

    @made
    def records(self) -> "Records":
        from services.stats.records import Records

        return Records(self.database, self.clock)

    async def before_building(self) -> None:
        """Loads what the next step of a built call would have to wait for."""
        from services.builder.guardrails import read_rules

        await asyncio.to_thread(read_rules)
        if self.assistant is not None:
            await self.assistant.warm()

    async def close(self) -> None:
        """Has to be awaited in the loop in which they were used."""
        for name in ("drafting", "assistant", "open_tickets", "psa"):
            if (made_before := self.__dict__.get(name)) is not None:
                await made_before.close()
        if (database := self.__dict__.get("database")) is not None:
            await database.dispose()


def build_services(settings: Settings, **opening: Any) -> Services:
    """Opens no connection yet; `services.close()` has to be awaited in the end."""
    return Services(settings, **opening)


@asynccontextmanager
async def opened(settings: Settings, *, seen: bool = False, **opening: Any) -> AsyncIterator[Services]:
    """The services of a store that is there and current; raises StoreTrouble where it is not.

    `seen`: somebody has just looked, and nothing is loaded for that.
    """
    services = build_services(settings, **opening)
    try:
        if not seen:
            from storage.schema import require_current

            await require_current(services.database)
        yield services
    finally:
        await services.close()
