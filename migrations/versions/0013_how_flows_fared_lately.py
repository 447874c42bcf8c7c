"""How flows fared lately is counted from an index alone"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_sessions_account_id_flow_id", "sessions")
    op.create_index(
        "ix_sessions_account_id_flow_id",
        "sessions",
        ["account_id", "flow_id", "created_at", "status", "helpful", "escalated_at"],
    )


def downgrade() -> None:
    raise NotImplementedError
