"""What the matcher keeps: its reading of each flow, what it offered, what it learnt, how sure it may be."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Float, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Owned, one_of, within_account

OFFERS_TAKEN = ("started", "chosen", "passed")
EXAMPLE_VERDICTS = ("right", "wrong")
EXAMPLE_SOURCES = ("call", "person")


class FlowReading(Owned):
    """The words and vectors that one reader made of a version, which never changes: nobody has to read it again."""

    __tablename__ = "flow_readings"
    __table_args__ = (
        UniqueConstraint("account_id", "flow_version_id", "reader"),
        within_account("flow_version_id", "flow_versions", ondelete="CASCADE"),
    )

    flow_version_id: Mapped[UUID]
    reader: Mapped[str] = mapped_column(String)
    """Which word lists and which embedder, with their versions."""
    content: Mapped[bytes] = mapped_column(LargeBinary)


class FlowOffer(Owned):
    """A flow that the matcher offered when a session began."""

    __tablename__ = "flow_offers"
    __table_args__ = (
        UniqueConstraint("account_id", "session_id", "flow_id"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("flow_id", "flows"),
        CheckConstraint(one_of("taken", OFFERS_TAKEN), "taken"),
        Index("ix_flow_offers_account_id_flow_id_at", "account_id", "flow_id", "at"),
    )

    session_id: Mapped[UUID]
    flow_id: Mapped[UUID]
    place: Mapped[int] = mapped_column(Integer)
    """From 1."""
    chance: Mapped[float] = mapped_column(Float)
    taken: Mapped[str] = mapped_column(String)
    """`started` by itself, `chosen` by the technician, or `passed` over."""
    at: Mapped[datetime]


class FlowExample(Owned):
    """A caller's sentence that a flow was right or wrong for; what is dropped is kept, and can be taken back."""

    __tablename__ = "flow_examples"
    __table_args__ = (
        UniqueConstraint("account_id", "session_id", "flow_id"),
        within_account("flow_id", "flows"),
        within_account("session_id", "sessions", ondelete="CASCADE"),
        within_account("changed_by", "users"),
        CheckConstraint(one_of("verdict", EXAMPLE_VERDICTS), "verdict"),
        CheckConstraint(one_of("source", EXAMPLE_SOURCES), "source"),
        Index("ix_flow_examples_account_id_flow_id", "account_id", "flow_id", "created_at"),
        Index("ix_flow_examples_account_id_changed_at", "account_id", "changed_at"),
    )

    flow_id: Mapped[UUID]
    session_id: Mapped[UUID | None]
    """The call that it was said in; none where a person wrote it."""
    text: Mapped[str]
    verdict: Mapped[str] = mapped_column(String)
    source: Mapped[str] = mapped_column(String)
    created_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    """Tells a running matcher to look again."""
    changed_by: Mapped[UUID | None]


class MatchFit(Owned):
    """How the account's matcher weighs its evidence, and from which chance it may start a flow."""

    __tablename__ = "match_fits"
    __table_args__ = (UniqueConstraint("account_id", "reader"),)

    reader: Mapped[str] = mapped_column(String)
    revision: Mapped[int] = mapped_column(Integer)
    """Of the library that it was fitted to."""
    learnt_until: Mapped[datetime | None]
    """The newest change of an example that it has seen."""
    fitted: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]
