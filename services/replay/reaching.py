"""What a replayed call has to do with the PSA: one try when it ends, and a look at the ticket afterwards."""

from services.access import Actor
from services.psa.failures import PsaFailed
from services.replay.through import Journal, Walks
from services.walks.model import Walk


async def reached(journal: Journal | None, walks: Walks, actor: Actor, walk: Walk) -> Walk:
    """After one try to write to the PSA what its end has to; what is unfinished stays in the outbox."""
    if journal is None or not walk.writebacks or walk.writebacks[-1].state != "waiting":
        return walk
    await journal.run(actor, walk.writebacks[-1].id)
    return await walks.open(actor, walk.id)


async def at_psa(journal: Journal | None, walk: Walk | None) -> tuple[str, ...]:
    """The status of its ticket there, by name and id; or why it cannot be read."""
    ticket = None if walk is None else walk.ticket.external_id
    if ticket is None or journal is None:
        return ("no PSA is connected to read it from",)
    try:
        status = await journal.ticket_status(ticket)
    except PsaFailed as failed:
        return (str(failed),)
    return (status.name, status.id)
