"""The ten most common kinds of call, from hello to closed: what is pressed, what is seen, what is stored after it."""

from rfl1.compose import Services
from screens.queue import QueueScreen
from screens.session import SessionScreen
from screens.walk import WalkScreen
from services.access import Actor
from services.walks.model import Choose, Note, Step, Walk
from tests.services.people import Team, audited
from tests.stage import Stage, stage


async def stored(services: Services, actor: Actor) -> Walk:
    """The newest session, as another terminal would read it."""
    newest = (await services.walks.listed(actor, limit=1))[0]
    return await services.walks.open(actor, newest.id)


def pressed(steps: tuple[Step, ...]) -> list[str]:
    return [step.answer_label for step in steps]


def texts(notes: tuple[Note, ...]) -> list[str]:
    return [note.text for note in notes]


async def take_first_match(on: Stage, problem: str, title: str) -> None:
    await on.press("n")
    await on.paste(problem)
    await on.sees(title)
    await on.press("down", "enter")
    on.page(WalkScreen)


async def test_a_forgotten_password_is_reset_once_the_caller_is_proved(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("she forgot her password")
        await on.sees("Forgotten password")
        await on.press("tab")
        await on.paste("Acme")
        await on.press("tab")
        await on.paste("555-0100")
        await on.press("alt+1")
        await on.sees("What does the sign-in say?", "1 Wrong password", "Acme, 555-0100")
        await on.press("1", "enter")
        await on.sees("Forgotten password › Who is calling", "Does anything feel wrong?")
        await on.press("1")
        await on.sees("A birth date proves nothing.", "1 Call back on the number on record")
        await on.press("1")
        await on.paste("rang back on 555-0100, she answered")
        await on.press("enter")
        await on.sees("Set a temporary password.", "The old password stops at once.")
        await on.press("enter")
        await on.sees("confirm", "Really do it?", "The old one cannot come back.")
        assert len((await stored(services, team.tech)).steps) == 4
        await on.press("enter")
        await on.sees("Can they sign in now?")
        await on.press("y")
        await on.sees("They signed in with the temporary password.")
        await on.press("enter", "ctrl+g")
        await on.sees("Resolved.")
        on.page(QueueScreen)

    walk = await stored(services, team.tech)
    assert (walk.status, walk.ticket.status, walk.verified) == ("resolved", "resolved", True)
    assert pressed(walk.steps) == [
        "Wrong password",
        "Done",
        "Nothing unusual",
        "Call back on the number on record: rang back on 555-0100, she answered",
        "Done",
        "Yes",
    ]
    assert walk.resolution is not None
    assert walk.resolution.helpful
    assert walk.resolution.notes == "They signed in with the temporary password."
    assert len(await audited(services.database, team.owner, "l1.session.resolve")) == 1


async def test_a_lockout_with_a_red_flag_goes_to_the_engineers(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "account is locked out", "Locked account")
        await on.sees("Make sure who is calling", "f Red flag")
        await on.press("f")
        await on.paste("refuses to be called back")
        await on.press("enter")
        await on.sees("Stop here", "enter e Escalate")
        await on.press("enter")
        await on.sees("Suspected security incident")
        await on.press("ctrl+g")
        await on.sees("Escalated. Engineers are told.")

    walk = await stored(services, team.tech)
    assert (walk.status, walk.ticket.status, walk.verified) == ("escalated", "escalated", False)
    assert walk.escalation is not None
    assert walk.escalation.category == "suspected_security"
    assert pressed(walk.steps) == ["Not proved: refuses to be called back"]
    assert "Unlock" not in str([step.pending.node.text for step in walk.path])


async def test_a_printer_call_is_paused_resumed_and_a_step_taken_back(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "printer is offline", "Printer offline")
        await on.press("o")
        await on.paste("second floor")
        await on.press("enter", "n")
        await on.sees("Switch the printer on.", "The light turns green.")
        await on.press("b")
        await on.sees("Is the green light on?")
        await on.press("p")
        await on.sees("Paused.", "In progress", "‖ paused")
        assert (await stored(services, team.tech)).status == "paused"
        await on.press("enter")
        await on.sees("Is the green light on?", "taken back")
        await on.press("1", "y", "enter", "ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert walk.status == "resolved"
    assert pressed(walk.steps) == ["Yes", "Yes"]
    assert [step.answer_label for step in walk.path if step.taken_back] == ["No"]
    assert walk.steps[0].note == "second floor"


async def test_outlook_is_walked_by_the_playbook_where_no_flow_fits(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("outlook does not open my mail")
        await on.sees("Outlook keeps asking for a password")
        await on.press("f8")
        await on.sees("AI-built, check before you act")
        first = (await stored(services, team.tech)).pending
        assert first is not None
        await on.press("u")
        await on.sees("› Can't tell")
        await on.press("r")
        await on.paste("It opened by itself.")
        await on.press("ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert (walk.kind, walk.status, walk.category) == ("ai_build", "resolved", "email_outlook_client")
    assert pressed(walk.steps) == ["Can't tell"]
    captured = await services.proposals.listed(team.owner)
    assert [(each.status, each.title) for each in captured] == [("pending", "outlook does not open my mail")]


async def test_a_wifi_call_without_a_flow_is_kept_as_free_notes(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("the wifi in the kitchen sings")
        await on.press("f6")
        await on.sees("Free notes")
        await on.press(*"router")
        await on.press("ctrl+g")
        await on.sees("tina")
        await on.paste("moved the access point")
        await on.until(lambda: not on.page(WalkScreen).unsaved, "the autosave")
        assert texts((await stored(services, team.tech)).notes) == ["router", "moved the access point"]
        await on.press("tab", "r")
        await on.paste("The access point stands on the shelf now.")
        await on.press("tab", "right", "ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert (walk.kind, walk.status, walk.path) == ("adhoc", "resolved", ())
    assert walk.resolution is not None
    assert (walk.resolution.helpful, walk.resolution.notes) == (False, "The access point stands on the shelf now.")


async def test_a_vpn_call_takes_an_error_code_after_nobody_can_tell(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "vpn does not connect", "VPN does not connect")
        await on.press("u")
        await on.sees("Read the error code.")
        await on.paste("abc")
        await on.press("enter")
        await on.sees("this does not look like error code", "abc")
        await on.press("backspace", "backspace", "backspace")
        await on.paste("691")
        await on.press("enter")
        await on.sees("Sign out of the client and in again.")
        await on.press("enter", "r", "ctrl+g")
        await on.sees("Resolved.")

    assert pressed((await stored(services, team.tech)).steps) == ["Can't tell", "691", "Done"]


async def test_a_colleague_takes_a_teams_call_over_and_the_first_one_sees_it(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "no sound in teams", "No sound in Teams")
    async with stage(services, team.second) as on:
        await on.sees("no sound in teams", "tina")
        await on.press("enter")
        on.page(SessionScreen)
        await on.sees("Technician tina", "enter resume or take over")
        await on.press("enter")
        await on.sees("Is the headset chosen in Teams?")
    assert (await stored(services, team.tech)).technician.name == "tom"

    async with stage(services, team.tech) as on:
        await on.sees("no sound in teams", "tom")
        await on.press("enter", "enter")
        await on.sees("Is the headset chosen in Teams?")
        late = on.page(WalkScreen).live.walk
        taken = await services.walks.take(team.second, late)
        await services.walks.answer(team.second, taken, Choose(0))
        await on.press("2")
        await on.sees("tom changed this call", "Technician tom", "› Yes")
        await on.press("enter")
        await on.sees("Unplug it and plug it in again.")
        await on.press("enter", "1", "enter", "ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert pressed(walk.steps) == ["Yes", "Done", "Yes"]
    assert [step.by.name for step in walk.steps] == ["tom", "tina", "tina"]
    assert len(await audited(services.database, team.owner, "l1.session.takeover")) == 4


async def test_a_broken_page_is_escalated_claimed_handed_back_and_solved(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "web page looks broken", "Web page looks wrong")
        await on.press("n", "e")
        await on.sees("Out of scope", "The site itself is broken.")
        await on.paste("Since noon, for everybody.")
        await on.press("tab", "tab", "right", "ctrl+g")
        await on.sees("Escalated.")
    async with stage(services, team.engineer) as on:
        await on.press("f4")
        await on.sees("web page looks broken", "○ nobody", "Escalated tina", "The site itself is broken.")
        await on.press("c")
        await on.sees("You have it.", "● you")
        await on.press("h")
        await on.paste("Ask which proxy is set.")
        await on.press("ctrl+g")
        await on.sees("Handed back to tina.", "Nothing waits for an engineer.")
    async with stage(services, team.tech) as on:
        await on.sees("In progress", "web page looks broken")
        await on.press("enter")
        await on.sees("From the engineer: Ask which proxy is set.", "The site itself is broken.")
        await on.press("b", "y", "enter", "r", "ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert (walk.status, walk.instruction) == ("resolved", "Ask which proxy is set.")
    assert walk.escalation is not None
    assert (walk.escalation.category, walk.escalation.how) == ("out_of_scope", "warm")
    assert walk.escalation.reason == "The site itself is broken.\nSince noon, for everybody."
    actions = ["l1.session.escalate", "l1.session.claim", "l1.session.hand_back", "l1.session.resolve"]
    assert [len(await audited(services.database, team.owner, action)) for action in actions] == [1, 1, 1, 1]


async def test_a_dock_call_goes_through_a_linked_flow_and_comes_back(services: Services, team: Team) -> None:
    async with stage(services, team.tech) as on:
        await take_first_match(on, "monitors stay black at the dock", "Screens at the dock stay black")
        await on.press("enter")
        await on.sees("Screens at the dock stay black › No sound in Teams", "Is the headset chosen in Teams?")
        await on.press("n", "enter", "y")
        await on.sees("Is the cable in?")
        await on.press("1", "r", "ctrl+g")
        await on.sees("Resolved.")

    walk = await stored(services, team.tech)
    assert pressed(walk.steps) == ["Done", "No", "Done", "Yes", "Yes"]


async def test_an_update_that_hangs_everywhere_is_escalated_at_once_and_resolved_by_an_engineer(
    services: Services, team: Team
) -> None:
    async with stage(services, team.tech) as on:
        await on.press("n")
        await on.paste("windows update hangs on all computers of the office")
        await on.press("f7")
        await on.sees("Outage, or many users")
        await on.paste("Forty people wait.")
        await on.press("tab", "down", "down", "down", "down", "down", "ctrl+g")
        await on.sees("Escalated. Engineers are told.")
        on.page(QueueScreen)
    walk = await stored(services, team.tech)
    assert (walk.kind, walk.status, walk.path) == ("adhoc", "escalated", ())
    assert walk.escalation is not None
    assert (walk.escalation.category, walk.escalation.reason) == ("outage_or_many_users", "Forty people wait.")
    assert len(await audited(services.database, team.owner, "l1.session.escalate_no_walk")) == 1

    async with stage(services, team.engineer) as on:
        await on.press("c", "r")
        await on.paste("The update server was out of space.")
        await on.press("ctrl+g")
        await on.sees("Resolved.", "Nothing waits for an engineer.")
    walk = await stored(services, team.tech)
    assert (walk.status, walk.ticket.status) == ("resolved", "resolved")
    assert walk.resolution is not None
    assert walk.resolution.by.name == "emil"
