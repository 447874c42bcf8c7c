"""What has to reach the PSA"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("awaits_psa", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "writebacks",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("markdown", storage.types.Words(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", storage.types.Words(), nullable=False),
        sa.Column("posting_at", storage.types.Moment(), nullable=True),
        sa.Column("noted_at", storage.types.Moment(), nullable=True),
        sa.Column("note_id", storage.types.Words(), nullable=True),
        sa.Column("work_started_at", storage.types.Moment(), nullable=True),
        sa.Column("work_ended_at", storage.types.Moment(), nullable=True),
        sa.Column("worked_by", storage.types.Words(), nullable=False),
        sa.Column("timing_at", storage.types.Moment(), nullable=True),
        sa.Column("timed_at", storage.types.Moment(), nullable=True),
        sa.Column("time_id", storage.types.Words(), nullable=True),
        sa.Column("wanted", storage.types.Json(), nullable=True),
        sa.Column("changing_at", storage.types.Moment(), nullable=True),
        sa.Column("changed_at", storage.types.Moment(), nullable=True),
        sa.Column("settled_at", storage.types.Moment(), nullable=True),
        sa.Column("status_name", storage.types.Words(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("unsettled", sa.Integer(), nullable=False),
        sa.Column("tried_at", storage.types.Moment(), nullable=True),
        sa.Column("next_try_at", storage.types.Moment(), nullable=False),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", storage.types.Moment(), nullable=True),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("finished_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('resolution', 'escalation')", name=op.f("ck_writebacks_kind")),
        sa.CheckConstraint("state IN ('waiting', 'verified', 'skipped', 'failed')", name=op.f("ck_writebacks_state")),
        sa.CheckConstraint("(kind = 'resolution') = (helpful IS NOT NULL)", name=op.f("ck_writebacks_helpful")),
        sa.CheckConstraint("(state = 'waiting') = (finished_at IS NULL)", name=op.f("ck_writebacks_finished")),
        sa.CheckConstraint(
            "state NOT IN ('verified', 'skipped') OR noted_at IS NOT NULL", name=op.f("ck_writebacks_noted")
        ),
        sa.CheckConstraint("state <> 'verified' OR settled_at IS NOT NULL", name=op.f("ck_writebacks_settled")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_writebacks_account_id")),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_writebacks_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["tickets.account_id", "tickets.id"],
            name=op.f("fk_writebacks_account_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"], ["users.account_id", "users.id"], name=op.f("fk_writebacks_account_id_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_writebacks")),
        sa.UniqueConstraint("account_id", "mark", name=op.f("uq_writebacks_account_id_mark")),
    )
    op.create_index("ix_writebacks_account_id_session_id", "writebacks", ["account_id", "session_id", "created_at"])
    op.create_index("ix_writebacks_account_id_ticket_id", "writebacks", ["account_id", "ticket_id", "created_at"])
    op.create_index("ix_writebacks_account_id_state_created_at", "writebacks", ["account_id", "state", "created_at"])
    waiting = sa.text("state = 'waiting'")
    op.create_index(
        "ix_writebacks_due",
        "writebacks",
        ["account_id", "next_try_at"],
        sqlite_where=waiting,
        postgresql_where=waiting,
    )
    op.create_index(
        "ix_writebacks_one_at_a_time",
        "writebacks",
        ["account_id", "session_id", "kind"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def downgrade() -> None:
    raise NotImplementedError
