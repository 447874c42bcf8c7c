"""How calls ended, counted, and which were resolved too early"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("reopened_at", storage.types.Moment(), nullable=True))
    op.add_column("sessions", sa.Column("counted", sa.String(), nullable=True))
    op.add_column("sessions", sa.Column("handled", sa.Float(), nullable=True))
    op.execute("UPDATE sessions SET reopened_at = escalated_at WHERE resolved_at < escalated_at")
    uncounted = sa.text("counted IS NULL AND status IN ('resolved', 'escalated', 'requesting_escalation', 'abandoned')")
    op.create_index(
        "ix_sessions_uncounted",
        "sessions",
        ["account_id", "changed_at"],
        unique=False,
        sqlite_where=uncounted,
        postgresql_where=uncounted,
    )
    handled = sa.text("handled IS NOT NULL")
    op.create_index(
        "ix_sessions_handled",
        "sessions",
        ["account_id", "handled"],
        unique=False,
        sqlite_where=handled,
        postgresql_where=handled,
    )
    op.create_table(
        "visit_counts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("tree", storage.types.Words(), nullable=False),
        sa.Column("node", storage.types.Words(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.CheckConstraint("ending IN ('resolved', 'escalated', 'abandoned')", name=op.f("ck_visit_counts_ending")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_visit_counts_account_id")),
        sa.PrimaryKeyConstraint("account_id", "tree", "node", "ending", "seconds", name=op.f("pk_visit_counts")),
    )
    op.create_table(
        "week_counts",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("category", storage.types.Words(), nullable=False),
        sa.Column("ending", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("reopened", sa.Boolean(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.CheckConstraint("ending IN ('resolved', 'escalated', 'abandoned')", name=op.f("ck_week_counts_ending")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_week_counts_account_id")),
        sa.PrimaryKeyConstraint(
            "account_id", "week", "kind", "category", "ending", "reason", "reopened", name=op.f("pk_week_counts")
        ),
    )


def downgrade() -> None:
    raise NotImplementedError
