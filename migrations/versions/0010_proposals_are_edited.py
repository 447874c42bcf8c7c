"""What a reviewer makes of a proposal stands beside what was captured, and every change counts its state up"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("proposals", sa.Column("edited", storage.types.Json(), nullable=True))
    op.add_column("proposals", sa.Column("state_version", sa.Integer(), nullable=False, server_default="1"))


def downgrade() -> None:
    raise NotImplementedError
