"""Scripts through the services: labels, time, what is chosen when no node can be made, records that walk again."""

import random
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import yaml

from services.builder.protocol import BuildContext, BuildFailed, Built, Show
from services.drafting.service import Drafting
from services.errors import Refused
from services.fixes.cases import Cases
from services.fixes.facts import Facts
from services.fixes.fixes import Fixes
from services.fixes.missing import Missing
from services.fixes.suggesting import extract_by_rule
from services.flows.nodes import Input, Instruction, Link, Outcome, Question, Verify
from services.intake.service import Intake
from services.replay.call import RETRIES
from services.replay.desk import AtTheDesk
from services.replay.record import recorded_script
from services.replay.result import Change, Result
from services.replay.runner import Replay
from services.replay.script import scripts_of
from services.replay.through import Through
from services.team.users import Users
from services.walks.model import Acknowledge, CannotTell, Choose, Enter, RedFlag, Verified, Walk
from services.walks.service import Walks
from storage.database import Database
from storage.errors import StoreUnreachable
from tests.services.walks.scene import Scene


@pytest.fixture
async def scene(migrated_sqlite_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_sqlite_url)
    yield set_up
    await set_up.database.dispose()


def through(scene: Scene) -> Replay:
    users = Users(scene.database, scene.clock)
    return Replay(
        Through(
            intake=scene.intake,
            walks=scene.walks,
            escalations=scene.escalations,
            users=users,
            drafting=drafting(scene),
            desk=at_the_desk(scene),
        )
    )


async def run(scene: Scene, text: str, folder: Path, replay: Replay | None = None) -> tuple[Result, list[Change]]:
    path = folder / "call.yaml"
    path.write_text(text)
    [script] = scripts_of(path)
    told: list[Change] = []
    result = await (replay or through(scene)).run(scene.team.tech, script, told.append)
    return result, told


LIFE = "rfl1: 1\nintake: {problem: It asks again, flow: life}\n"


@pytest.mark.parametrize("written", ["Yes, at once", "  yes,   AT once ", "1", "\uff39es, at once"])
async def test_a_label_is_met_exactly_or_folded_or_by_number(scene: Scene, tmp_path: Path, written: str) -> None:
    result, _ = await run(scene, LIFE + f'steps: [{{answer: "{written}"}}]\n', tmp_path)
    assert result.ok
    assert [step.label for step in result.steps] == ["Yes, at once"]


@pytest.mark.parametrize("written", ["0", "3", "12", "-1", "Yes", "", "\u0661"])
async def test_a_label_that_is_not_there_is_no_answer(scene: Scene, tmp_path: Path, written: str) -> None:
    result, told = await run(scene, LIFE + f'steps: [{{answer: "{written}"}}]\n', tmp_path)
    assert [each.at for each in result.failures] == ["steps[0]"]
    assert [each.change for each in told] == ["start"]


async def test_every_change_is_told_with_the_version_that_is_stored(scene: Scene, tmp_path: Path) -> None:
    steps = "{answer: 2}, {back: true}, {answer: 1, note: x}, {notes: n}, {pause: true}, {ack: true}, {to_notes: true}"
    end = "escalate: {category: other, reason: r}\nthen: [{as: emil, claim: true}]\n"
    result, told = await run(scene, f"{LIFE}steps: [{steps}]\n{end}", tmp_path)
    assert result.ok, result.failures
    assert [each.change for each in told] == [
        "start", "step", "back", "step", "notes", "pause", "resume", "step", "notes", "escalate", "claim",
    ]  # fmt: skip
    assert [each.state_version for each in told] == list(range(1, 12))
    assert [each.step_id is not None for each in told] == [each.change == "step" for each in told]
    assert result.session_id is not None
    walk = await scene.walks.open(scene.team.tech, result.session_id)
    assert walk.state_version == 11
    assert [each.step_id for each in told if each.step_id] == [step.step_id for step in walk.path]


async def test_drafts_come_with_the_result(scene: Scene, tmp_path: Path) -> None:
    script = (
        f"{LIFE}steps: [{{answer: 1}}]\nthen: [{{draft: escalation_package}}, {{as: emil, draft: resolution_note}}]\n"
    )
    result, told = await run(scene, script, tmp_path)
    assert result.ok, result.failures
    assert [(each.kind, each.by) for each in result.drafts] == [
        ("escalation_package", "template"),
        ("resolution_note", "template"),
    ]
    assert "## What we tried" in result.drafts[0].markdown
    assert [each.change for each in told] == ["start", "step"]


async def test_any_presses_on_and_stops_before_an_outcome_or_a_question_of_identity(
    scene: Scene, tmp_path: Path
) -> None:
    result, _ = await run(scene, LIFE + "steps: [{any: 50, note: on}]\n", tmp_path)
    assert [step.label for step in result.steps] == ["Yes, at once", "Done", "Yes", "Done", "On"]
    result, _ = await run(scene, LIFE + "steps: [{answer: 2}, {any: 50}]\nafter: {path_length: 1}\n", tmp_path)
    assert result.ok
    result, _ = await run(scene, LIFE + "steps: [{any: 2}]\nafter: {path_length: 2}\n", tmp_path)
    assert result.ok


async def test_a_suggestion_is_chosen_by_its_number(scene: Scene, tmp_path: Path) -> None:
    ask = "rfl1: 1\nintake: {problem: outlook wants my password every two minutes, choose: %d}\nexpect: {flow: life}\n"
    result, _ = await run(scene, ask % 1, tmp_path)
    assert result.ok, result.failures
    result, _ = await run(scene, ask % 9, tmp_path)
    assert "there is no suggestion 9" in result.failures[0].got


def drafting(scene: Scene) -> Drafting:
    return Drafting(scene.database, scene.clock, None)


class Broken:
    """A builder that fails so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def at_hand(self, context: BuildContext) -> Built | None:
        return None

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        self.times -= 1
        if self.times >= 0:
            raise BuildFailed("the line is down")
        return Built(Instruction(text="Restart the printer.", next=""), "model")


def at_the_desk(scene: Scene) -> AtTheDesk:
    cases = Cases(scene.database, scene.clock, scene.library)
    missing = Missing(scene.database, scene.clock, cases)
    return AtTheDesk(Facts(cases), Fixes(cases, extract_by_rule), missing)


def with_builder(scene: Scene, builder: Broken) -> Replay:
    walks = Walks(scene.database, scene.clock, scene.library, builder)
    intake = Intake(scene.database, scene.clock, scene.library, walks)
    return Replay(
        Through(
            intake=intake,
            walks=walks,
            escalations=scene.escalations,
            users=Users(scene.database, scene.clock),
            drafting=drafting(scene),
            desk=at_the_desk(scene),
        )
    )


BUILD = "rfl1: 1\nintake: {problem: the printer shows offline and nothing prints, force_build: true}\n"


@pytest.mark.parametrize(
    ("chosen", "times", "status", "failures"),
    [
        ("", 1, "active", 1),
        ("on_failure: retry\n", RETRIES, "active", 0),
        ("on_failure: playbook\n", 99, "active", 0),
        ("on_failure: retry\n", RETRIES + 1, "active", 1),
        ("on_failure: notes\nnotes: [went on by hand]\n", 99, "active", 0),
        ("on_failure: escalate\n", 99, "escalated", 0),
    ],
)
async def test_what_the_script_chooses_when_no_node_can_be_made(
    scene: Scene, tmp_path: Path, *, chosen: str, times: int, status: str, failures: int
) -> None:
    result, _ = await run(scene, BUILD + chosen, tmp_path, with_builder(scene, Broken(times)))
    assert (result.status, len(result.failures)) == (status, failures), result.failures
    if failures:
        assert "the line is down" in result.failures[0].got


async def test_trouble_with_the_store_ends_the_whole_replay(
    scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_self: Database) -> object:
        raise StoreUnreachable("gone")

    path = tmp_path / "call.yaml"
    path.write_text(LIFE)
    monkeypatch.setattr(Database, "faults", gone)
    with pytest.raises(StoreUnreachable):
        await through(scene).run_all(
            scene.team.tech, list(scripts_of(path)) * 3, workers=2, tell=lambda _: None, done=lambda _: None
        )


async def test_no_more_scripts_are_read_than_are_under_way(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "call.yaml"
    path.write_text(LIFE)
    [script] = scripts_of(path)
    read, finished, most = 0, 0, 0

    def scripts() -> Iterator[Any]:
        nonlocal read, most
        for _ in range(20):
            read += 1
            most = max(most, read - finished)
            yield script

    def done(_result: Result) -> None:
        nonlocal finished
        finished += 1

    await through(scene).run_all(scene.team.tech, scripts(), workers=3, tell=lambda _: None, done=done)
    assert (finished, most) == (20, 3)


async def _wander(scene: Scene, chance: random.Random) -> Walk:
    """A call as it may go: forwards, back, notes, turned to notes or not, ended or not."""
    who = scene.team.tech
    walk = await (scene.start_flow() if chance.random() < 0.7 else scene.build())
    for _ in range(chance.randrange(18)):
        scene.clock.forward(seconds=3)
        if chance.random() < 0.3 and walk.steps:
            walk = await scene.walks.back(who, walk)
        elif chance.random() < 0.15:
            walk = await scene.walks.save_note(who, walk, uuid4(), f"note {chance.random()}: yes, #1")
        else:
            walk = await _forward(scene, walk, chance)
    match chance.randrange(5):
        case 0:
            return await scene.walks.resolve(who, walk, helpful=chance.random() < 0.5, notes="done: all\nof it")
        case 1:
            return await scene.walks.escalate(who, walk, category="other", reason="'quoted' - {odd}", how="warm")
        case 2:
            return await scene.walks.pause(who, walk)
        case 3:
            return await scene.walks.to_notes(who, walk)
        case _:
            return walk


async def _forward(scene: Scene, walk: Walk, chance: random.Random) -> Walk:
    assert walk.pending is not None
    replies: list[Any] = []
    match walk.pending.node:
        case Question(answers=answers) as node:
            replies = [Choose(index) for index in range(len(answers))]
            if node.unsure is not None or walk.kind == "ai_build":
                replies.append(CannotTell())
        case Instruction() | Link():
            replies = [Acknowledge()]
        case Input():
            replies = [Enter("AB1234")]
        case Verify():
            replies = [Verified("manager_approval", "rang: her boss"), RedFlag("odd: voice"), RedFlag("")]
        case Outcome():
            return walk
    note = chance.choice([None, None, "a note", "two\nlines: of it"])
    return await scene.walks.answer(scene.team.tech, walk, chance.choice(replies), note=note)


def _path(walk: Walk) -> list[Any]:
    return [(each.pending.node, each.answer, each.answer_label, each.note, each.taken_back) for each in walk.path]


@pytest.mark.parametrize("seed", range(40))
async def test_a_record_walks_the_same_path_again(scene: Scene, tmp_path: Path, seed: int) -> None:
    walk = await _wander(scene, random.Random(seed))  # noqa: S311
    text = recorded_script(walk)
    result, _ = await run(scene, text, tmp_path)
    assert result.ok, (text, result.failures)
    assert result.session_id is not None
    again = await scene.walks.open(scene.team.tech, result.session_id)
    assert _path(again) == _path(walk), text
    assert sorted(each.text for each in again.notes) == sorted(each.text for each in walk.notes)
    assert (again.status, again.free_notes, again.verified) == (walk.status, walk.free_notes, walk.verified)
    shown = None if walk.pending is None else walk.pending.node
    assert (None if again.pending is None else again.pending.node) == shown


async def test_a_call_born_escalated_and_resolved_by_an_engineer_is_recorded(scene: Scene, tmp_path: Path) -> None:
    at_once = "rfl1: 1\nintake: {problem: x, at_once: true}\nescalate: {category: other, reason: r}\n"
    result, _ = await run(scene, at_once + "then: [{as: olga, resolve: {helpful: true, notes: n}}]\n", tmp_path)
    assert result.ok, result.failures
    assert result.session_id is not None
    text = recorded_script(await scene.walks.open(scene.team.tech, result.session_id))
    assert {"intake", "escalate", "then"} <= set(yaml.safe_load(text))


async def test_a_record_of_hostile_words_is_a_script_all_the_same(scene: Scene, tmp_path: Path) -> None:
    walk = await scene.start_flow()
    words = "null: ~ \x00 \ud800 \x1b[31m \u202e # - {a} 'b' \"c\" \r\n\t &x *y !z \u2028 \x85 %"
    walk = replace(await scene.answer(walk, Choose(0)), problem_text=words, customer="null", contact="1.10")
    result, _ = await run(scene, recorded_script(walk), tmp_path)
    assert result.ok, result.failures
    assert result.session_id is not None
    again = await scene.walks.open(scene.team.tech, result.session_id)
    assert again.problem_text == words.replace("\x00", "\ufffd").replace("\ud800", "\ufffd")
    assert (again.customer, again.contact) == ("null", "1.10")


async def test_a_walked_proposal_cannot_be_recorded(scene: Scene) -> None:
    walk = replace(await scene.start_flow(), kind="proposal", flow=None)
    with pytest.raises(Refused):
        recorded_script(walk)
