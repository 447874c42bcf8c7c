"""Which calls may be passed on, how, and what stands of an escalation before."""

import pytest

from services.errors import Refused
from services.walks.model import HandOver, Walk
from tests.services.walks.scene import Scene


async def escalated(scene: Scene, walk: Walk, how: HandOver | None = None) -> Walk:
    return await scene.walks.escalate(scene.team.tech, walk, category="other", reason="no rights", how=how)


async def test_a_way_of_handing_over_that_there_is_not_is_refused(scene: Scene) -> None:
    begun = await scene.start_flow()
    with pytest.raises(Refused, match="'tepid' is no way of handing over"):
        await escalated(scene, begun, how="tepid")  # type: ignore[arg-type]  # as a script may send it
    assert await scene.walks.open(scene.team.tech, begun.id) == begun


async def test_what_an_engineer_is_asked_for_already_is_not_escalated_again(scene: Scene) -> None:
    walk = await escalated(scene, await scene.start_flow())
    with pytest.raises(Refused, match="the call is escalated"):
        await scene.walks.escalate(scene.team.tech, walk, category="needs_access", reason="and now")
    assert await scene.walks.open(scene.team.tech, walk.id) == walk


async def test_a_call_escalated_once_more_is_anybodys_to_claim(scene: Scene) -> None:
    walk = await scene.escalations.claim(scene.team.engineer, await escalated(scene, await scene.start_flow()))
    walk = await scene.walks.resolve(scene.team.engineer, walk, helpful=True, notes="")
    assert walk.claim is not None
    walk = await escalated(scene, walk)
    assert walk.claim is None
    claimed = await scene.escalations.claim(scene.team.covering, walk)
    assert claimed.claim is not None
    assert claimed.claim.by.name == "cora"
