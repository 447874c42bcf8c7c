"""How a call ends, from whatever screen: the form, filled in with what is known, and the sentence afterwards."""

from typing import TYPE_CHECKING

from screens.escalate import EscalateScreen
from screens.hand_back import HandBackScreen
from screens.live import LiveWalk
from screens.page import Desk
from screens.resolve import ResolveScreen
from screens.text import one_line
from services.flows.nodes import Outcome
from services.walks.model import HandOver, Walk
from services.walks.writebacks import Writeback

if TYPE_CHECKING:
    from services.drafting.service import Drafting
    from services.team.settings import AccountSettings
    from services.walks.escalations import Escalations
    from services.walks.service import Walks
    from services.walks.settling import Settlement

_NAMED = 40
"""Characters of a problem that tell one call from another."""


def resolving(desk: Desk, walks: "Walks", drafting: "Drafting", live: LiveWalk) -> ResolveScreen:
    """The form for `Walks.resolve`; the text of a good outcome is a first draft of the notes."""

    async def resolve(helpful: bool, notes: str, fix: "Settlement | None", log_time: bool | None) -> Walk:
        return await live.change(
            lambda walk: walks.resolve(desk.actor, walk, helpful=helpful, notes=notes, fix=fix, log_time=log_time)
        )

    node = _outcome(live.walk, "resolved")
    time = lambda: walks.time_to_log(desk.actor, live.walk)  # noqa: E731
    return ResolveScreen(desk, live.walk, resolve, drafting, time, notes=_begun(node))


def escalating(
    desk: Desk, walks: "Walks", settings: "AccountSettings", drafting: "Drafting", live: LiveWalk
) -> EscalateScreen:
    """The form for `Walks.escalate`; an outcome that says to escalate fills it in."""

    async def escalate(category: str, reason: str, how: HandOver | None) -> Walk:
        return await live.change(
            lambda walk: walks.escalate(desk.actor, walk, category=category, reason=reason, how=how)
        )

    walk = live.walk
    node = _outcome(walk, "escalate")
    category = (node.reason_category if node else None) or ("exhausted_safe_steps" if walk.steps else None)
    draft, reason = desk.drafts.closing(walk.id), _begun(node)
    return EscalateScreen(
        desk, settings, draft, escalate, walk=walk, category=category, reason=reason, drafting=drafting
    )


def handing_back(desk: Desk, escalations: "Escalations", live: LiveWalk) -> HandBackScreen:
    """The form for `Escalations.hand_back`."""

    async def hand_back(instruction: str) -> Walk:
        return await live.change(lambda walk: escalations.hand_back(desk.actor, walk, instruction))

    return HandBackScreen(desk, live.walk, hand_back)


def said(walk: Walk, *, elsewhere: bool = False) -> str:
    """What to tell once it is over; `elsewhere`, over another call, with what it was about."""
    told, about = _said(walk), one_line(walk.problem_text)
    if not elsewhere:
        return told
    return f"“{about if len(about) <= _NAMED else about[:_NAMED].rstrip() + '…'}”: {told}"


def _said(walk: Walk) -> str:
    last = walk.writebacks[-1] if walk.writebacks else None
    match walk.status:
        case _ if walk.awaits_psa:
            told = "It waits for the PSA, and is resolved as soon as its note is there."
        case _ if last is not None and last.state == "failed":
            told = f"Not in the PSA: {last.why}"
        case "resolved":
            told = f"Resolved.{_at_psa(last)}"
        case "escalated":
            told = f"Escalated. Engineers are told.{_at_psa(last)}"
        case "paused":
            told = "Paused. It waits under In progress."
        case "active":
            told = f"Handed back to {walk.technician.name}."
        case _:
            told = f"The call is {walk.status} now."
    return walk.warning or told


def _at_psa(last: Writeback | None) -> str:
    if last is None:
        return ""
    if last.state == "waiting":
        return " Its note waits for the PSA."
    read_back = f', the status "{last.status_name}" was read back' if last.state == "verified" else ""
    return f" The note is in the PSA{read_back or ', its status was left alone'}."


def _begun(node: Outcome | None) -> str:
    """What the flow says, and a line of one's own to go on with."""
    return f"{node.text}\n" if node else ""


def _outcome(walk: Walk, result: str) -> Outcome | None:
    node = None if walk.pending is None else walk.pending.node
    return node if isinstance(node, Outcome) and node.result == result else None
