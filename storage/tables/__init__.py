"""The tables, once, for SQLite and Postgres. Rows never leave the services.

Every table carries `account_id`, and every reference names the account with it: a row cannot point into another
account even if a query forgets to ask.
"""

from storage.statuses import (
    ENDED,
    ENDINGS,
    HAND_OVERS,
    IN_ESCALATION,
    IN_QUEUE,
    ON_SCREEN,
    SESSION_KINDS,
    SESSION_STATUSES,
    TICKET_KINDS,
    TICKET_STATUSES,
    UNDER_WAY,
    WRITEBACK_KINDS,
    WRITEBACK_STATES,
)
from storage.tables.assistant import DRAFT_KINDS, DRAFTED_BY, Draft, ModelCall
from storage.tables.base import Account, Base, Owned
from storage.tables.calls import (
    NoteEntry,
    Session,
    Step,
    Ticket,
)
from storage.tables.counts import VisitCount, WeekCount
from storage.tables.desk import (
    FACT_KINDS,
    FACT_SOURCES,
    FIX_DECISIONS,
    FIX_ORIGINS,
    FIX_STATUSES,
    SCRIPT_LANGUAGES,
    TEMPLATE_STATUSES,
    Fact,
    Fix,
    MissedQuestion,
    ScriptTemplate,
)
from storage.tables.library import FLOW_STATUSES, PROPOSAL_STATUSES, Flow, FlowVersion, Proposal
from storage.tables.matching import (
    EXAMPLE_SOURCES,
    EXAMPLE_VERDICTS,
    OFFERS_TAKEN,
    FlowExample,
    FlowOffer,
    FlowReading,
    MatchFit,
)
from storage.tables.people import ROLES, AccountSetting, AuditEntry, Notification, User
from storage.tables.presence import Presence
from storage.tables.psa_tickets import PsaList, PsaTicket
from storage.tables.writebacks import Writeback
from storage.version import SCHEMA

__all__ = [
    "DRAFTED_BY",
    "DRAFT_KINDS",
    "ENDED",
    "ENDINGS",
    "EXAMPLE_SOURCES",
    "EXAMPLE_VERDICTS",
    "FACT_KINDS",
    "FACT_SOURCES",
    "FIX_DECISIONS",
    "FIX_ORIGINS",
    "FIX_STATUSES",
    "FLOW_STATUSES",
    "HAND_OVERS",
    "IN_ESCALATION",
    "IN_QUEUE",
    "OFFERS_TAKEN",
    "ON_SCREEN",
    "PROPOSAL_STATUSES",
    "ROLES",
    "SCHEMA",
    "SCRIPT_LANGUAGES",
    "SESSION_KINDS",
    "SESSION_STATUSES",
    "TEMPLATE_STATUSES",
    "TICKET_KINDS",
    "TICKET_STATUSES",
    "UNDER_WAY",
    "WRITEBACK_KINDS",
    "WRITEBACK_STATES",
    "Account",
    "AccountSetting",
    "AuditEntry",
    "Base",
    "Draft",
    "Fact",
    "Fix",
    "Flow",
    "FlowExample",
    "FlowOffer",
    "FlowReading",
    "FlowVersion",
    "MatchFit",
    "MissedQuestion",
    "ModelCall",
    "NoteEntry",
    "Notification",
    "Owned",
    "Presence",
    "Proposal",
    "PsaList",
    "PsaTicket",
    "ScriptTemplate",
    "Session",
    "Step",
    "Ticket",
    "User",
    "VisitCount",
    "WeekCount",
    "Writeback",
]
