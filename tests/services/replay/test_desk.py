"""Scripts of what engineers do afterwards: facts, fixes, decisions, outcomes; and such a script of a real call."""

from pathlib import Path

import pytest

from services.fixes.cases import Cases
from services.fixes.model import Case, Suggestion
from services.fixes.scripts.model import Script
from services.replay.record import recorded_script
from services.replay.script import Broken, scripts_of
from services.walks.model import Acknowledge, Choose, Walk
from tests.services.replay.test_runner import LIFE, at_the_desk, run
from tests.services.walks.scene import Scene

ESCALATED = LIFE + 'steps: [{answer: "1"}]\nescalate: {category: needs_access, reason: No rights.}\n'
FIX = (
    "{as: emil, fix: {title: Restart it, rationale: It hangs, steps: [Open it, Restart it], script: Restart-Service x}}"
)


async def test_an_engineer_finds_suggests_decides_and_settles(scene: Scene, tmp_path: Path) -> None:
    then = f"""then:
  - {{as: emil, claim: true}}
  - {{as: emil, fact: The spooler hangs.}}
  - {{as: emil, fact_from_step: 1}}
  - {FIX}
  - {{as: emil, decision: one_off}}
  - {{as: emil, outcome: {{status: applied_partial, notes: Tray 2 only.}}}}
  - {{as: emil, outcome: {{status: applied_success}}}}
  - {{as: emil, outcome: {{status: applied_failed}}, expect: {{refused: worked.*stays}}}}
  - {{as: emil, missing: Which tray?}}
  - {{as: emil, draft: resolution_note}}
  - {{as: emil, resolve: {{helpful: true, notes: Done.}}}}
after: {{status: resolved}}
"""
    result, told = await run(scene, ESCALATED + then, tmp_path)
    assert result.ok, result.failures
    assert [each.change for each in told][3:] == [
        "claim", "fact", "fact", "fix", "decision", "outcome", "outcome", "missing", "resolve",
    ]  # fmt: skip
    assert [each.state_version for each in told] == list(range(1, len(told) + 1))
    assert "This worked." in result.drafts[0].markdown


@pytest.mark.parametrize(
    ("entry", "refused"),
    [
        ("decision: one_off", "no suggested fix"),
        ("outcome: {status: applied_success}", "no suggested fix"),
        ("fact: ''", "empty"),
        ("fact_from_step: 9", "no step 9"),
        ("resolve: {helpful: true, fix: {status: applied_success}}", "no suggested fix to settle"),
    ],
)
async def test_what_has_to_be_refused_is(scene: Scene, tmp_path: Path, entry: str, refused: str) -> None:
    then = (
        f"then: [{{as: emil, {entry}, expect: {{refused: {refused}}}}}, {{as: tina, {entry}, expect: {{refused: .}}}}]"
    )
    result, _ = await run(scene, ESCALATED + then, tmp_path)
    assert result.ok, result.failures


async def test_an_open_fix_is_settled_when_the_call_is_resolved(scene: Scene, tmp_path: Path) -> None:
    then = f"""then:
  - {FIX}
  - {{as: emil, decision: dismissed}}
  - {{as: emil, decision: dismissed, expect: {{refused: dismissed}}}}
  - {{as: emil, fix: {{title: Replace it, steps: Take the new one.}}}}
  - {{as: emil, decision: one_off, expect: {{refused: no drafted script}}}}
  - {{as: emil, resolve: {{helpful: true}}, expect: {{refused: still open}}}}
  - {{as: emil, resolve: {{helpful: true, fix: {{status: applied_pending, notes: the part}}}}}}
after: {{status: resolved}}
"""
    result, _ = await run(scene, ESCALATED + then, tmp_path)
    assert result.ok, result.failures
    assert result.session_id is not None
    case = await Cases(scene.database, scene.clock, scene.library).open(scene.team.engineer, result.session_id)
    assert [(fix.decision, fix.status) for fix in case.found.fixes] == [
        ("dismissed", "proposed"),
        (None, "applied_pending"),
    ]


@pytest.mark.parametrize(
    "entry",
    [
        "fact: a, fix: {title: b}",
        "decision: perhaps",
        "outcome: {status: fine}",
        "fix: {steps: [x]}",
        "fix: {title: x, language: perl}",
        "outcome: applied_success",
    ],
)
def test_what_is_no_entry_is_no_script(tmp_path: Path, entry: str) -> None:
    (tmp_path / "call.yaml").write_text(f"{ESCALATED}then: [{{{entry}}}]\n")
    assert isinstance(next(scripts_of(tmp_path / "call.yaml")), Broken)


async def test_a_call_with_findings_is_recorded_and_comes_out_the_same(scene: Scene, tmp_path: Path) -> None:
    desk, team = at_the_desk(scene), scene.team
    walk: Walk = await scene.answer(await scene.start_flow(by=team.owner), Choose(0), Acknowledge(), by=team.owner)
    walk = await scene.walks.escalate(team.owner, walk, category="other", reason="Stuck.")
    walk = (await desk.facts.from_step(team.owner, walk, walk.steps[1].step_id)).walk
    scene.clock.forward(seconds=1)
    walk = (await desk.facts.add(team.owner, walk, "It is warm: 'very'")).walk
    scene.clock.forward(seconds=1)
    first = Suggestion(title="Restart it", steps=("Open it", "Restart it"), script=Script("Restart-Service x"))
    case = await desk.fixes.suggest(team.owner, walk, first)
    case = await desk.fixes.record(team.owner, case.walk, case.found.fixes[0].id, "applied_partial", "Tray 2.")
    case = await desk.fixes.record(team.owner, case.walk, case.found.fixes[0].id, "applied_failed", "None.")
    scene.clock.forward(seconds=1)
    case = await desk.fixes.suggest(team.owner, case.walk, Suggestion(title="Replace it"))
    case = await desk.fixes.record(team.owner, case.walk, case.found.fixes[1].id, "applied_success")
    await scene.walks.resolve(team.owner, case.walk, helpful=True, notes="Done.")
    cases = Cases(scene.database, scene.clock, scene.library)
    case = await cases.open(team.owner, walk.id)

    text = recorded_script(case.walk, case.found)
    result, _ = await run(scene, "as: olga\n" + text, tmp_path)
    assert result.ok, (result.failures, text)
    assert result.session_id is not None
    again = await cases.open(team.owner, result.session_id)

    assert told(again) == told(case)


def told(case: Case) -> object:
    facts = {(fact.kind, fact.text) for fact in case.found.facts}
    fixes = [(fix.title, fix.steps, fix.script, fix.status, dict(fix.notes), fix.active) for fix in case.found.fixes]
    return facts, fixes, case.walk.status
