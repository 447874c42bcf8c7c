"""What was not told when a call was passed on"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("sessions", sa.Column("escalation_untold", storage.types.Json(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError
