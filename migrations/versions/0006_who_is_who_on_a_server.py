"""Who is who on a server"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_log", sa.Column("stored_at", storage.types.Moment(), nullable=True))
    if op.get_bind().dialect.name == "sqlite":
        return
    for statement in STATEMENTS:
        op.execute(statement)


# What `storage.rights` stands on, for Postgres alone: whoever can read a file is its owner.
#
# Policies cannot look into `users` to learn who asks, since it has a policy itself. So a trigger keeps a copy where
# nobody but the functions of `storage.rights` can look.
STATEMENTS = (
    "CREATE SCHEMA private",
    """CREATE TABLE private.people (
         user_id uuid PRIMARY KEY,
         account_id uuid NOT NULL,
         login text UNIQUE,
         role text NOT NULL,
         covers_l1 boolean NOT NULL,
         active boolean NOT NULL,
         may_connect boolean NOT NULL DEFAULT FALSE
       )""",
    "CREATE INDEX ix_people_account_id ON private.people (account_id)",
    """INSERT INTO private.people (user_id, account_id, role, covers_l1, active)
       SELECT id, account_id, role, covers_l1, active AND deleted_at IS NULL FROM users""",
    "UPDATE users SET login = NULL WHERE login IS NOT NULL",
    # Where a terminal that listens hears that something of its account has changed.
    """CREATE TABLE private.bells (
         account_id uuid PRIMARY KEY,
         channel text NOT NULL UNIQUE DEFAULT 'rfl1_' || replace(gen_random_uuid()::text, '-', '')
       )""",
    "INSERT INTO private.bells (account_id) SELECT id FROM accounts",
    # `at` is what a terminal says, this is what the server says.
    "ALTER TABLE audit_log ALTER COLUMN stored_at SET DEFAULT now()",
)


def downgrade() -> None:
    raise NotImplementedError
