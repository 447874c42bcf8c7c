"""What stands beside a call changes with it: nothing but the rights, which every upgrade puts in place"""

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    raise NotImplementedError
