"""Drafts say what engineers found, and of a fix what has become of it, whoever writes them."""

import pytest

from services.drafting.check import mistakes
from services.drafting.template import rendered
from services.drafting.writer import records
from services.fixes.model import OUTCOMES, Case, FixStatus, Suggestion
from tests.services.fixes.conftest import Desk

SPOOLER = Suggestion(
    title="Restarted the spooler on SRV-PRINT1", rationale="The queue hangs.", steps=("Run `sc query`.",)
)


def section(draft: str, heading: str) -> str:
    return draft.partition(f"## {heading}\n")[2].partition("\n## ")[0]


async def case_of(desk: Desk, status: FixStatus | None, notes: str = "") -> Case:
    case = await desk.with_fix(SPOOLER)
    if status is None:
        return case
    return await desk.fixes.record(desk.scene.team.engineer, case.walk, case.found.fixes[0].id, status, notes)


@pytest.mark.parametrize("status", [None, *OUTCOMES])
async def test_every_draft_says_only_what_is_on_record(desk: Desk, status: FixStatus | None) -> None:
    case = await case_of(desk, status, "Port 9100 on 10.0.0.9 since 08:15.")
    case = await desk.facts.add(desk.scene.team.engineer, case.walk, "SRV-PRINT1 has 2 GB left.")
    for kind in ("resolution_note", "escalation_package"):
        draft = await desk.drafting.draft(desk.scene.team.engineer, case.walk, kind)
        assert mistakes(draft.markdown, kind, records(case.walk, case.found)) == []
        assert "- SRV-PRINT1 has 2 GB left." in section(draft.markdown, "What we confirmed")


@pytest.mark.parametrize(
    ("status", "notes", "cause", "resolution"),
    [
        ("applied_success", "", "The queue hangs.", "This worked. Verified on 2026-03-02 at 09:00 UTC."),
        ("applied_partial", "Tray 2 only", "not established for certain", "This helped in part. Tray 2 only."),
        ("applied_failed", "It hung again", "was not established", "was tried and did not help. It hung again."),
        ("applied_failed", "", "was not established", "Why is not on record."),
        ("applied_pending", "the restart tonight", "not established yet", "Waiting for: the restart tonight."),
        (None, "", "was not established", "This was suggested and is not applied yet."),
    ],
)
async def test_the_note_follows_the_outcome(
    desk: Desk, status: FixStatus | None, notes: str, cause: str, resolution: str
) -> None:
    case = await case_of(desk, status, notes)
    note = rendered(case.walk, "resolution_note", case.found)
    assert cause in section(note, "Root cause")
    assert resolution in section(note, "Resolution")


async def test_what_was_never_applied_is_no_part_of_the_resolution(desk: Desk) -> None:
    case = await case_of(desk, "dismissed")
    assert "spooler" not in rendered(case.walk, "resolution_note", case.found)


@pytest.mark.parametrize("status", ["applied_partial", "applied_pending"])
async def test_nobody_is_said_to_have_confirmed_what_is_still_open(desk: Desk, status: FixStatus) -> None:
    case = await case_of(desk, status, "Tonight.")
    walk = await desk.walks.resolve(desk.scene.team.engineer, case.walk, helpful=True, notes="We wait.")
    draft = await desk.drafting.draft(desk.scene.team.engineer, walk, "resolution_note")
    assert "confirmed that it works" not in draft.markdown


async def test_the_package_tells_what_failed_and_what_is_thought(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await case_of(desk, "applied_failed", "It hung again")
    driver = Suggestion(
        title="Replace the driver", rationale="It is from 2019.", steps=("Remove it.", "Add the new one.")
    )
    case = await desk.fixes.suggest(engineer, case.walk, driver)
    package = rendered(case.walk, "escalation_package", case.found)
    assert "did not help. It hung again." in section(package, "What we tried")
    assert "Replace the driver. This was suggested and is not applied yet. It is from 2019." in section(
        package, "Current hypothesis"
    )
    assert "- Remove it.\n- Add the new one." in section(package, "Suggested next steps")
    case = await desk.fixes.record(
        engineer, case.walk, case.found.fixes[1].id, "applied_pending", "the reboot at night"
    )
    package = rendered(case.walk, "escalation_package", case.found)
    assert "- Wait for this, then see whether it worked: the reboot at night" in package


async def test_an_outcome_makes_a_new_draft(desk: Desk) -> None:
    engineer, case = desk.scene.team.engineer, await case_of(desk, None)
    before = await desk.drafting.draft(engineer, case.walk, "resolution_note")
    case = await desk.fixes.record(engineer, case.walk, case.found.fixes[0].id, "applied_success")
    after = await desk.drafting.draft(engineer, case.walk, "resolution_note")
    assert "not applied yet" in before.markdown
    assert "This worked" in after.markdown
    assert await desk.drafting.draft(desk.scene.team.admin, case.walk, "resolution_note") == after


async def test_a_fact_stands_once_though_the_step_says_it_too(desk: Desk) -> None:
    engineer, walk = desk.scene.team.engineer, await desk.escalated()
    case = await desk.facts.from_step(engineer, walk, walk.steps[0].step_id)
    case = await desk.facts.edit(engineer, case.walk, case.found.facts[0].id, "Webmail opens.")
    confirmed = section(rendered(case.walk, "resolution_note", case.found), "What we confirmed")
    assert confirmed.strip() == "- Webmail opens."


async def test_with_nothing_found_that_is_said(desk: Desk) -> None:
    walk = await desk.scene.start_flow()
    assert "Nothing on record." in rendered(walk, "resolution_note")
