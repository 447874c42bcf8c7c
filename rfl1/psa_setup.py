"""What the set-up screen of the PSA does: tries what was typed before it is kept, then keeps it where it belongs."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rfl1 import config_file, keeping
from rfl1.psa import parts, provider
from rfl1.secrets_kept import keep
from rfl1.settings import KEYS, Settings, Value
from services.access import Act, Actor
from services.psa.connection import Connection
from services.psa.model import Board, Status, named
from services.psa.setting_up import WORDS, Choices, Field, Kept
from services.psa.steps import BOARD, ESCALATED, RESOLVED, Step
from services.team.keys import written

if TYPE_CHECKING:
    from rfl1.compose import Services

_SHOWN = "the set-up screen"
_SECRET = {key.name: key for key in KEYS if key.secret}
_ALWAYS = ("psa.user", "psa.board")


class PsaSetup:
    """A `services.psa.setting_up.Setup`."""

    def __init__(self, services: "Services") -> None:
        self._services = services
        self._trial: Connection | None = None

    @property
    def provider(self) -> str:
        return self._services.settings["psa.provider"]

    def fields(self, provider: str) -> tuple[Field, ...]:
        settings = self._services.settings
        wanted = (*parts(provider), *_ALWAYS)
        return tuple(
            Field(
                name,
                WORDS[name],
                "" if name in _SECRET else settings[name],
                secret=name in _SECRET,
                known=settings.has(name),
            )
            for name in wanted
        )

    async def check(self, actor: Actor, typed: Mapping[str, str]) -> AsyncIterator[Step]:
        actor.require(Act.ADMINISTER)
        await self.close()
        settings = self._with(typed)
        made = await asyncio.to_thread(provider, settings)
        assert made is not None  # noqa: S101  # one was chosen
        self._trial = Connection(self._services.database, made)
        async for step in self._trial.check(actor):
            yield step

    async def choices(self, actor: Actor, board: str) -> Choices:
        assert self._trial is not None  # noqa: S101  # `check` comes first
        provider = self._trial.provider
        boards = await provider.boards()
        home = named(boards, board) or next(iter(boards), None)
        account = await self._services.account_settings.show(actor)
        set_before = {key: written(account[key].value) for key in (RESOLVED, ESCALATED, BOARD)}
        target = named(boards, set_before[BOARD])
        return Choices(boards, home, await self._statuses(home), await self._statuses(target or home), set_before)

    async def statuses(self, board: Board) -> Sequence[Status]:
        return await self._statuses(board)

    async def _statuses(self, board: Board | None) -> Sequence[Status]:
        assert self._trial is not None  # noqa: S101  # `check` comes first
        return () if board is None else await self._trial.provider.statuses(board.id)

    async def keep(self, actor: Actor, typed: Mapping[str, str], account: Mapping[str, str]) -> Kept:
        actor.require(Act.ADMINISTER)
        for key, value in account.items():
            await self._services.account_settings.set(actor, key, value)
        return await asyncio.to_thread(self._keep, typed)

    def _keep(self, typed: Mapping[str, str]) -> Kept:
        settings = self._services.settings
        file = config_file.put(settings.folders, {n: value for n, value in typed.items() if n not in _SECRET})
        secrets = {name: value for name, value in typed.items() if name in _SECRET and value}
        if not secrets:
            return Kept(str(file), in_keyring=True)
        if not keeping.there():
            return Kept(str(file), in_keyring=False, variables=tuple(_SECRET[name].variable for name in secrets))
        # Read anew: the file was just written.
        keep(replace(settings, values={**settings.values, "keyring": Value(self._noted(), str(file))}), secrets)
        return Kept(str(file), in_keyring=True)

    def _noted(self) -> str:
        return config_file.written(self._services.settings.folders).get("keyring", "")

    async def close(self) -> None:
        trial, self._trial = self._trial, None
        if trial is not None:
            await trial.close()

    def _with(self, typed: Mapping[str, str]) -> Settings:
        """The settings as they would be; a secret that is not typed is the one that is known."""
        settings = self._services.settings
        given = {name: Value(value, _SHOWN) for name, value in typed.items() if value or name not in _SECRET}
        return replace(settings, values={**settings.values, **given})
