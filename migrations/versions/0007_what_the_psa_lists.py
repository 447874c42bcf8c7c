"""What the PSA lists as open"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "psa_lists",
        sa.Column("name", storage.types.Words(), nullable=False),
        sa.Column("refreshed_at", storage.types.Moment(), nullable=True),
        sa.Column("refreshed_by", sa.Uuid(), nullable=True),
        sa.Column("tickets", sa.Integer(), nullable=False),
        sa.Column("failed_at", storage.types.Moment(), nullable=True),
        sa.Column("error", storage.types.Words(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("due_at", storage.types.Moment(), nullable=False),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "refreshed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_psa_lists_account_id_refreshed_by"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_psa_lists_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_psa_lists")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_psa_lists_account_id_id")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_psa_lists_account_id_name")),
    )
    op.create_table(
        "psa_tickets",
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("external_id", storage.types.Words(), nullable=False),
        sa.Column("number", storage.types.Words(), nullable=False),
        sa.Column("summary", storage.types.Words(), nullable=False),
        sa.Column("text", storage.types.Words(), nullable=False),
        sa.Column("board_id", storage.types.Words(), nullable=False),
        sa.Column("board", storage.types.Words(), nullable=False),
        sa.Column("status_id", storage.types.Words(), nullable=False),
        sa.Column("status", storage.types.Words(), nullable=False),
        sa.Column("team", storage.types.Words(), nullable=False),
        sa.Column("owner", storage.types.Words(), nullable=False),
        sa.Column("customer", storage.types.Words(), nullable=False),
        sa.Column("contact", storage.types.Words(), nullable=False),
        sa.Column("opened_at", storage.types.Moment(), nullable=False),
        sa.Column("updated_at", storage.types.Moment(), nullable=True),
        sa.Column("folded", storage.types.Words(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("seen_at", storage.types.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "list_id"],
            ["psa_lists.account_id", "psa_lists.id"],
            name=op.f("fk_psa_tickets_account_id_list_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_psa_tickets_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_psa_tickets")),
        sa.UniqueConstraint(
            "account_id", "list_id", "external_id", name=op.f("uq_psa_tickets_account_id_list_id_external_id")
        ),
    )
    op.create_index("ix_psa_tickets_account_id_external_id", "psa_tickets", ["account_id", "external_id"], unique=False)
    op.create_index("ix_psa_tickets_account_id_number", "psa_tickets", ["account_id", "number"], unique=False)
    op.create_index("ix_psa_tickets_newest", "psa_tickets", ["account_id", "list_id", "opened_at"], unique=False)


def downgrade() -> None:
    raise NotImplementedError
