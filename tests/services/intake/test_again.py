"""Whoever takes a call is told that the caller had the same trouble lately, on both databases."""

from datetime import timedelta

import pytest

from services.intake.model import AdHoc, Call
from tests.services.walks.scene import Scene

BEFORE = "the printer in the back office shows offline"


async def taken(scene: Scene) -> None:
    call = Call(problem=BEFORE, customer="Acme", contact="555-0100")
    await scene.intake.take(scene.team.tech, call, AdHoc())


@pytest.mark.parametrize(
    ("text", "customer", "contact", "found"),
    [
        ("printer offline again", "Acme", "555-0100", True),
        ("printer offline again", "", "555-0100", True),
        ("printer offline again", "Acme", "", True),
        ("printer offline again", "Acme", "555-0199", False),
        ("printer offline again", "Other", "", False),
        ("printer offline again", "", "", False),
        ("outlook wants my password", "Acme", "555-0100", False),
    ],
)
async def test_the_same_caller_with_the_same_trouble(
    scene: Scene, text: str, customer: str, contact: str, found: bool
) -> None:
    await taken(scene)
    matching = await scene.intake.match(scene.team.second, text, customer=customer, contact=contact)
    assert (matching.again is not None and matching.again.problem == BEFORE) == found


async def test_what_is_older_than_two_weeks_is_another_matter(scene: Scene) -> None:
    await taken(scene)
    scene.clock.now += timedelta(days=15)
    matching = await scene.intake.match(scene.team.second, "printer offline again", contact="555-0100")
    assert matching.again is None
