"""Queries that intake asks."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import and_, case, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database import Reading, Transaction
from storage.repository import Tickets
from storage.tables import ENDED, IN_ESCALATION, UNDER_WAY, Session, Ticket, User


async def lock_user(tx: Transaction, user_id: UUID) -> None:
    """Until the transaction ends, whatever else the user begins waits."""
    mine = select(User.id).where(User.account_id == tx.account_id, User.id == user_id)
    await tx.session.execute(mine.with_for_update(key_share=True))


async def locked_ticket(tx: Transaction, ticket_id: UUID) -> Ticket | None:
    tickets = Tickets(tx)
    return await tickets.first(tickets.base().where(Ticket.id == ticket_id).with_for_update(key_share=True))


async def ensured_ticket(tx: Transaction, new: Mapping[str, object]) -> Ticket:
    """The PSA's ticket with this `external_id`, locked; made of `new`, by one of several who want to at once."""
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    wanted = insert(Ticket).values({**new, "account_id": tx.account_id})
    await tx.session.execute(wanted.on_conflict_do_nothing(index_elements=["account_id", "external_id"]))
    tickets = Tickets(tx)
    found = tickets.base().where(Ticket.external_id == new["external_id"]).with_for_update(key_share=True)
    return (await tx.session.scalars(found)).one()


async def colleagues_call(tx: Transaction, ticket_id: UUID, user_id: UUID) -> UUID | None:
    """The newest call under way about the ticket that somebody else has."""
    found = select(Session.id).where(Session.account_id == tx.account_id, Session.ticket_id == ticket_id)
    found = found.where(Session.status.in_(UNDER_WAY), Session.user_id != user_id)
    return (await tx.session.scalars(found.order_by(Session.created_at.desc()).limit(1))).first()


async def escalated_call(tx: Transaction, ticket_id: UUID) -> UUID | None:
    """The newest call about the ticket that the engineers have."""
    found = select(Session.id).where(Session.account_id == tx.account_id, Session.ticket_id == ticket_id)
    found = found.where(Session.status.in_(IN_ESCALATION))
    return (await tx.session.scalars(found.order_by(Session.escalated_at.desc()).limit(1))).first()


async def confident_record(within: Reading) -> tuple[int, int]:
    """Of the calls for which the matcher was sure of a flow: how many that flow solved, of how many that ended."""
    right = and_(
        Session.flow_id == Session.confident_flow_id,
        Session.status == "resolved",
        Session.helpful.is_(True),
        Session.escalated_at.is_(None),
    )
    counted = select(func.count(case((right, 1))), func.count()).where(
        Session.account_id == within.account_id, Session.confident_flow_id.is_not(None), Session.status.in_(ENDED)
    )
    solved, ended = (await within.session.execute(counted)).one()
    return solved, ended
