"""Escalated again before the PSA knows of the first time"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_writebacks_one_at_a_time", "writebacks")
    being_resolved = sa.text("state = 'waiting' AND kind = 'resolution'")
    op.create_index(
        "ix_writebacks_one_at_a_time",
        "writebacks",
        ["account_id", "session_id"],
        unique=True,
        sqlite_where=being_resolved,
        postgresql_where=being_resolved,
    )


def downgrade() -> None:
    raise NotImplementedError
