"""What an account sets, and which categories it lets AI build."""

import asyncio

import pytest

from services.categories import BUILDABLE, FORBIDDEN
from services.errors import Invalid, NotAllowed, NotFound, Refused
from services.team.keys import ESCALATION_REASONS, IDENTITY_METHODS, KEYS, Value, written
from services.team.settings import AccountSettings, AccountValues, Categories, values
from storage.database import Database
from tests.services.people import HOSTILE, ManualClock, Team, audited


@pytest.fixture
def settings(database: Database, clock: ManualClock) -> AccountSettings:
    return AccountSettings(database, clock)


@pytest.fixture
def categories(database: Database, clock: ManualClock) -> Categories:
    return Categories(database, clock)


async def in_force(database: Database, team: Team) -> AccountValues:
    async with database.reading(team.tech) as read:
        return await values(read)


async def test_an_account_begins_with_the_defaults(settings: AccountSettings, database: Database, team: Team) -> None:
    given = await in_force(database, team)
    assert (given.abandon_after_hours, given.depth_cap, given.auto_start) == (24, 12, "evidence")
    assert dict(given.identity_methods) == IDENTITY_METHODS
    assert tuple(given.escalation_reasons) == (
        "exhausted_safe_steps",
        "needs_access",
        "needs_onsite",
        "suspected_security",
        "outage_or_many_users",
        "customer_request",
        "out_of_scope",
        "other",
    )
    assert given.disabled_categories == frozenset()
    assert (given.psa_resolved_status_id, given.psa_escalated_status_id, given.psa_escalation_board) == (None,) * 3
    assert (given.psa_escalation_team, given.psa_escalation_owner, given.psa_log_time) == (None, None, False)
    shown = await settings.show(team.owner)
    assert set(shown) == {
        "psa.resolved_status_id",
        "psa.escalated_status_id",
        "psa.escalation_board",
        "psa.escalation_team",
        "psa.escalation_owner",
        "psa.log_time",
        "sessions.abandon_after_hours",
        "ai.depth_cap",
        "ai.session_budget",
        "ai.hour_budget",
        "identity.methods",
        "escalation.reasons",
        "match.auto_start",
    }
    assert all(each.value == each.default and each.help for each in shown.values())


@pytest.mark.parametrize(
    "case",
    [
        ("sessions.abandon_after_hours", "0", 0),
        ("sessions.abandon_after_hours", " 48 ", 48),
        ("ai.depth_cap", "50", 50),
        ("ai.session_budget", "0", 0),
        ("ai.hour_budget", "5000", 5000),
        ("match.auto_start", "ON", "on"),
        ("identity.methods", "manager_approval, badge_number", ("manager_approval", "badge_number")),
        ("escalation.reasons", "other,other,needs_access", ("other", "needs_access")),
        ("psa.resolved_status_id", "27", "27"),
        ("psa.escalated_status_id", "27", "27"),
        ("psa.escalation_board", "[b]Tier 2[/b] 'x'; --", "[b]Tier 2[/b] 'x'; --"),
    ],
)
async def test_what_is_set_is_in_force(
    settings: AccountSettings, database: Database, team: Team, case: tuple[str, str, Value]
) -> None:
    key, text, value = case
    assert (await settings.set(team.admin, key, text)).value == value
    shown = (await settings.show(team.owner))[key]
    assert (shown.value, shown.default) == (value, KEYS[key].default)
    given = await in_force(database, team)
    field = {"match.auto_start": "auto_start", "ai.depth_cap": "depth_cap"}.get(key, key.replace(".", "_"))
    current = getattr(given, field.removeprefix("sessions_"))
    assert (tuple(current) if isinstance(value, tuple) else current) == value


@pytest.mark.parametrize("key", KEYS)
async def test_an_empty_value_goes_back_to_the_default(settings: AccountSettings, team: Team, key: str) -> None:
    chosen = {"match.auto_start": "off", "psa.log_time": "on"}
    other = chosen.get(key, "3" if isinstance(KEYS[key].default, int) else "other")
    assert (await settings.set(team.owner, key, other)).value != KEYS[key].default
    assert (await settings.set(team.owner, key, " ")).value == KEYS[key].default
    assert (await settings.show(team.owner))[key].value == KEYS[key].default


@pytest.mark.parametrize("key", KEYS)
async def test_what_is_shown_can_be_set_again(settings: AccountSettings, team: Team, key: str) -> None:
    shown = (await settings.show(team.owner))[key]
    assert (await settings.set(team.owner, key, written(shown.value))).value == shown.value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("sessions.abandon_after_hours", "-1"),
        ("sessions.abandon_after_hours", "8761"),
        ("sessions.abandon_after_hours", "2.5"),
        ("sessions.abandon_after_hours", "a day"),
        ("sessions.abandon_after_hours", "9" * 5000),
        ("sessions.abandon_after_hours", "٣"),
        ("ai.depth_cap", "0"),
        ("ai.depth_cap", "51"),
        ("match.auto_start", "maybe"),
        ("identity.methods", ","),
        ("identity.methods", "manager approval"),
        ("identity.methods", ",".join(f"m{number}" for number in range(31))),
        ("escalation.reasons", "other,,needs_access"),
        ("escalation.reasons", "Other"),
        ("escalation.reasons", HOSTILE),
        ("psa.resolved_status_id", "x" * 101),
        ("psa.escalation_board", "two\nlines"),
        ("psa.escalation_board", "\u200b"),
        ("psa.escalation_board", HOSTILE),
    ],
)
async def test_a_value_that_makes_no_sense_is_refused_with_an_example(
    settings: AccountSettings, database: Database, team: Team, key: str, text: str
) -> None:
    with pytest.raises(Invalid, match=f"{key}: .*rfl1 account set {key} ."):
        await settings.set(team.owner, key, text)
    assert (await settings.show(team.owner))[key].value == KEYS[key].default
    assert not await audited(database, team.owner, "account.setting")


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("sessions.abandon_hours", "Did you mean sessions.abandon_after_hours"),
        ("depth_cap", "Did you mean ai.depth_cap"),
        ("identity.method", "Did you mean identity.methods"),
        ("zzz", "There are: "),
        ("categories.disabled", "There are: |Did you mean"),
        (HOSTILE, "There are: "),
    ],
)
async def test_an_unknown_key_is_told_what_may_be_meant(
    settings: AccountSettings, team: Team, key: str, meant: str
) -> None:
    with pytest.raises(NotFound, match=meant):
        await settings.set(team.owner, key, "1")


async def test_a_change_is_audited_and_no_change_is_not(
    settings: AccountSettings, database: Database, team: Team
) -> None:
    await settings.set(team.admin, "ai.depth_cap", "12")
    assert not await audited(database, team.owner, "account.setting")
    await settings.set(team.admin, "ai.depth_cap", "8")
    [row] = await audited(database, team.owner, "account.setting")
    assert row.user_id == team.admin.user_id
    assert row.details == {"key": "ai.depth_cap", "from": 12, "to": 8}


async def test_the_same_key_set_twice_at_once_has_one_of_the_values(settings: AccountSettings, team: Team) -> None:
    attempts = (settings.set(actor, "ai.depth_cap", text) for actor, text in ((team.owner, "5"), (team.admin, "6")))
    await asyncio.gather(*attempts)
    assert (await settings.show(team.owner))["ai.depth_cap"].value in (5, 6)


async def test_settings_stay_within_the_account(settings: AccountSettings, database: Database, team: Team) -> None:
    await settings.set(team.their_owner, "sessions.abandon_after_hours", "1")
    assert (await in_force(database, team)).abandon_after_hours == 24
    assert (await settings.show(team.owner))["sessions.abandon_after_hours"].value == 24


async def test_a_technician_sees_what_there_is_to_choose_from(settings: AccountSettings, team: Team) -> None:
    await settings.set(team.owner, "escalation.reasons", "needs_onsite,printer_jam")
    choices = await settings.choices(team.tech)
    assert dict(choices.escalation_reasons) == {
        "needs_onsite": ESCALATION_REASONS["needs_onsite"],
        "printer_jam": "Printer jam",
    }
    assert "callback_number_on_record" in choices.identity_methods


async def test_all_ten_categories_are_enabled_at_first_and_the_forbidden_never(
    categories: Categories, team: Team
) -> None:
    listed = await categories.listed(team.owner)
    assert {each.key for each in listed if each.enabled} == set(BUILDABLE)
    assert {each.key for each in listed if each.forbidden} == set(FORBIDDEN)
    assert (len(BUILDABLE), len(FORBIDDEN)) == (10, 9)


async def test_a_category_is_switched_off_and_on_again(categories: Categories, database: Database, team: Team) -> None:
    assert not (await categories.disable(team.admin, "printer")).enabled
    await categories.disable(team.admin, "printer")
    await categories.disable(team.admin, "vpn_connect")
    assert (await in_force(database, team)).disabled_categories == {"printer", "vpn_connect"}
    await categories.enable(team.admin, "printer")
    assert (await in_force(database, team)).disabled_categories == {"vpn_connect"}
    listed = {each.key: each.enabled for each in await categories.listed(team.owner)}
    assert (listed["printer"], listed["vpn_connect"]) == (True, False)
    assert [row.details for row in await audited(database, team.owner, "account.category")] == [
        {"category": "printer", "enabled": False},
        {"category": "vpn_connect", "enabled": False},
        {"category": "printer", "enabled": True},
    ]


@pytest.mark.parametrize("key", FORBIDDEN)
async def test_a_forbidden_category_is_enabled_by_nobody(
    categories: Categories, database: Database, team: Team, key: str
) -> None:
    for actor in (team.owner, team.admin):
        with pytest.raises(Refused, match="never built by AI"):
            await categories.enable(actor, key)
    assert not await audited(database, team.owner, "account.category")


@pytest.mark.parametrize("key", ["unknown", "", "Printer", HOSTILE])
async def test_a_category_that_there_is_not_is_not_found(categories: Categories, team: Team, key: str) -> None:
    for attempt in (categories.enable(team.owner, key), categories.disable(team.owner, key)):
        with pytest.raises(NotFound, match="no category"):
            await attempt


async def test_reading_categories_and_settings_asks_the_same_as_writing_them(
    settings: AccountSettings, categories: Categories, team: Team
) -> None:
    for actor in (team.tech, team.engineer, team.covering):
        for attempt in (
            settings.show(actor),
            settings.set(actor, "ai.depth_cap", "3"),
            categories.listed(actor),
            categories.enable(actor, "printer"),
            categories.disable(actor, "printer"),
        ):
            with pytest.raises(NotAllowed):
                await attempt
