"""What an account has set for itself, and which categories it lets AI build."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.access import Act, Actor
from services.access.acting import administering, reading
from services.categories import BUILDABLE, FORBIDDEN
from services.clock import Clock
from services.errors import NotFound, Refused
from services.flows.nodes import Json
from services.team import audit, keys
from services.team.keys import Value
from storage import accounts
from storage.database import Database, Reading, Transaction

_DISABLED = "categories.disabled"
"""The row that holds the categories an account has switched off; no setting of its own."""


@dataclass(frozen=True, slots=True)
class Setting:
    key: str
    value: Value
    default: Value
    help: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountValues:
    """The account's settings as services use them."""

    abandon_after_hours: int
    depth_cap: int
    ai_session_budget: int
    """US cents."""
    ai_hour_budget: int
    """US cents."""
    auto_start: Literal["evidence", "on", "off"]
    identity_methods: Mapping[str, str]
    """Key to words."""
    escalation_reasons: Mapping[str, str]
    """Key to words."""
    disabled_categories: frozenset[str]
    psa_resolved_status_id: str | None
    psa_escalated_status_id: str | None
    psa_escalation_board: str | None
    psa_escalation_team: str | None
    psa_escalation_owner: str | None
    psa_log_time: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What a technician picks from during a call, key to words."""

    identity_methods: Mapping[str, str]
    escalation_reasons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CategoryInfo:
    key: str
    label: str
    enabled: bool
    forbidden: bool
    """Never enabled, whoever asks."""


async def values(read: Reading) -> AccountValues:
    """For the services' own use: whoever is acting, the account's rules hold."""
    stored = await accounts.settings(read)
    value = _values(stored)
    return AccountValues(
        abandon_after_hours=value["sessions.abandon_after_hours"],
        depth_cap=value["ai.depth_cap"],
        ai_session_budget=value["ai.session_budget"],
        ai_hour_budget=value["ai.hour_budget"],
        auto_start=value["match.auto_start"],
        identity_methods={name: keys.label(name) for name in value["identity.methods"]},
        escalation_reasons={name: keys.label(name) for name in value["escalation.reasons"]},
        disabled_categories=frozenset(stored.get(_DISABLED, ())),
        psa_resolved_status_id=value["psa.resolved_status_id"],
        psa_escalated_status_id=value["psa.escalated_status_id"],
        psa_escalation_board=value["psa.escalation_board"],
        psa_escalation_team=value["psa.escalation_team"],
        psa_escalation_owner=value["psa.escalation_owner"],
        psa_log_time=value["psa.log_time"] == "on",
    )


class AccountSettings:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, actor: Actor) -> Mapping[str, Setting]:
        """Every setting there is, by key."""
        async with reading(self._database, actor, Act.ADMINISTER) as read:
            current = _values(await accounts.settings(read))
        return {key: Setting(key, current[key], known.default, known.help) for key, known in keys.KEYS.items()}

    async def set(self, actor: Actor, key: str, text: str) -> Setting:
        """Sets what a person wrote; empty is the default. Raises NotFound for the key, Invalid for the text."""
        async with administering(self._database, actor, Act.ADMINISTER) as tx:
            value, known = keys.parse(key, text), keys.found(key)
            before = _values(await accounts.settings(tx))[key]
            if value != before:
                await _put(tx, key, None if value == known.default else value)
                details = {"key": key, "from": before, "to": value}
                await audit.record(tx, actor, "account.setting", self._clock(), details=details)
        return Setting(key, value, known.default, known.help)

    async def choices(self, actor: Actor) -> Choices:
        """For everybody who may read calls: what the account lets a technician pick from."""
        async with reading(self._database, actor, Act.READ_SESSIONS) as read:
            current = await values(read)
        return Choices(current.identity_methods, current.escalation_reasons)


class Categories:
    """Which categories the account lets AI build. All at first."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def listed(self, actor: Actor) -> tuple[CategoryInfo, ...]:
        async with reading(self._database, actor, Act.ADMINISTER) as read:
            disabled = (await values(read)).disabled_categories
        may = tuple(CategoryInfo(key, label, key not in disabled, False) for key, label in BUILDABLE.items())
        return (*may, *(CategoryInfo(key, label, False, True) for key, label in FORBIDDEN.items()))

    async def enable(self, actor: Actor, key: str) -> CategoryInfo:
        """Raises Refused for a forbidden category, NotFound for an unknown one."""
        return await self._switch(actor, key, on=True)

    async def disable(self, actor: Actor, key: str) -> CategoryInfo:
        """Raises Refused for a forbidden category, NotFound for an unknown one."""
        return await self._switch(actor, key, on=False)

    async def _switch(self, actor: Actor, key: str, *, on: bool) -> CategoryInfo:
        async with administering(self._database, actor, Act.ADMINISTER) as tx:
            if key in FORBIDDEN:
                raise Refused(f"{key} is never built by AI", "No account can change that: such calls are escalated.")
            if key not in BUILDABLE:
                raise NotFound(f"no category {key!r}", f"There are: {', '.join(BUILDABLE)}.")
            disabled = (await values(tx)).disabled_categories
            if on != (key not in disabled):
                await _put(tx, _DISABLED, sorted(disabled - {key} if on else disabled | {key}))
                details = {"category": key, "enabled": on}
                await audit.record(tx, actor, "account.category", self._clock(), details=details)
        return CategoryInfo(key, BUILDABLE[key], on, False)


def _values(stored: Mapping[str, Json]) -> dict[str, Json]:
    """Every setting as it is in force; lists, which JSON keeps names in, as the tuples they were."""
    current = {key: stored.get(key, known.default) for key, known in keys.KEYS.items()}
    return {key: tuple(value) if isinstance(value, list) else value for key, value in current.items()}


async def _put(tx: Transaction, key: str, value: object) -> None:
    """None is kept as no row at all: the default holds, whatever it becomes."""
    if value is None:
        await accounts.drop_setting(tx, key)
    else:
        await accounts.put_setting(tx, key, value)
