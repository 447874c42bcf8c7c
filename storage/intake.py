"""Queries that intake asks."""

from sqlalchemy import case, func, select

from storage.database import Reading
from storage.repository import Tickets
from storage.tables import Session, Ticket


async def ticket_of_psa(within: Reading, external_id: str) -> Ticket | None:
    tickets = Tickets(within)
    return await tickets.first(tickets.base().where(Ticket.external_id == external_id))


async def confident_record(within: Reading) -> tuple[int, int]:
    """Of the calls for which the matcher was sure of a flow: in how many that flow was walked, of how many."""
    right = func.count(case((Session.flow_id == Session.confident_flow_id, 1)))
    counted = select(right, func.count()).where(
        Session.account_id == within.account_id, Session.confident_flow_id.is_not(None)
    )
    taken, answered = (await within.session.execute(counted)).one()
    return taken, answered
