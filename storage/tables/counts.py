"""How the calls of an account ended: counts of what would take too long to read through again for every look."""

from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.statuses import ENDINGS, ON_SCREEN
from storage.tables.base import Base, one_of


class VisitCount(Base):
    """How many ended calls came to a node, by how they ended and how long it stood on their screens."""

    __tablename__ = "visit_counts"
    __table_args__ = (
        CheckConstraint(one_of("ending", ENDINGS), "ending"),
        # Where calls ended. Without what is counted, so that counting need not touch it.
        Index(
            "ix_visit_counts_at_the_end",
            "account_id",
            "ending",
            sqlite_where=text(f"seconds = {ON_SCREEN}"),
            postgresql_where=text(f"seconds = {ON_SCREEN}"),
        ),
    )

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    tree: Mapped[str] = mapped_column(primary_key=True)
    """As frames name it, `playbook:<category>` or `model`; `week:` and a Monday: all calls that began in that week;
    empty: no tree."""
    node: Mapped[str] = mapped_column(primary_key=True)
    """Empty: the tree as a whole, or, where the call ended there, no node."""
    ending: Mapped[str] = mapped_column(String, primary_key=True)
    seconds: Mapped[int] = mapped_column(Integer, primary_key=True)
    """Rounded; `ON_SCREEN`: the call ended with it on the screen."""
    calls: Mapped[int] = mapped_column(Integer)


class WeekCount(Base):
    """How many of the calls that began in a week ended in which way."""

    __tablename__ = "week_counts"
    __table_args__ = (CheckConstraint(one_of("ending", ENDINGS), "ending"),)

    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"), primary_key=True)
    week: Mapped[str] = mapped_column(String, primary_key=True)
    """Its Monday, by UTC: `2026-03-02`."""
    kind: Mapped[str] = mapped_column(String, primary_key=True)
    category: Mapped[str] = mapped_column(primary_key=True)
    ending: Mapped[str] = mapped_column(String, primary_key=True)
    reason: Mapped[str] = mapped_column(String, primary_key=True)
    """The category that it was passed on under; empty where it was not."""
    reopened: Mapped[bool] = mapped_column(Boolean, primary_key=True)
    calls: Mapped[int] = mapped_column(Integer)
