"""Two accounts on one Postgres with a row of everything in each, and a login for everybody: what is attacked."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid5

import asyncpg

import migrations
from storage.database import Database
from storage.logins import verifier
from tests.logins import with_login

PASSWORD = "correct horse"
PEOPLE = {
    "olga": ("ours", "owner", False),
    "ada": ("ours", "admin", False),
    "emil": ("ours", "engineer", False),
    "cora": ("ours", "engineer", True),
    "tina": ("ours", "l1_tech", False),
    "tom": ("ours", "l1_tech", False),
    "otto": ("theirs", "owner", False),
    "tilda": ("theirs", "l1_tech", False),
}
"""By name: whose account, role, covers level 1."""
_KNOWN = UUID("0b5e1b0a-7c1f-4f0e-9d55-0c7d3f7a1d11")


def known(name: str) -> UUID:
    """The id that `name` stands for in the statements below and in the attacks."""
    return uuid5(_KNOWN, name)


def spelled(statement: str, logins: Mapping[str, str]) -> str:
    """With `{ours.session}` and the like as ids, `{login.otto}` as what a person signs in as."""

    def literal(found: re.Match[str]) -> str:
        where, _, what = found[1].partition(".")
        return f"'{logins[what]}'" if where == "login" else f"'{known(found[1])}'"

    return re.sub(r"\{([a-z_][a-z_.0-9]*)\}", literal, statement)


_ROWS = """
INSERT INTO accounts (id, name, created_at, library_revision) VALUES ({A}, '$A', now(), 0);
INSERT INTO account_settings VALUES ({A}, 'sessions.abandon_after_hours', '24');
INSERT INTO audit_log (id, account_id, at, user_id, action, details)
  VALUES ({A.audit}, {A}, now(), {$OWNER}, 'account.establish', '{}');
INSERT INTO flows (id, account_id, slug, created_at) VALUES ({A.flow}, {A}, 'printer', now());
INSERT INTO flow_versions (id, account_id, flow_id, number, status, title, category, content, nodes, digest, created_at)
  VALUES ({A.version}, {A}, {A.flow}, 1, 'published', 'Printer', 'printer', '{}', 1, '0', now()),
         ({A.draft_version}, {A}, {A.flow}, 2, 'draft', 'Printer', 'printer', '{}', 1, '1', now());
INSERT INTO tickets (id, account_id, kind, problem, customer, contact, folded, status, created_at, updated_at)
  VALUES ({A.ticket}, {A}, 'internal', 'the printer of $A', 'Northwind', '555', 'printer', 'escalated', now(), now());
INSERT INTO sessions (id, account_id, kind, status, state_version, user_id, ticket_id, flow_id, flow_version_id,
    problem_text, customer, contact, pending, frames, verified, free_notes, created_at, last_step_at, changed_at,
    changed_by, learned, escalated_by, escalated_at, resolved_by, resolved_at, claimed_by, awaits_psa)
  VALUES ({A.session}, {A}, 'flow', 'active', 1, {$TECH}, {A.ticket}, {A.flow}, {A.version}, 'printer', '', '', '{}',
          '[]', false, false, now(), now(), now(), {$TECH}, false, NULL, NULL, NULL, NULL, NULL, false),
         ({A.escalated}, {A}, 'flow', 'escalated', 1, {$TECH}, {A.ticket}, {A.flow}, {A.version}, 'printer', '', '',
          NULL, '[]', false, false, now(), now(), now(), {$TECH}, false, {$ESCALATES}, now(), NULL, NULL, NULL, false),
         ({A.claimed}, {A}, 'flow', 'escalated', 1, {$TECH}, {A.ticket}, {A.flow}, {A.version}, 'printer', '', '',
          NULL, '[]', false, false, now(), now(), now(), {$TECH}, false, {$TECH}, now(), NULL, NULL, {$CLAIMS}, false),
         ({A.built}, {A}, 'ai_build', 'resolved', 1, {$BUILDS}, {A.ticket}, NULL, NULL, 'printer', '', '', NULL, '[]',
          false, false, now(), now(), now(), {$TECH}, false, NULL, NULL, {$TECH}, now(), NULL, false),
         ({A.solved}, {A}, 'ai_build', 'resolved', 1, {$TECH}, {A.ticket}, NULL, NULL, 'printer', '', '', NULL, '[]',
          false, false, now(), now(), now(), {$TECH}, false, NULL, NULL, {$TECH}, now(), NULL, false);
INSERT INTO steps (session_id, seq, account_id, step_id, answer, answer_label, at, by, seconds, before)
  VALUES ({A.session}, 1, {A}, {A.step}, '1', 'Yes', now(), {$TECH}, 3, '{}');
INSERT INTO notes (id, account_id, session_id, author_id, text, created_at, updated_at)
  VALUES ({A.note}, {A}, {A.session}, {$TECH}, 'a note of $A', now(), now());
INSERT INTO notifications (id, account_id, user_id, session_id, event, details, created_at)
  VALUES ({A.notification}, {A}, {$OWNER}, {A.escalated}, 'l1.session.escalated', '{}', now());
INSERT INTO proposals (id, account_id, status, type, source, title, category, keywords, tree, validated_by_outcome,
    worked, session_id, created_by, created_at)
  VALUES ({A.proposal}, {A}, 'pending', 'new_flow', 'ai_realtime_l1', 'Printer', 'printer', '[]', '{}', true, 1,
          {A.built}, {$BUILDS}, now());
INSERT INTO model_calls (id, account_id, user_id, session_id, purpose, model, input_tokens, cache_write_tokens,
    cache_read_tokens, output_tokens, cost, ms, outcome, at)
  VALUES ({A.model_call}, {A}, {$TECH}, {A.session}, 'node', 'm', 1, 0, 0, 1, 5, 9, 'ok', now());
INSERT INTO drafts (id, account_id, session_id, kind, state_version, markdown, by, made_at)
  VALUES ({A.draft}, {A}, {A.session}, 'resolution_note', 1, 'draft of $A', 'template', now());
INSERT INTO flow_readings (id, account_id, flow_version_id, reader, content)
  VALUES ({A.reading}, {A}, {A.version}, 'r', 'x'), ({A.old_reading}, {A}, {A.draft_version}, 'r', 'x');
INSERT INTO flow_examples (id, account_id, flow_id, session_id, text, verdict, source, created_at, changed_at)
  VALUES ({A.example}, {A}, {A.flow}, {A.session}, 'a caller of $A', 'right', 'call', now(), now());
INSERT INTO flow_offers (id, account_id, session_id, flow_id, place, chance, taken, at)
  VALUES ({A.offer}, {A}, {A.session}, {A.flow}, 1, 0.5, 'chosen', now());
INSERT INTO match_fits (id, account_id, reader, revision, fitted, made_at)
  VALUES ({A.fit}, {A}, 'r', 0, '{}', now());
INSERT INTO writebacks (id, account_id, session_id, ticket_id, user_id, kind, provider, mark, markdown, helpful, state,
    why, worked_by, tries, unsettled, next_try_at, created_at)
  VALUES ({A.writeback}, {A}, {A.built}, {A.ticket}, {$TECH}, 'resolution', '', 'mark', 'note of $A', true, 'waiting',
          '', '', 0, 0, now(), now());
INSERT INTO psa_lists (id, account_id, name, tickets, error, failures, due_at)
  VALUES ({A.list}, {A}, 'open', 1, '', 0, now());
INSERT INTO psa_tickets (id, account_id, list_id, external_id, number, summary, text, board_id, board, status_id,
    status, team, owner, customer, contact, opened_at, folded, mark, seen_at)
  VALUES ({A.listed}, {A}, {A.list}, '1', '1', 'printer', '', '', '', '', '', '', '', '', '', now(), '', 'm', now());
INSERT INTO script_templates (id, account_id, title, language, body, parameters, status, revision, created_at,
    created_by, changed_at, changed_by)
  VALUES ({A.script}, {A}, 'Restart', 'bash', 'true', '[]', 'draft', 1, now(), {$OWNER}, now(), {$OWNER});
INSERT INTO fixes (id, account_id, session_id, number, origin, title, rationale, steps, confidence, status, created_at,
    created_by, changed_at, changed_by)
  VALUES ({A.fix}, {A}, {A.escalated}, 1, 'hand', 'Restart', '', '[]', 50, 'proposed', now(), {$OWNER}, now(),
          {$OWNER});
INSERT INTO missed_questions (id, account_id, session_id, node_text, text, created_at, created_by)
  VALUES ({A.missed}, {A}, {A.escalated}, 'node', 'since when', now(), {$OWNER});
INSERT INTO facts (id, account_id, session_id, kind, source, text, created_at, created_by, changed_at, changed_by)
  VALUES ({A.fact}, {A}, {A.escalated}, 'known', 'note', 'a fact of $A', now(), {$OWNER}, now(), {$OWNER});
INSERT INTO visit_counts (account_id, tree, node, ending, seconds, calls)
  VALUES ({A}, 'flow:$A', 'ask', 'resolved', 5, 7);
INSERT INTO week_counts (account_id, week, kind, category, ending, reason, reopened, calls)
  VALUES ({A}, '2026-03-02', 'flow', 'printer', 'resolved', '', false, 7);
INSERT INTO presences (id, account_id, user_id, session_id, seen_at)
  VALUES ({A.presence}, {A}, {$TECH}, {A.session}, now());
"""
_CAST = {
    "ours": {"$OWNER": "olga", "$TECH": "tina", "$ESCALATES": "cora", "$CLAIMS": "emil", "$BUILDS": "cora"},
    "theirs": {"$OWNER": "otto", "$TECH": "tilda", "$ESCALATES": "tilda", "$CLAIMS": "otto", "$BUILDS": "tilda"},
}


class Siege:
    """`url` is the owner's; `logins` what each of PEOPLE signs in as."""

    def __init__(self, url: str, logins: Mapping[str, str]) -> None:
        self.url = url
        self.logins = logins

    @classmethod
    async def laid(cls, url: str) -> "Siege":
        """In an empty database."""
        database, logins = Database.open(url), {}
        await migrations.upgrade(database)
        await database.dispose()
        connection = await asyncpg.connect(url)
        try:
            async with connection.transaction():
                accounts, *rest = (each for each in _ROWS.split(";\n") if each.strip())
                for account in _CAST:
                    await connection.execute(_of(account, accounts))
                for name, (account, role, covers) in PEOPLE.items():
                    made = """INSERT INTO users
                                (id, account_id, name, role, covers_l1, active, first, created_at, login)
                              VALUES ($1, $2, $3, $4, $5, true, $6, now(), $7)"""
                    logins[name] = f"rfl1_{known(url + name).hex[:16]}"
                    person = (known(name), known(account), name, role, covers, role == "owner", logins[name])
                    await connection.execute(made, *person)
                for account in _CAST:
                    for statement in rest:
                        await connection.execute(_of(account, statement))
            for name in PEOPLE:
                await connection.execute("SELECT private.give_login($1, $2)", known(name), verifier(PASSWORD))
        finally:
            await connection.close()
        return cls(url, logins)

    @asynccontextmanager
    async def as_(self, who: str) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(with_login(self.url, self.logins[who], PASSWORD))
        try:
            yield connection
        finally:
            await connection.close()


def _of(account: str, statement: str) -> str:
    for part, name in _CAST[account].items():
        statement = statement.replace(f"{{{part}}}", f"'{known(name)}'")
    statement = re.sub(r"\{A(\.[a-z_]+)?\}", lambda found: f"'{known(account + (found[1] or ''))}'", statement)
    return statement.replace("$A", account)
