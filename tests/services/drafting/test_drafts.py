"""Drafts: only what the records say, once for each state, by the template wherever a model will not do."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ai.sdk import Way
from services.ai.speaker import Speaker
from services.ai.spending import Spending
from services.drafting.check import claims, mistakes
from services.drafting.model import SECTIONS, DraftKind
from services.drafting.service import Drafting
from services.drafting.template import rendered
from services.drafting.writer import Writer, records
from services.walks.model import Acknowledge, Choose, Verified, Walk
from tests.model_server import Fail, ModelServer, Say, model_server
from tests.services.people import HOSTILE
from tests.services.walks.scene import Scene

NOTE = (
    "## Problem\nIt asks again.\n## What we confirmed\n- Seen.\n## Root cause\nNot established.\n## Resolution\nDone.\n"
)
PACKAGE = (
    "## Problem\nIt asks again.\n## What we confirmed\n- Seen.\n## What we tried\n- Cleared it.\n"
    "## Current hypothesis\nNone.\n## Suggested next steps\n- Look at the logs.\n"
)


@pytest.fixture
async def model() -> AsyncIterator[ModelServer]:
    async with model_server() as server:
        yield server


@pytest.fixture
async def drafting(scene: Scene, model: ModelServer) -> AsyncIterator[Callable[[], Drafting]]:
    """Each one a terminal of its own."""
    spending = Spending(scene.database, scene.clock)
    speaker = Speaker(Way(api_key="k", base_url=model.url), spending, scene.clock)
    yield lambda: Drafting(scene.database, scene.clock, Writer(speaker, "claude-sonnet-5-5"))
    await speaker.close()
    await spending.close()


async def walked(scene: Scene) -> Walk:
    walk = await scene.start_flow()
    return await scene.answer(walk, Choose(0), Acknowledge())


@pytest.mark.parametrize("kind", SECTIONS)
async def test_without_a_model_the_records_are_put_in_order(scene: Scene, kind: DraftKind) -> None:
    walk = await walked(scene)
    drafting = Drafting(scene.database, scene.clock, None)
    draft = await drafting.draft(scene.team.tech, walk, kind)
    assert draft.by == "template"
    assert mistakes(draft.markdown, kind, records(walk)) == []
    for step in walk.steps:
        if kind == "escalation_package":
            assert step.pending.node.text in draft.markdown
    assert await drafting.draft(scene.team.tech, walk, kind) == draft


async def test_what_is_noted_for_colleagues_is_not_shown_to_the_customer(scene: Scene) -> None:
    walk = await scene.start_flow()
    walk = await scene.walks.note_step(scene.team.tech, walk, "she is cross")
    walk = await scene.answer(walk, Choose(0))
    walk = await scene.walks.note_step(scene.team.tech, walk, "third time this week")
    walk = await scene.answer(walk, Acknowledge())
    assert [step.note for step in walk.steps] == ["she is cross", "third time this week"]
    note, package = rendered(walk, "resolution_note"), rendered(walk, "escalation_package")
    for said in ("she is cross", "third time this week"):
        assert said in package
        assert said not in note


async def test_a_second_look_pays_nothing_and_a_change_makes_a_new_one(
    scene: Scene, model: ModelServer, drafting: Callable[[], Drafting]
) -> None:
    walk, one, other = await walked(scene), drafting(), drafting()
    model.otherwise = lambda _: Say(NOTE)
    first = await one.draft(scene.team.tech, walk, "resolution_note")
    assert (first.by, first.markdown) == ("model", NOTE)
    assert await other.draft(scene.team.second, walk, "resolution_note") == first
    assert len(model.requests) == 1
    model.script = [Say(PACKAGE)]
    scene.clock.forward(seconds=1)
    await one.draft(scene.team.tech, walk, "escalation_package")
    scene.clock.forward(seconds=1)
    moved = await scene.walks.note_step(scene.team.tech, walk, "it is warm")
    await one.draft(scene.team.tech, moved, "resolution_note")
    assert len(model.requests) == 3
    assert [draft.kind for draft in await one.listed(scene.team.tech, walk.id)] == [
        "resolution_note",
        "escalation_package",
        "resolution_note",
    ]


async def test_two_looks_at_once_pay_once(scene: Scene, model: ModelServer, drafting: Callable[[], Drafting]) -> None:
    walk, one = await walked(scene), drafting()
    model.otherwise = lambda _: Say(NOTE, first=0.1, whole=0.2)
    looks = (one.draft(scene.team.tech, walk, "resolution_note") for _ in range(3))
    assert len(set(await asyncio.gather(*looks))) == 1
    assert len(model.requests) == 1


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (NOTE.replace("Done.", "Restarted SRV-DC01."), "SRV-DC01"),
        (NOTE.replace("Done.", "It took 45 minutes."), "45"),
        (NOTE.replace("Done.", "Ran `sfc /scannow`."), "sfc /scannow"),
        (NOTE.replace("Done.", "Ran gpupdate /force."), "gpupdate /force"),
        (NOTE.replace("Done.", "Ran Restart-Service on it."), "Restart-Service"),
        (NOTE.replace("Done.", "Set mail.contoso.com."), "mail.contoso.com"),
        (NOTE.replace("## Root cause\n", ""), "sections"),
        ("Sure, here is the note:", "sections"),
    ],
)
async def test_what_the_records_do_not_say_is_not_shown(
    scene: Scene, model: ModelServer, drafting: Callable[[], Drafting], written: str, reason: str
) -> None:
    walk, one = await walked(scene), drafting()
    model.script = [Say(written)]
    draft = await one.draft(scene.team.tech, walk, "resolution_note")
    assert draft.by == "template"
    assert reason in draft.reason
    assert draft.markdown == rendered(walk, "resolution_note")


async def test_where_the_model_fails_the_template_stands_in_and_the_model_is_asked_again_later(
    scene: Scene, model: ModelServer, drafting: Callable[[], Drafting]
) -> None:
    walk, one = await walked(scene), drafting()
    model.script = [Fail(401, "authentication_error", "invalid key"), Say(NOTE)]
    draft = await one.draft(scene.team.tech, walk, "resolution_note")
    assert (draft.by, "turned the call down" in draft.reason) == ("template", True)
    assert (await one.draft(scene.team.tech, walk, "resolution_note")).by == "model"


async def test_the_customer_does_not_read_how_they_were_proved(scene: Scene) -> None:
    walk = await scene.start_flow()
    walk = await scene.answer(walk, Choose(1))
    assert walk.pending is not None
    assert walk.pending.node.type == "verify"
    walk = await scene.answer(walk, Verified("manager_approval", "Ms Boss said the word"))
    assert "Ms Boss" not in rendered(walk, "resolution_note")
    assert "was proved" in rendered(walk, "resolution_note")
    assert "Ms Boss" in rendered(walk, "escalation_package")


async def test_wording_follows_how_the_call_ended(scene: Scene) -> None:
    walk = await walked(scene)
    failed = await scene.walks.resolve(scene.team.tech, walk, helpful=False, notes="They gave up.")
    note = rendered(failed, "resolution_note")
    assert "without what was tried having helped" in note
    assert "They gave up." in note


@pytest.mark.parametrize("kind", SECTIONS)
async def test_a_call_without_a_step_has_a_draft_too(scene: Scene, kind: DraftKind) -> None:
    walk = await scene.start_flow()
    assert mistakes(rendered(walk, kind), kind, records(walk)) == []


async def test_hostile_text_stays_text(scene: Scene) -> None:
    walk = await scene.start_flow()
    walk = await scene.walks.note_step(scene.team.tech, walk, HOSTILE.replace("\x00", ""))
    walk = await scene.answer(walk, Choose(0))
    for kind in SECTIONS:
        draft = await Drafting(scene.database, scene.clock, None).draft(scene.team.tech, walk, kind)
        assert [line for line in draft.markdown.splitlines() if line.startswith("## ")] == [
            f"## {heading}" for heading in SECTIONS[kind]
        ]


def test_claims_are_numbers_hosts_and_commands_and_no_words() -> None:
    text = (
        "1. Restarted `gpupdate /force` on LAPTOP-7Q2 at 14:05, error 0x80070005, see \\\\srv\\share and a.b.example."
    )
    assert claims(text) == ["gpupdate /force", "LAPTOP-7Q2", "14:05", "0x80070005", "\\\\srv\\share", "a.b.example"]
    assert claims("We restarted it, and it prints again. Well done - twice!") == []


@pytest.mark.parametrize(
    ("claim", "records", "said"),
    [
        ("20", "ring 555-010-2030", False),
        ("10", "since 10:30", False),
        ("2", "2. question: Is it on? -> Yes.", False),
        ("2", "2 of 3 lamps", True),
        ("4.5", "version 4.5.2", False),
        ("4.5.2", "version 4.5.2.", True),
        ("SRV-1", "SRV-12 is slow", False),
        ("SRV-12", "(SRV-12)", True),
    ],
)
def test_a_number_is_said_where_it_stands_by_itself(claim: str, records: str, said: bool) -> None:
    written = "\n".join(f"## {heading}\n{claim}" for heading in SECTIONS["resolution_note"])
    assert (mistakes(written, "resolution_note", records) == []) == said


@given(st.text(max_size=300))
def test_checking_never_fails(text: str) -> None:
    assert mistakes(text, "resolution_note", "")
