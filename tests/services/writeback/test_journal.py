"""From the end of a call to a ticket that says so: one note, a status that was read back, a session that is true."""

from tests.services.writeback.scene import Psa


async def test_a_resolve_waits_until_the_psa_has_it(psa: Psa) -> None:
    walk = await psa.resolved()
    assert (walk.status, walk.awaits_psa, walk.ticket.status) == ("active", True, "walking")
    [asked] = walk.writebacks
    assert (asked.state, asked.stage, asked.text) == ("waiting", "note", "It was **the cable**.")
    done = await psa.run(walk)
    assert (done.state, done.why, done.stage) == ("verified", "", None)
    now = await psa.now(walk)
    assert (now.status, now.awaits_psa, now.ticket.status) == ("resolved", False, "resolved")
    assert now.resolution is not None
    assert (now.resolution.helpful, now.resolution.notes) == (True, "It was **the cable**.")
    assert now.resolution.by.id == psa.scene.team.tech.user_id
    [note] = psa.notes()
    assert asked.mark in note
    assert await psa.status() == psa.office.resolved.status


async def test_an_escalation_is_one_at_once_and_its_ticket_follows(psa: Psa) -> None:
    walk = await psa.escalated()
    assert (walk.status, walk.awaits_psa, walk.writebacks[-1].state) == ("escalated", False, "waiting")
    done = await psa.run(walk)
    assert (done.state, done.status_name) == ("verified", "With an engineer")
    assert psa.server.desk.tickets[2].items() >= psa.office.owned.items()
    assert psa.server.count(psa.office.change_line) == 1
    [note] = await psa.provider.notes("2")
    assert note.internal
