"""Past calls: by words, person, ticket and ending, of one's own account."""

import pytest

from services.errors import Refused
from services.intake.model import AdHoc, AdHocStarted, Call
from services.walks.model import Walk
from services.walks.past import Past
from tests.services.walks.scene import Scene


async def taken(scene: Scene, problem: str, ticket: str | None = None, *, by_second: bool = False) -> Walk:
    scene.clock.forward(seconds=60)
    actor = scene.team.second if by_second else scene.team.tech
    begun = await scene.intake.take(actor, Call(problem=problem, customer="Ärzte", psa_ticket=ticket), AdHoc())
    assert isinstance(begun, AdHocStarted)
    return begun.walk


async def found(scene: Scene, words: str = "", **narrowed: str) -> list[str]:
    listed = await Past(scene.database).listed(scene.team.engineer, words=words, **narrowed)  # type: ignore[arg-type]
    return [each.problem for each in listed]


async def test_what_has_ended_is_found_by_its_words_its_person_and_its_ticket(scene: Scene) -> None:
    walks, tech = scene.walks, scene.team.tech
    await walks.resolve(tech, await taken(scene, "the printer jams"), helpful=True, notes="")
    await walks.abandon(scene.team.second, await taken(scene, "100% of the tines are bent", by_second=True))
    await walks.escalate(tech, await taken(scene, "no VPN", "4711"), category="other", reason="Stuck")
    await taken(scene, "under way")
    assert await found(scene) == ["no VPN", "100% of the tines are bent", "the printer jams"]
    assert await found(scene, "ÄRZTE PRINT") == ["the printer jams"]
    assert await found(scene, "100%") == ["100% of the tines are bent"]
    assert await found(scene, "#4711") == await found(scene, "4711") == ["no VPN"]
    assert await found(scene, "tom") == ["100% of the tines are bent"]
    assert await found(scene, "tin") == ["no VPN", "100% of the tines are bent", "the printer jams"]
    assert await found(scene, "tina vpn") == ["no VPN"]
    assert await found(scene, "nothing") == []
    assert await found(scene, status="escalated") == ["no VPN"]
    assert await found(scene, "tina", status="resolved") == ["the printer jams"]


async def test_calls_of_another_account_are_not_found(scene: Scene) -> None:
    begun = await scene.intake.take(scene.team.their_tech, Call(problem="theirs"), AdHoc())
    assert isinstance(begun, AdHocStarted)
    await scene.walks.abandon(scene.team.their_tech, begun.walk)
    assert await found(scene) == []
    assert await found(scene, "tina theirs") == []


async def test_more_words_than_a_store_looks_for_are_refused(scene: Scene) -> None:
    with pytest.raises(Refused, match="too much"):
        await found(scene, "a " * 51)
