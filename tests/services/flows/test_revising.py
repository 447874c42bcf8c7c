"""A flow as a text: begun, looked at when it comes back, stored as a version of its own or not at all."""

from collections.abc import AsyncIterator

import pytest

from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.fixes.cases import Cases
from services.fixes.missing import Missing
from services.flows.format import flow_to_yaml
from services.flows.revising import Revising
from services.walks.model import Choose
from tests.services.making import flow
from tests.services.people import HOSTILE
from tests.services.walks.scene import LIFE, Scene, as_file


@pytest.fixture
async def scene(migrated_url: str) -> AsyncIterator[Scene]:
    set_up = await Scene.set(migrated_url)
    yield set_up
    await set_up.database.dispose()


@pytest.fixture
def missing(scene: Scene) -> Missing:
    return Missing(scene.database, scene.clock, Cases(scene.database, scene.clock, scene.library))


@pytest.fixture
def revising(scene: Scene, missing: Missing) -> Revising:
    return Revising(scene.database, scene.library, missing)


async def test_what_was_begun_comes_back_as_what_is_there(scene: Scene, revising: Revising) -> None:
    begun = await revising.begin(scene.team.engineer, "life")
    assert (begun.slug, begun.number) == ("life", 1)
    seen = await revising.look(scene.team.engineer, "life", 1, begun.text)
    assert seen.file is not None
    assert seen.file.flow == LIFE
    assert (seen.faults, seen.stubs, seen.same) == ((), (), True)
    assert seen.difference is not None
    assert seen.difference.nothing


async def test_what_was_missing_stands_at_the_head_for_whoever_writes(
    scene: Scene, missing: Missing, revising: Revising
) -> None:
    walk = await scene.answer(await scene.start_flow(), Choose(1))
    walk = await scene.walks.escalate(scene.team.tech, walk, category="other", reason="Stuck.")
    await missing.ask(scene.team.engineer, walk, f"Which\nphone? {HOSTILE}")
    begun = await revising.begin(scene.team.engineer, "life")
    head = [line for line in begun.text.splitlines() if line.startswith("#")]
    assert head[-1].startswith("# Missing at who, says emil: Which phone? [red]x[/]")
    seen = await revising.look(scene.team.engineer, "life", 1, begun.text)
    assert seen.same


async def test_a_change_is_looked_at_and_stored_as_a_version(scene: Scene, revising: Revising) -> None:
    engineer = scene.team.engineer
    text = (await revising.begin(engineer, "life")).text.replace("Pass it on.", "Hand it over.")
    seen = await revising.look(engineer, "life", 1, text)
    assert seen.difference is not None
    assert [each.node for each in seen.difference.nodes] == ["up"]
    assert (await scene.library.show(engineer, "life")).number == 1
    done = await revising.store(engineer, seen, publish=False)
    assert (done.number, done.status) == (2, "draft")
    [listed] = [each for each in await scene.library.listed(engineer) if each.slug == "life"]
    assert (listed.number, listed.status, listed.waiting) == (1, "published", 2)
    drafted = await revising.begin(engineer, "life")
    assert (drafted.number, "Hand it over." in drafted.text) == (2, True)
    seen = await revising.look(engineer, "life", 2, drafted.text)
    assert seen.same
    assert seen.against is not None
    assert seen.against.number == 1
    assert seen.difference is not None
    assert not seen.difference.nothing
    done = await revising.store(engineer, seen, publish=True)
    assert (done.number, done.status, done.change) == (2, "published", "published")


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("next: cached", "next: nowhere"), 11, 'leads to "nowhere"'),
        (("slug: life", "slug: other"), 3, 'this is the flow life; "other" would be another one'),
        (("type: question", "type: riddle"), 12, "riddle"),
        (("nodes:", "nodes: ["), None, "line "),
    ],
)
async def test_every_mistake_is_told_with_its_line(
    scene: Scene, revising: Revising, change: tuple[str, str], line: int | None, says: str
) -> None:
    text = (await revising.begin(scene.team.engineer, "life")).text.replace(*change, 1)
    seen = await revising.look(scene.team.engineer, "life", 1, text)
    assert says in seen.faults[0]
    assert line is None or seen.faults[0].startswith(f"line {line}: "), seen.faults
    with pytest.raises(Invalid):
        await revising.store(scene.team.engineer, seen, publish=False)


async def test_a_stub_holds_back_publishing_only(scene: Scene, revising: Revising) -> None:
    engineer = scene.team.engineer
    text = (await revising.begin(engineer, "life")).text.replace(
        "text: Pass it on.", "text: Pass it on.\n    needs_review: true"
    )
    seen = await revising.look(engineer, "life", 1, text)
    assert (seen.faults, len(seen.stubs)) == ((), 1)
    with pytest.raises(Invalid, match="nobody has filled in"):
        await revising.store(engineer, seen, publish=True)
    assert (await revising.store(engineer, seen, publish=False)).status == "draft"


async def test_nothing_that_somebody_else_has_written_is_overwritten_silently(scene: Scene, revising: Revising) -> None:
    engineer, admin = scene.team.engineer, scene.team.admin
    mine = (await revising.begin(engineer, "life")).text.replace("Pass it on.", "Mine.")
    theirs = (await revising.begin(admin, "life")).text.replace("Pass it on.", "Theirs.")
    await revising.store(admin, await revising.look(admin, "life", 1, theirs), publish=True)
    with pytest.raises(Conflict, match="ada has written v2") as conflict:
        await revising.store(engineer, await revising.look(engineer, "life", 1, mine), publish=True)
    assert conflict.value.by == "ada"
    seen = await revising.look(engineer, "life", 2, mine)
    assert seen.newest is not None
    assert seen.newest.number == 2
    assert (await revising.store(engineer, seen, publish=True)).number == 3


async def test_a_new_flow_needs_a_slug_of_its_own(scene: Scene, revising: Revising) -> None:
    engineer = scene.team.engineer
    begun = revising.new()
    seen = await revising.look(engineer, begun.slug, begun.number, begun.text)
    assert (seen.faults, seen.difference, seen.newest) == ((), None, None)
    taken = await revising.look(engineer, "", 0, flow_to_yaml(LIFE))
    assert "there is a flow life already" in taken.faults[0]
    assert (await revising.store(engineer, seen, publish=True)).number == 1
    again = await revising.look(engineer, "", 0, begun.text)
    assert "there is a flow what-it-is-called already" in again.faults[0]


async def test_who_may_not_publish_may_not_begin_either(scene: Scene, revising: Revising) -> None:
    for attempt in (revising.begin(scene.team.tech, "life"), revising.look(scene.team.tech, "life", 1, "")):
        with pytest.raises(NotAllowed):
            await attempt
    with pytest.raises(NotFound):
        await revising.begin(scene.team.their_owner, "life")


@pytest.mark.parametrize("text", ["", "\x00", HOSTILE, "[" * 5000, "a: &b [*b]", "x" * 2_000_001], ids=range(6))
async def test_whatever_comes_back_is_looked_at(scene: Scene, revising: Revising, text: str) -> None:
    seen = await revising.look(scene.team.engineer, "life", 1, text)
    assert seen.file is None
    assert seen.faults


async def test_a_flow_that_others_link_to_is_looked_at_with_them(scene: Scene, revising: Revising) -> None:
    await scene.library.bring_in(scene.team.owner, [as_file(flow(links="life"))])
    seen = await revising.look(scene.team.engineer, "printer", 1, flow_to_yaml(flow(links="nobody")))
    assert '"nobody"' in seen.faults[0]
