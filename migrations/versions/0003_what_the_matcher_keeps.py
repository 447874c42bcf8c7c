"""What the matcher keeps"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "match_fits",
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("learnt_until", storage.types.Moment(), nullable=True),
        sa.Column("fitted", storage.types.Json(), nullable=False),
        sa.Column("made_at", storage.types.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_match_fits_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_fits")),
        sa.UniqueConstraint("account_id", "reader", name=op.f("uq_match_fits_account_id_reader")),
    )
    op.create_table(
        "flow_readings",
        sa.Column("flow_version_id", sa.Uuid(), nullable=False),
        sa.Column("reader", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_version_id"],
            ["flow_versions.account_id", "flow_versions.id"],
            name=op.f("fk_flow_readings_account_id_flow_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_flow_readings_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_readings")),
        sa.UniqueConstraint(
            "account_id", "flow_version_id", "reader", name=op.f("uq_flow_readings_account_id_flow_version_id_reader")
        ),
    )
    op.create_table(
        "flow_examples",
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("text", storage.types.Words(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("dropped_at", storage.types.Moment(), nullable=True),
        sa.Column("changed_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("source IN ('call', 'person')", name=op.f("ck_flow_examples_source")),
        sa.CheckConstraint("verdict IN ('right', 'wrong')", name=op.f("ck_flow_examples_verdict")),
        sa.ForeignKeyConstraint(
            ["account_id", "changed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_flow_examples_account_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id"],
            ["flows.account_id", "flows.id"],
            name=op.f("fk_flow_examples_account_id_flow_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_flow_examples_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_flow_examples_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_examples")),
        sa.UniqueConstraint(
            "account_id", "session_id", "flow_id", name=op.f("uq_flow_examples_account_id_session_id_flow_id")
        ),
    )
    op.create_index(
        "ix_flow_examples_account_id_changed_at", "flow_examples", ["account_id", "changed_at"], unique=False
    )
    op.create_index(
        "ix_flow_examples_account_id_flow_id", "flow_examples", ["account_id", "flow_id", "created_at"], unique=False
    )
    op.create_table(
        "flow_offers",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Float(), nullable=False),
        sa.Column("taken", sa.String(), nullable=False),
        sa.Column("at", storage.types.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("taken IN ('started', 'chosen', 'passed')", name=op.f("ck_flow_offers_taken")),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id"], ["flows.account_id", "flows.id"], name=op.f("fk_flow_offers_account_id_flow_id")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_flow_offers_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_flow_offers_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_offers")),
        sa.UniqueConstraint(
            "account_id", "session_id", "flow_id", name=op.f("uq_flow_offers_account_id_session_id_flow_id")
        ),
    )
    op.create_index(
        "ix_flow_offers_account_id_flow_id_at", "flow_offers", ["account_id", "flow_id", "at"], unique=False
    )


def downgrade() -> None:
    raise NotImplementedError
