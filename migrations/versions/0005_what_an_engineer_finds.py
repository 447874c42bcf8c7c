"""What an engineer finds"""

import sqlalchemy as sa
from alembic import op

import storage.types

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "script_templates",
        sa.Column("title", storage.types.Words(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("body", storage.types.Words(), nullable=False),
        sa.Column("parameters", storage.types.Json(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("language IN ('powershell', 'cmd', 'bash')", name=op.f("ck_script_templates_language")),
        sa.CheckConstraint("status IN ('draft', 'accepted', 'retired')", name=op.f("ck_script_templates_status")),
        sa.ForeignKeyConstraint(
            ["account_id", "changed_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_script_templates_account_id_changed_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_script_templates_account_id_created_by"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_script_templates_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_script_templates")),
        sa.UniqueConstraint("account_id", "id", name=op.f("uq_script_templates_account_id_id")),
    )
    op.create_index(
        "ix_script_templates_account_id_status",
        "script_templates",
        ["account_id", "status", "changed_at"],
        unique=False,
    )
    op.create_table(
        "fixes",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("title", storage.types.Words(), nullable=False),
        sa.Column("rationale", storage.types.Words(), nullable=False),
        sa.Column("steps", storage.types.Json(), nullable=False),
        sa.Column("confidence", sa.Integer(), nullable=False),
        sa.Column("script", storage.types.Words(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("draft_id", sa.Uuid(), nullable=True),
        sa.Column("decision", sa.String(), nullable=True),
        sa.Column("decided_at", storage.types.Moment(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("worked_notes", storage.types.Words(), nullable=True),
        sa.Column("partial_notes", storage.types.Words(), nullable=True),
        sa.Column("failure_reason", storage.types.Words(), nullable=True),
        sa.Column("waiting_for", storage.types.Words(), nullable=True),
        sa.Column("applied_at", storage.types.Moment(), nullable=True),
        sa.Column("verified_at", storage.types.Moment(), nullable=True),
        sa.Column("superseded_at", storage.types.Moment(), nullable=True),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(status IN ('applied_success', 'applied_failed')) = (verified_at IS NOT NULL)",
            name=op.f("ck_fixes_verified"),
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision <> 'dismissed' OR superseded_at IS NOT NULL", name=op.f("ck_fixes_dismissed")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision = 'dismissed' OR script IS NOT NULL", name=op.f("ck_fixes_runs_a_script")
        ),
        sa.CheckConstraint(
            "decision IS NULL OR decision IN ('one_off', 'draft_template', 'build_template', 'dismissed')",
            name=op.f("ck_fixes_decision"),
        ),
        sa.CheckConstraint(
            "language IS NULL OR language IN ('powershell', 'cmd', 'bash')", name=op.f("ck_fixes_language")
        ),
        sa.CheckConstraint("origin IN ('hand', 'similar', 'model')", name=op.f("ck_fixes_origin")),
        sa.CheckConstraint("status <> 'applied_failed' OR failure_reason IS NOT NULL", name=op.f("ck_fixes_failed")),
        sa.CheckConstraint("status <> 'applied_partial' OR partial_notes IS NOT NULL", name=op.f("ck_fixes_partial")),
        sa.CheckConstraint("status <> 'applied_pending' OR waiting_for IS NOT NULL", name=op.f("ck_fixes_pending")),
        sa.CheckConstraint(
            "status IN ('proposed', 'applied_success', 'applied_partial', 'applied_failed', "
            "'applied_pending', 'dismissed')",
            name=op.f("ck_fixes_status"),
        ),
        sa.CheckConstraint(
            "status IN ('proposed', 'dismissed') OR applied_at IS NOT NULL", name=op.f("ck_fixes_applied")
        ),
        sa.CheckConstraint("(script IS NULL) = (language IS NULL)", name=op.f("ck_fixes_script")),
        sa.CheckConstraint("confidence BETWEEN 0 AND 100", name=op.f("ck_fixes_confidence")),
        sa.ForeignKeyConstraint(
            ["account_id", "changed_by"], ["users.account_id", "users.id"], name=op.f("fk_fixes_account_id_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"], ["users.account_id", "users.id"], name=op.f("fk_fixes_account_id_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "draft_id"],
            ["script_templates.account_id", "script_templates.id"],
            name=op.f("fk_fixes_account_id_draft_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_fixes_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "template_id"],
            ["script_templates.account_id", "script_templates.id"],
            name=op.f("fk_fixes_account_id_template_id"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_fixes_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fixes")),
        sa.UniqueConstraint("account_id", "session_id", "number", name=op.f("uq_fixes_account_id_session_id_number")),
    )
    op.create_index(
        "ix_fixes_worked",
        "fixes",
        ["account_id", "verified_at"],
        unique=False,
        sqlite_where=sa.text("status = 'applied_success'"),
        postgresql_where=sa.text("status = 'applied_success'"),
    )
    op.create_index(
        "uq_fixes_active",
        "fixes",
        ["account_id", "session_id"],
        unique=True,
        sqlite_where=sa.text("superseded_at IS NULL"),
        postgresql_where=sa.text("superseded_at IS NULL"),
    )
    op.create_table(
        "missed_questions",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("flow_id", sa.Uuid(), nullable=True),
        sa.Column("node_id", sa.String(), nullable=True),
        sa.Column("node_text", storage.types.Words(), nullable=False),
        sa.Column("text", storage.types.Words(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("settled_at", storage.types.Moment(), nullable=True),
        sa.Column("settled_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("(settled_at IS NULL) = (settled_by IS NULL)", name=op.f("ck_missed_questions_settled")),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_missed_questions_account_id_created_by"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "flow_id"],
            ["flows.account_id", "flows.id"],
            name=op.f("fk_missed_questions_account_id_flow_id"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_missed_questions_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "settled_by"],
            ["users.account_id", "users.id"],
            name=op.f("fk_missed_questions_account_id_settled_by"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_missed_questions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_questions")),
    )
    op.create_index(
        "ix_missed_questions_account_id_flow_id",
        "missed_questions",
        ["account_id", "flow_id", "created_at"],
        unique=False,
    )
    op.create_index(
        "ix_missed_questions_session_id_created_at", "missed_questions", ["session_id", "created_at"], unique=False
    )
    op.create_table(
        "facts",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("step_id", sa.Uuid(), nullable=True),
        sa.Column("text", storage.types.Words(), nullable=False),
        sa.Column("created_at", storage.types.Moment(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", storage.types.Moment(), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("deleted_at", storage.types.Moment(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('known', 'tried')", name=op.f("ck_facts_kind")),
        sa.CheckConstraint("source IN ('question', 'check', 'note')", name=op.f("ck_facts_source")),
        sa.ForeignKeyConstraint(
            ["account_id", "changed_by"], ["users.account_id", "users.id"], name=op.f("fk_facts_account_id_changed_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "created_by"], ["users.account_id", "users.id"], name=op.f("fk_facts_account_id_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "session_id"],
            ["sessions.account_id", "sessions.id"],
            name=op.f("fk_facts_account_id_session_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["account_id", "step_id"],
            ["steps.account_id", "steps.step_id"],
            name=op.f("fk_facts_account_id_step_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_facts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facts")),
    )
    op.create_index("ix_facts_session_id_created_at", "facts", ["session_id", "created_at"], unique=False)
    op.create_index(
        "uq_facts_step",
        "facts",
        ["account_id", "step_id"],
        unique=True,
        sqlite_where=sa.text("deleted_at IS NULL"),
        postgresql_where=sa.text("deleted_at IS NULL"),
    )
    op.create_index(
        "ix_sessions_helped",
        "sessions",
        ["account_id", "resolved_at"],
        unique=False,
        sqlite_where=sa.text("status = 'resolved' AND helpful"),
        postgresql_where=sa.text("status = 'resolved' AND helpful"),
    )


def downgrade() -> None:
    raise NotImplementedError
