"""Where calls ended"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    at_the_end = sa.text("seconds = -1")
    op.create_index(
        "ix_visit_counts_at_the_end",
        "visit_counts",
        ["account_id", "ending"],
        unique=False,
        sqlite_where=at_the_end,
        postgresql_where=at_the_end,
    )


def downgrade() -> None:
    raise NotImplementedError
