"""Somebody's past calls"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    ended = sa.text("status IN ('resolved', 'escalated', 'requesting_escalation', 'abandoned')")
    op.create_index(
        "ix_sessions_past",
        "sessions",
        ["account_id", "user_id", "created_at"],
        unique=False,
        sqlite_where=ended,
        postgresql_where=ended,
    )


def downgrade() -> None:
    raise NotImplementedError
