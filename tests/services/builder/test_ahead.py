"""What is prepared while a node is read: paid for once, served once, thrown away in time."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from services.access import Actor
from services.builder.ahead import MOST_AT_ONCE, Ahead
from services.builder.protocol import BuildContext, BuildFailed, Built, Show, Taken
from services.flows.nodes import Instruction

ACTOR = Actor(uuid4(), uuid4(), "tina", "l1_tech", False)
HERE = BuildContext(session_id=uuid4(), category="printer", problem="printer offline", steps=(), actor=ACTOR)


def after(answer: str, note: str | None = None) -> BuildContext:
    return replace(HERE, steps=(Taken(Instruction(text="Look.", next=""), "model", answer, answer, note),))


class Slow:
    """A builder that waits to be told, and knows what it was asked."""

    def __init__(self) -> None:
        self.asked: list[BuildContext] = []
        self.go = asyncio.Event()
        self.fails = False

    def at_hand(self, context: BuildContext) -> Built | None:
        return None

    async def build(self, context: BuildContext, show: Show | None) -> Built:
        self.asked.append(context)
        if show is not None:
            show("Restart")
        await self.go.wait()
        if self.fails:
            raise BuildFailed("the line is down")
        return Built(Instruction(text=f"Restart the {len(context.steps)}th thing.", next=""), "model")


@pytest.fixture
def slow() -> Slow:
    return Slow()


async def test_what_was_prepared_is_served_without_a_second_call(slow: Slow) -> None:
    ahead = Ahead(slow)
    ahead.prepare(HERE.session_id, [after("1"), after("2")])
    await asyncio.sleep(0)
    assert ahead.ready(after("1")) is None
    slow.go.set()
    await asyncio.sleep(0.01)
    assert ahead.ready(after("1")) is not None
    assert ahead.ready(after("1", note="but it smells")) is None
    assert ahead.ready(replace(after("1"), session_id=uuid4())) is None
    ahead.prepare(HERE.session_id, [after("1"), after("2")])
    assert len(slow.asked) == 2
    await ahead.close()


async def test_who_comes_too_early_waits_for_the_call_under_way_and_sees_it_written(slow: Slow) -> None:
    ahead = Ahead(slow)
    ahead.prepare(HERE.session_id, [after("1"), after("2")])
    await asyncio.sleep(0)
    ahead.keep(after("1"))
    seen: list[str] = []
    coming = asyncio.create_task(ahead.coming(after("1"), seen.append))
    await asyncio.sleep(0)
    assert seen == ["Restart"]
    slow.go.set()
    assert await coming is not None
    assert await ahead.coming(after("2"), None) is None
    assert len(slow.asked) == 2
    await ahead.close()


async def test_what_failed_under_way_is_said_and_asked_again_when_wanted_again(slow: Slow) -> None:
    ahead, slow.fails = Ahead(slow), True
    ahead.prepare(HERE.session_id, [after("1"), after("2")])
    coming = asyncio.create_task(ahead.coming(after("1"), None))
    await asyncio.sleep(0)
    slow.go.set()
    with pytest.raises(BuildFailed):
        await coming
    assert ahead.ready(after("2")) is None
    assert await ahead.coming(after("1"), None) is None
    assert await ahead.coming(after("2"), None) is None
    await ahead.close()


async def test_what_is_not_wanted_any_more_is_stopped(slow: Slow) -> None:
    ahead, other = Ahead(slow), replace(after("1"), session_id=uuid4())
    ahead.prepare(other.session_id, [other])
    ahead.prepare(HERE.session_id, [after(str(n)) for n in range(9)])
    await asyncio.sleep(0)
    assert len(slow.asked) == 1 + MOST_AT_ONCE
    ahead.forget(HERE.session_id)
    slow.go.set()
    await asyncio.sleep(0.01)
    assert [ahead.ready(after(str(n))) for n in range(9)] == [None] * 9
    assert ahead.ready(other) is not None
    await ahead.close()
