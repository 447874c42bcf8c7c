"""The first tables"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    # Sessions and proposals point at each other: SQLite takes a reference to a table that is still to come and cannot
    # add one later; Postgres is the other way round.
    captured_from = sa.ForeignKeyConstraint(
        ["account_id", "session_id"],
        ["sessions.account_id", "sessions.id"],
        name="fk_proposals_account_id_session_id",
        ondelete="CASCADE",
    )
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", storage.types.Words(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("library_revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "account_settings",
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("value", storage.types.Json(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_account_settings_account_id")),
        sa.PrimaryKeyConstraint("account_id", "key", name=op.f("pk_account_settings")),
    )
    op.create_table(
        "audit_log",
        sa.Column("at", storage.types.Moment(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("acting_as", sa.String(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("details", storage.types.Json(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_audit_log_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_log")),
    )
    op.create_index("ix_audit_log_account_id_at", "audit_log", ["account_id", "at"], unique=False)
    op.create_index("ix_audit_log_account_id_session_id", "audit_log", ["account_id", "session_id"], unique=False)

    op.create_table(
        "flows",
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("deleted_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_flows_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_flows_account_id_id")),
        sa.UniqueConstraint("account_id", "slug", name=op.f("uq_flows_account_id_slug")),
    )
    op.create_table(
        "users",
        sa.Column("name", storage.types.Words(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("covers_l1", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("login", sa.String(), nullable=True),
        sa.Column("first", sa.Boolean(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("deleted_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("role IN ('l1_tech', 'engineer', 'admin', 'owner')", name=op.f("ck_users_role")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_users_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_users_account_id_id")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_users_account_id_name")),
        sa.UniqueConstraint("login", name=op.f("uq_users_login")),
    )
    op.create_table(
        "flow_versions",
        sa.Column("flow_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("title", storage.types.Words(), nullable=False),
        sa.Column("category", storage.types.Words(), nullable=False),
        sa.Column("content", storage.types.Json(), nullable=False),
        sa.Column("nodes", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("status IN ('draft', 'published', 'retired')", name=op.f("ck_flow_versions_status")),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_flow_versions_account_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id"],
            ["flows.account_id", "flows.id"],
            name=op.f("fk_flow_versions_account_id_flow_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_flow_versions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flow_versions")),
        sa.UniqueConstraint("account_id", "flow_id", "id", name=op.f("uq_flow_versions_account_id_flow_id_id")),
        sa.UniqueConstraint("account_id", "flow_id", "number", name=op.f("uq_flow_versions_account_id_flow_id_number")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_flow_versions_account_id_id")),
    )
    op.create_index(
        "uq_flow_versions_published",
        "flow_versions",
        ["account_id", "flow_id"],
        unique=True,
        sqlite_where=sa.text("status = 'published'"),
        postgresql_where=sa.text("status = 'published'"),
    )

    op.create_table(
        "tickets",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("external_id", storage.types.Words(), nullable=True),
        sa.Column("problem", storage.types.Words(), nullable=False),
        sa.Column("customer", storage.types.Words(), nullable=False),
        sa.Column("contact", storage.types.Words(), nullable=False),
        sa.Column("folded", storage.types.Words(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("updated_at", storage.types.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'psa') = (external_id IS NOT NULL)", name=op.f("ck_tickets_external")),
        sa.CheckConstraint("kind IN ('internal', 'psa')", name=op.f("ck_tickets_kind")),
        sa.CheckConstraint("status IN ('open', 'walking', 'resolved', 'escalated')", name=op.f("ck_tickets_status")),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_tickets_account_id_created_by"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_tickets_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("account_id", "external_id", name=op.f("uq_tickets_account_id_external_id")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_tickets_account_id_id")),
    )
    op.create_index(
        "ix_tickets_queue",
        "tickets",
        ["account_id", "created_at"],
        sqlite_where=sa.text("status IN ('open', 'walking')"),
        postgresql_where=sa.text("status IN ('open', 'walking')"),
    )

    op.create_table(
        "proposals",
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("title", storage.types.Words(), nullable=False),
        sa.Column("category", storage.types.Words(), nullable=False),
        sa.Column("keywords", storage.types.Json(), nullable=False),
        sa.Column("tree", storage.types.Json(), nullable=False),
        sa.Column("validated_by_outcome", sa.Boolean(), nullable=False),
        sa.Column("worked", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("reviewed_by", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", storage.types.Moment(), nullable=True),
        sa.Column("review_reason", storage.types.Words(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "status IN ('pending', 'approved', 'modified', 'rejected', 'dismissed')",
            name=op.f("ck_proposals_status"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_proposals_account_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "reviewed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_proposals_account_id_reviewed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["tickets.account_id", "tickets.id"],
            name=op.f("fk_proposals_account_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_proposals_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_proposals_account_id_id")),
        sa.UniqueConstraint("account_id", "session_id", name=op.f("uq_proposals_account_id_session_id")),
        *([captured_from] if sqlite else []),
    )
    op.create_index(
        "ix_proposals_account_id_status_created_at",
        "proposals",
        ["account_id", "status", "created_at"],
        unique=False,
    )

    op.create_table(
        "sessions",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("state_version", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("acting_as", sa.String(), nullable=True),
        sa.Column("ticket_id", sa.Uuid(), nullable=False),
        sa.Column("flow_id", sa.Uuid(), nullable=True),
        sa.Column("flow_version_id", sa.Uuid(), nullable=True),
        sa.Column("proposal_id", sa.Uuid(), nullable=True),
        sa.Column("confident_flow_id", sa.Uuid(), nullable=True),
        sa.Column("category", storage.types.Words(), nullable=True),
        sa.Column("problem_text", storage.types.Words(), nullable=False),
        sa.Column("customer", storage.types.Words(), nullable=False),
        sa.Column("contact", storage.types.Words(), nullable=False),
        sa.Column("pending", storage.types.Json(), nullable=True),
        sa.Column("pending_note", storage.types.Words(), nullable=True),
        sa.Column("frames", storage.types.Json(), nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("free_notes", sa.Boolean(), nullable=False),
        sa.Column("instruction", storage.types.Words(), nullable=True),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("last_step_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=True),
        sa.Column("learned", sa.Boolean(), nullable=False),
        sa.Column("resolution_notes", storage.types.Words(), nullable=True),
        sa.Column("resolved_at", storage.types.Moment(), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("escalation_category", sa.String(), nullable=True),
        sa.Column("escalation_reason", storage.types.Words(), nullable=True),
        sa.Column("escalation_how", sa.String(), nullable=True),
        sa.Column("escalated_at", storage.types.Moment(), nullable=True),
        sa.Column("escalated_by", sa.Uuid(), nullable=True),
        sa.Column("escalated_node", storage.types.Json(), nullable=True),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(kind = 'flow') = (flow_id IS NOT NULL)", name=op.f("ck_sessions_flow")),
        sa.CheckConstraint("acting_as IS NULL OR acting_as = 'l1_coverage'", name=op.f("ck_sessions_acting_as")),
        sa.CheckConstraint(
            "escalation_how IS NULL OR escalation_how IN ('warm', 'cold', 'callback')",
            name=op.f("ck_sessions_hand_over"),
        ),
        sa.CheckConstraint("kind = 'proposal' OR proposal_id IS NULL", name=op.f("ck_sessions_proposal")),
        sa.CheckConstraint("kind IN ('flow', 'proposal', 'adhoc', 'ai_build')", name=op.f("ck_sessions_kind")),
        sa.CheckConstraint(
            "status IN ('active', 'paused', 'requesting_escalation', 'escalated', 'resolved', 'abandoned')",
            name=op.f("ck_sessions_status"),
        ),
        sa.CheckConstraint("(flow_id IS NULL) = (flow_version_id IS NULL)", name=op.f("ck_sessions_flow_version")),
        sa.ForeignKeyConstraint(
            ["account_id", "changed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_sessions_account_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "claimed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_sessions_account_id_claimed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "confident_flow_id"],
            ["flows.account_id", "flows.id"],
            name=op.f("fk_sessions_account_id_confident_flow_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "escalated_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_sessions_account_id_escalated_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id", "flow_version_id"],
            ["flow_versions.account_id", "flow_versions.flow_id", "flow_versions.id"],
            name=op.f("fk_sessions_account_id_flow_id_flow_version_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id"],
            ["flows.account_id", "flows.id"],
            name=op.f("fk_sessions_account_id_flow_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "proposal_id"],
            ["proposals.account_id", "proposals.id"],
            name=op.f("fk_sessions_account_id_proposal_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "resolved_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_sessions_account_id_resolved_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "ticket_id"],
            ["tickets.account_id", "tickets.id"],
            name=op.f("fk_sessions_account_id_ticket_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["users.account_id", "users.id"],
            name=op.f("fk_sessions_account_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_sessions_account_id_id")),
    )
    op.create_index("ix_sessions_account_id_created_at", "sessions", ["account_id", "created_at"], unique=False)
    op.create_index(
        "ix_sessions_account_id_status_changed_at",
        "sessions",
        ["account_id", "status", "changed_at"],
        unique=False,
    )
    op.create_index(
        "ix_sessions_account_id_ticket_id_created_at",
        "sessions",
        ["account_id", "ticket_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_sessions_account_id_flow_id",
        "sessions",
        ["account_id", "flow_id", "status", "helpful", "escalated_at"],
        unique=False,
    )
    op.create_index(
        "ix_sessions_confident",
        "sessions",
        ["account_id", "status", "confident_flow_id", "flow_id", "helpful", "escalated_at"],
        unique=False,
        sqlite_where=sa.text("confident_flow_id IS NOT NULL"),
        postgresql_where=sa.text("confident_flow_id IS NOT NULL"),
    )
    op.create_index(
        "ix_sessions_escalations",
        "sessions",
        ["account_id", "escalated_at"],
        unique=False,
        sqlite_where=sa.text("status IN ('requesting_escalation', 'escalated')"),
        postgresql_where=sa.text("status IN ('requesting_escalation', 'escalated')"),
    )

    op.create_table(
        "notes",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("text", storage.types.Words(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("updated_at", storage.types.Moment(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "author_id"],
            ["users.account_id", "users.id"],
            name=op.f("fk_notes_account_id_author_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_notes_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
    )
    op.create_index("ix_notes_session_id_created_at", "notes", ["session_id", "created_at"], unique=False)

    op.create_table(
        "notifications",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("details", storage.types.Json(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("sent_at", storage.types.Moment(), nullable=True),
        sa.Column("read_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_notifications_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "user_id"],
            ["users.account_id", "users.id"],
            name=op.f("fk_notifications_account_id_user_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_notifications_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
    )
    op.create_index(
        "ix_notifications_account_id_user_id_created_at",
        "notifications",
        ["account_id", "user_id", "created_at"],
        unique=False,
    )

    op.create_table(
        "steps",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=False),
        sa.Column("answer", storage.types.Words(), nullable=False),
        sa.Column("answer_label", storage.types.Words(), nullable=False),
        sa.Column("note", storage.types.Words(), nullable=True),
        sa.Column("at", storage.types.Moment(), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("before", storage.types.Json(), nullable=False),
        sa.Column("taken_back_at", storage.types.Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id", "by"], ["users.account_id", "users.id"], name=op.f("fk_steps_account_id_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_steps_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_steps_account_id")),
        sa.PrimaryKeyConstraint("session_id", "seq", name=op.f("pk_steps")),
        sa.UniqueConstraint("account_id", "step_id", name=op.f("uq_steps_account_id_step_id")),
    )
    if not sqlite:
        op.create_foreign_key(
            "fk_proposals_account_id_session_id",
            "proposals",
            "sessions",
            ["account_id", "session_id"],
            ["account_id", "id"],
            ondelete="CASCADE",
        )
    for statement in SQLITE_GUARDS if sqlite else POSTGRES_GUARDS:
        op.execute(statement)


STEP_COLUMNS = "session_id, seq, account_id, step_id, answer, answer_label, note, at, by, seconds, before"

# Calls that walk a proposal which goes with the call it was captured from turn to free notes.
LET_GO = """UPDATE sessions SET proposal_id = NULL, free_notes = TRUE, state_version = state_version + 1
            WHERE account_id = OLD.account_id AND proposal_id = OLD.id"""

SQLITE_GUARDS = (
    """CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
       BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    """CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log
       BEGIN SELECT RAISE(ABORT, 'audit rows are never deleted'); END""",
    # INSERT OR REPLACE deletes without asking the trigger above.
    """CREATE TRIGGER audit_log_is_not_replaced BEFORE INSERT ON audit_log
       WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id OR rowid = NEW.rowid)
       BEGIN SELECT RAISE(ABORT, 'audit rows are never changed'); END""",
    f"""CREATE TRIGGER steps_are_not_changed BEFORE UPDATE OF {STEP_COLUMNS} ON steps
       BEGIN SELECT RAISE(ABORT, 'steps are only added'); END""",
    """CREATE TRIGGER flow_versions_are_not_changed BEFORE UPDATE OF content, digest, flow_id, number ON flow_versions
       BEGIN SELECT RAISE(ABORT, 'a flow version is never changed'); END""",
    f"""CREATE TRIGGER proposals_let_their_walks_go BEFORE DELETE ON proposals
       BEGIN {LET_GO}; END""",
)

POSTGRES_GUARDS = (
    """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION '% rows are never changed or deleted', TG_TABLE_NAME; END $$""",
    """CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
       FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()""",
    f"""CREATE TRIGGER steps_are_not_changed BEFORE UPDATE OF {STEP_COLUMNS} ON steps
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    """CREATE TRIGGER flow_versions_are_not_changed BEFORE UPDATE OF content, digest, flow_id, number ON flow_versions
       FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
    f"""CREATE FUNCTION let_walks_go() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN {LET_GO}; RETURN OLD; END $$""",
    """CREATE TRIGGER proposals_let_their_walks_go BEFORE DELETE ON proposals
       FOR EACH ROW EXECUTE FUNCTION let_walks_go()""",
)
