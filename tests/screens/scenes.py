"""The screens that people look at most, one after the other, each in a state that shows what it is for."""

from collections.abc import Callable
from typing import TypeAlias

from rfl1.compose import Services
from services.intake.model import AdHoc, Call, EscalateAtOnce, Matched, TakeFlow
from services.walks.model import Choose
from tests.services.people import ManualClock, Team
from tests.stage import Stage, stage

Show: TypeAlias = Callable[[str, Stage], None]
"""Is given each scene: its name, and the app."""


async def play(services: Services, team: Team, clock: ManualClock, size: tuple[int, int], show: Show) -> None:
    """On a store with a library and no session yet. Time passes only between the scenes."""
    async with stage(services, team.tech, size) as on:
        show("welcome", on)
        await _others(services, team, clock)
        await on.press("f5")
        show("queue", on)
        await _walk(on, clock, show)
    async with stage(services, team.engineer, size) as on:
        show("escalations", on)
        await on.press("enter")
        show("session", on)
        await on.press("h")
        await on.paste("Ask which door the badge opened last.")
        show("hand-back", on)
        await on.press("ctrl+g", "f1")
        show("help", on)


async def _others(services: Services, team: Team, clock: ManualClock) -> None:
    """What colleagues have on their desks."""
    away = Call(problem="Monitors stay black at the dock", customer="Northwind", contact="555-0199")
    outcome = await services.intake.take(team.second, away, TakeFlow("printer-offline"))
    assert isinstance(outcome, Matched)
    await services.walks.answer(team.second, outcome.walk, Choose(1), note="amber light")
    clock.forward(hours=1)
    phished = Call(problem="I typed my password into a strange page", customer="Contoso")
    wish = EscalateAtOnce("suspected_security", "Password given away; mail goes out by itself.", "warm")
    await services.intake.take(team.second, phished, wish)
    clock.forward(hours=3)
    coffee = Call(problem="The badge reader at the side door blinks red and lets nobody in", customer="Fabrikam")
    await services.intake.take(team.second, coffee, AdHoc())
    clock.forward(seconds=400)


async def _walk(on: Stage, clock: ManualClock, show: Show) -> None:
    await on.press("n")
    await on.paste("she forgot her password and cannot sign in")
    await on.press("tab")
    await on.paste("Acme")
    await on.sees("Forgotten password")
    show("intake", on)
    await on.press("alt+1")
    show("question", on)
    clock.forward(seconds=40)
    await on.press("o")
    await on.paste("in German")
    await on.press("enter", "1")
    clock.forward(seconds=20)
    await on.press("enter", "1")
    show("verify", on)
    await on.press("1", "enter")
    show("refused", on)
    await on.paste("rang back on 555-0100, she answered")
    clock.forward(seconds=70)
    await on.press("enter")
    show("instruction", on)
    await on.press("enter")
    show("confirm", on)
    clock.forward(seconds=30)
    await on.press("enter", "t")
    await on.paste("They read the new password back.")
    await on.press("ctrl+g")
    show("notes", on)
    await on.press("escape", "e")
    show("escalate", on)
    await on.press("escape", "2", "r")
    show("resolve", on)
    await on.press("ctrl+g")
    show("resolved", on)
    await on.press("n")
    await on.paste("the printer")
    await on.sees("Printer offline")
    await on.press("ctrl+q")
    show("quit", on)
