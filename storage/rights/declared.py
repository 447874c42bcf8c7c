"""The rights in every table, a line a table: what is not said here, nobody but the store's owner may do.

Conditions are SQL on the row; that it belongs to the account of whoever asks is always asked beside them. A new table
needs its line, or a test fails.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ANYBODY = "TRUE"
"""Any active person of the account."""

ME = "(SELECT private.me_user())"


def may(act: str) -> str:
    return f"(SELECT private.may('{act}'))"


CALLS, ESCALATIONS, REVIEWS, ADMINISTERS, OWNS = map(may, ("calls", "escalations", "reviews", "administers", "owns"))
WORKS = may("works")
_OWN_CALL = f"""{CALLS} AND EXISTS (SELECT FROM sessions AS call WHERE call.id = session_id
                 AND call.user_id = {ME} AND call.status = 'active')"""
"""The row belongs to a call that the person has, and that is under way."""
_CALL_UNDER_WAY = "EXISTS (SELECT FROM sessions AS call WHERE call.id = session_id AND call.status = 'active')"
_BEGUN_CALL = f"""{CALLS} AND EXISTS (SELECT FROM sessions AS call WHERE call.id = session_id AND call.user_id = {ME}
                    AND call.state_version = 1)"""
_READ_LIST = (
    f"{CALLS} AND EXISTS (SELECT FROM psa_lists AS list WHERE list.id = list_id AND list.leased_by IS NOT NULL)"
)
"""A list that somebody is just reading at the PSA."""
_UNUSED_VERSION = """NOT EXISTS (SELECT FROM flow_versions AS version
                       WHERE version.id = flow_version_id AND version.status = 'published')"""
_COULD_HAVE_ENDED = f"""({CALLS} OR kind = 'escalation' OR EXISTS (
  SELECT FROM sessions AS call WHERE call.id = session_id AND call.escalated_at IS NOT NULL))"""
"""Whoever takes no calls sends what ends an escalated one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    read: str = ANYBODY
    add: str | None = None
    """What a new row has to be; None: nobody adds any."""
    change: str | None = None
    """What a changed row has to be; None: nobody changes any."""
    columns: str = ""
    """Which of its columns can be changed; `*` is all but what it is, and whose."""
    kept: str = ""
    """Which columns of a new row nobody gives."""
    lock: str = ANYBODY
    """Which rows can be changed at all, or kept from other writers."""
    remove: str | None = None
    account: str | None = "account_id"
    """The column that names the account; None where the table knows no accounts."""
    rings: bool = False
    """Other terminals of the account are told of each change."""
    quiet: str = "FALSE"
    """Which changes they are not told of by the database: a notification holds up every other one until its own commit
    is on the disk, which is too long for a step. Whoever makes such a change rings afterwards (`Database.ring`)."""


RIGHTS: Mapping[str, Rights] = {
    "alembic_version": Rights(account=None),
    "accounts": Rights(account="id", change=ANYBODY, columns="library_revision", rings=True),
    "account_settings": Rights(add=ADMINISTERS, change=ADMINISTERS, columns="value", remove=ADMINISTERS),
    "users": Rights(
        add=f"{ADMINISTERS} AND NOT first AND (role <> 'owner' OR {OWNS})",
        change=ADMINISTERS,
        columns="role, covers_l1, active, deleted_at, login",
        lock=f"{ADMINISTERS} OR id = {ME}",
    ),
    "audit_log": Rights(
        read=ADMINISTERS,
        kept="stored_at",
        add=f"user_id = {ME} AND ({ADMINISTERS} OR action !~ '^(user|account)\\.')"
        f" AND ({REVIEWS} OR action !~ '^(flow|proposal|script)\\.')",
    ),
    "notifications": Rights(
        read=f"user_id = {ME}",
        add="read_at IS NULL AND sent_at IS NULL",
        lock=f"user_id = {ME}",
        change=ANYBODY,
        columns="read_at",
        rings=True,
    ),
    "flows": Rights(add=REVIEWS, change=REVIEWS, columns="deleted_at"),
    "flow_versions": Rights(add=f"{REVIEWS} AND created_by = {ME}", change=REVIEWS, columns="status"),
    "proposals": Rights(
        add=f"""{WORKS} AND status = 'pending' AND reviewed_by IS NULL AND edited IS NULL AND worked <= 1 AND EXISTS (
                  SELECT FROM sessions AS call WHERE call.id = session_id AND call.kind = 'ai_build'
                  AND call.user_id = created_by AND call.status = 'resolved' AND call.resolved_by = {ME})""",
        change=ANYBODY,
        columns="status, edited, state_version, reviewed_by, reviewed_at, review_reason, worked, validated_by_outcome",
        rings=True,
    ),
    "tickets": Rights(add=f"{CALLS} AND created_by = {ME}", change=WORKS, columns="status, updated_at", rings=True),
    "sessions": Rights(
        add=f"""{CALLS} AND user_id = {ME} AND changed_by = {ME} AND status = 'active' AND state_version = 1
                AND escalated_by IS NULL AND claimed_by IS NULL AND resolved_by IS NULL
                AND NOT awaits_psa AND NOT learned AND building_by IS NULL""",
        change=WORKS,
        columns="""status, state_version, user_id, acting_as, pending, pending_note, frames, verified, free_notes,
          instruction, last_step_at, changed_at, changed_by, helpful, learned, resolution_notes, resolved_at,
          resolved_by, escalation_category, escalation_reason, escalation_how, escalation_untold, escalated_at,
          escalated_by, escalated_node, claimed_by, claimed_at, building_by, building_until, awaits_psa, reopened_at,
          counted, handled""",
        rings=True,
        quiet="""NEW.last_step_at <> OLD.last_step_at AND NEW.status = OLD.status AND NEW.user_id = OLD.user_id
          OR NEW.state_version = OLD.state_version AND NEW.counted IS NOT NULL AND OLD.counted IS NULL""",
    ),
    "steps": Rights(
        add=f"by = {ME} AND taken_back_at IS NULL AND {_OWN_CALL}", change=_OWN_CALL, columns="taken_back_at"
    ),
    "notes": Rights(
        add=f"author_id = {ME} AND {CALLS} AND {_CALL_UNDER_WAY}",
        change=f"{CALLS} AND {_CALL_UNDER_WAY}",
        lock=f"author_id = {ME}",
        columns="text, updated_at",
    ),
    "visit_counts": Rights(add=WORKS, change=WORKS, columns="calls", remove=ADMINISTERS),
    "week_counts": Rights(add=WORKS, change=WORKS, columns="calls", remove=ADMINISTERS),
    "presences": Rights(
        add=f"user_id = {ME}",
        change=f"user_id = {ME}",
        lock=f"user_id = {ME}",
        columns="seen_at",
        remove=f"user_id = {ME}",
    ),
    "model_calls": Rights(add=f"user_id = {ME} AND cost >= 0"),
    "drafts": Rights(
        add="""EXISTS (SELECT FROM sessions AS call
                        WHERE call.id = session_id AND call.state_version >= drafts.state_version)"""
    ),
    "match_fits": Rights(add=REVIEWS, change=REVIEWS, columns="revision, learnt_until, fitted, made_at"),
    "flow_readings": Rights(add=ANYBODY, change=ANYBODY, columns="content", remove=_UNUSED_VERSION),
    "flow_examples": Rights(
        add=f"{REVIEWS} OR {CALLS} AND source = 'call'",
        change=f"{REVIEWS} OR {CALLS} AND source = 'call'",
        columns="text, verdict, source, created_at, dropped_at, changed_at, changed_by",
    ),
    "flow_offers": Rights(add=_BEGUN_CALL),
    "writebacks": Rights(
        add=f"""{WORKS} AND user_id = {ME} AND state = 'waiting' AND posting_at IS NULL AND noted_at IS NULL
                AND timing_at IS NULL AND timed_at IS NULL AND changed_at IS NULL AND settled_at IS NULL
                AND leased_by IS NULL AND tries = 0""",
        change=f"{WORKS} AND {_COULD_HAVE_ENDED}",
        columns="""state, why, provider, markdown, helpful, posting_at, noted_at, note_id, work_started_at,
          work_ended_at, worked_by, timing_at, timed_at, time_id, wanted, changing_at, changed_at, settled_at,
          status_name, tries, unsettled, tried_at, next_try_at, leased_by, leased_until, finished_at""",
        rings=True,
    ),
    "psa_lists": Rights(
        add=f"{CALLS} AND refreshed_at IS NULL AND leased_by IS NULL AND tickets = 0",
        change=CALLS,
        columns="""refreshed_at, refreshed_by, tickets, failed_at, error, failures, due_at, leased_by,
          leased_until""",
    ),
    "psa_tickets": Rights(
        add=_READ_LIST,
        change=_READ_LIST,
        columns="""number, summary, text, board_id, board, status_id, status, team, owner, customer, contact,
          updated_at, folded, mark""",
        remove=_READ_LIST,
    ),
    "script_templates": Rights(
        add=f"{ESCALATIONS} AND created_by = {ME} AND changed_by = {ME} AND status = 'draft'",
        change=f"{ESCALATIONS} AND changed_by = {ME}",
        columns="title, language, body, parameters, status, revision, changed_at, changed_by",
    ),
    "fixes": Rights(
        add=f"""{ESCALATIONS} AND created_by = {ME} AND changed_by = {ME} AND status = 'proposed'
                AND decision IS NULL AND applied_at IS NULL AND superseded_at IS NULL""",
        change=WORKS,
        columns="""decision, decided_at, draft_id, status, worked_notes, partial_notes, failure_reason, waiting_for,
          applied_at, verified_at, superseded_at, changed_at, changed_by""",
    ),
    "missed_questions": Rights(
        add=f"{ESCALATIONS} AND created_by = {ME} AND settled_by IS NULL",
        change=f"{REVIEWS} AND settled_by = {ME}",
        columns="settled_at, settled_by",
        lock="settled_by IS NULL",
    ),
    "facts": Rights(
        add=f"{ESCALATIONS} AND created_by = {ME} AND changed_by = {ME} AND deleted_at IS NULL",
        change=f"{ESCALATIONS} AND changed_by = {ME}",
        columns="text, changed_at, changed_by, deleted_at",
        lock="deleted_at IS NULL",
    ),
}
