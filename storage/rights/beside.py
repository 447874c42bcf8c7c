"""What may become of the rows beside a call, as triggers on people alone: a ticket's status, what is found out about a
call, what the matcher learns of it, how far its note has come on the way to the PSA, what the PSA lists.

Much of it is part of a change of the call itself: in the same transaction, by the same person. That the call's row was
written in this transaction says its `xmin`; nothing of ours uses savepoints, which would have numbers of their own.
Where the order of the two is not ours to choose, the question is put at the end of the transaction.
"""

from storage.rights.guards import head

_CHANGED = "call.changed_by = me.user_id AND call.xmin = pg_current_xact_id()::xid"
"""The person changes the call in this very transaction."""
_REFUSED = "USING ERRCODE = 'insufficient_privilege'"

# What `services.walks.closing.settle_tickets` makes of it.
_TICKET = f"""CREATE OR REPLACE FUNCTION private.guard_ticket() {head("statuses text[]; meant text;")}
BEGIN
  IF me.user_id IS NULL THEN RETURN NULL; END IF;
  SELECT array_agg(call.status::text) INTO statuses FROM :schema.sessions AS call
    WHERE call.account_id = NEW.account_id AND call.ticket_id = NEW.id;
  meant := CASE WHEN statuses && ARRAY['requesting_escalation', 'escalated'] THEN 'escalated'
                WHEN statuses && ARRAY['active', 'paused'] THEN 'walking'
                WHEN 'resolved' = ANY (statuses) THEN 'resolved' ELSE 'open' END;
  IF NOT EXISTS (SELECT FROM :schema.tickets AS one WHERE one.id = NEW.id AND one.status = meant) THEN
    RAISE EXCEPTION 'a ticket is what its calls make it: %', meant {_REFUSED};
  END IF;
  RETURN NULL;
END $$"""

_FINDING = f"""CREATE OR REPLACE FUNCTION private.guard_finding() {head()}
BEGIN
  IF me.user_id IS NULL THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT FROM :schema.sessions AS call WHERE call.id = NEW.session_id AND {_CHANGED}
                   AND (me.role <> 'l1_tech' OR call.status = 'resolved' OR call.awaits_psa)) THEN
    RAISE EXCEPTION 'what is found about a call is part of a change of it' {_REFUSED};
  END IF;
  RETURN NULL;
END $$"""

_FIX = f"""CREATE OR REPLACE FUNCTION private.guard_fix() {head()}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  IF (NEW.status, NEW.decision, NEW.draft_id, NEW.applied_at, NEW.verified_at, NEW.worked_notes, NEW.partial_notes,
      NEW.failure_reason, NEW.waiting_for)
     IS DISTINCT FROM (OLD.status, OLD.decision, OLD.draft_id, OLD.applied_at, OLD.verified_at, OLD.worked_notes,
      OLD.partial_notes, OLD.failure_reason, OLD.waiting_for) AND NEW.changed_by <> me.user_id THEN
    RAISE EXCEPTION 'whoever says something of a fix signs for it' {_REFUSED};
  END IF;
  IF OLD.status IN ('applied_success', 'applied_failed', 'dismissed') AND NEW.status <> OLD.status
     OR OLD.decision = 'dismissed' AND NEW.decision IS DISTINCT FROM OLD.decision
     OR NEW.applied_at IS DISTINCT FROM OLD.applied_at AND OLD.applied_at IS NOT NULL
     OR NEW.superseded_at IS DISTINCT FROM OLD.superseded_at AND OLD.superseded_at IS NOT NULL THEN
    RAISE EXCEPTION 'what has become of this fix stays' {_REFUSED};
  END IF;
  IF me.role = 'l1_tech' AND (NEW.decision, NEW.decided_at, NEW.draft_id, NEW.superseded_at)
     IS DISTINCT FROM (OLD.decision, OLD.decided_at, OLD.draft_id, OLD.superseded_at) THEN
    RAISE EXCEPTION 'an engineer decides on a fix' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

# What `services.walks.lessons` and `services.flows.examples` make of it.
_EXAMPLE = f"""CREATE OR REPLACE FUNCTION private.guard_example() {head("taught boolean; reviews boolean;")}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  reviews := me.role <> 'l1_tech' AND NEW.changed_by = me.user_id;
  taught := NEW.source = 'call' AND EXISTS (
    SELECT FROM :schema.sessions AS call WHERE call.id = NEW.session_id AND {_CHANGED}
      AND call.status = 'resolved' AND call.escalated_at IS NULL AND call.problem_text = NEW.text
      AND CASE WHEN call.flow_id IS NOT NULL THEN call.flow_id = NEW.flow_id
                 AND NEW.verdict = CASE WHEN call.helpful AND NOT call.free_notes THEN 'right' ELSE 'wrong' END
               ELSE call.helpful AND NEW.verdict = 'wrong' AND EXISTS (
                 SELECT FROM :schema.flow_offers AS offer WHERE offer.session_id = call.id
                   AND offer.flow_id = NEW.flow_id AND offer.taken = 'passed') END);
  -- With a proposal that is approved, what those said whom it has helped is learnt.
  taught := taught OR me.role <> 'l1_tech' AND NEW.source = 'call' AND NEW.verdict = 'right' AND EXISTS (
    SELECT FROM :schema.sessions AS call WHERE call.id = NEW.session_id AND call.proposal_id IS NOT NULL
      AND call.status = 'resolved' AND call.helpful AND call.problem_text = NEW.text);
  IF TG_OP = 'INSERT' THEN
    IF NOT (taught AND NEW.dropped_at IS NULL AND NEW.changed_by IS NULL
            OR reviews AND NEW.source = 'person' AND NEW.session_id IS NULL) IS TRUE THEN
      RAISE EXCEPTION 'this is nothing that a call or a reviewer teaches' {_REFUSED};
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.text, NEW.verdict, NEW.source) IS DISTINCT FROM (OLD.text, OLD.verdict, OLD.source) AND NOT taught
     OR NEW.changed_by IS DISTINCT FROM OLD.changed_by AND reviews IS NOT TRUE
     OR NEW.dropped_at IS DISTINCT FROM OLD.dropped_at AND NOT (
          reviews OR taught AND NEW.dropped_at IS NULL AND OLD.changed_by IS NULL
          OR NEW.dropped_at IS NOT NULL AND EXISTS (  -- the call is passed on after all
               SELECT FROM :schema.sessions AS call WHERE call.id = NEW.session_id AND {_CHANGED}
                 AND call.status <> 'resolved')) IS TRUE THEN
    RAISE EXCEPTION 'this example is not for you to change' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

# What is under way to the PSA: begun with the end of the call, gone on with by whoever has the lease.
_ASKED = f"""CREATE OR REPLACE FUNCTION private.guard_asked() {head()}
BEGIN
  IF me.user_id IS NULL THEN RETURN NULL; END IF;
  IF NOT EXISTS (SELECT FROM :schema.sessions AS call WHERE call.id = NEW.session_id AND {_CHANGED}
                   AND call.ticket_id = NEW.ticket_id
                   AND CASE NEW.kind WHEN 'resolution' THEN call.awaits_psa
                                     ELSE call.escalated_by = me.user_id END) THEN
    RAISE EXCEPTION 'only the end of a call is written to the PSA' {_REFUSED};
  END IF;
  RETURN NULL;
END $$"""

_WRITEBACK = f"""CREATE OR REPLACE FUNCTION private.guard_writeback() {head()}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  IF OLD.state IN ('verified', 'skipped') THEN
    RAISE EXCEPTION 'what has reached the PSA stays' {_REFUSED};
  END IF;
  IF NEW.leased_by IS DISTINCT FROM OLD.leased_by AND NEW.leased_by IS NOT NULL
     AND OLD.leased_until > clock_timestamp() THEN
    RAISE EXCEPTION 'another terminal has it' {_REFUSED};
  END IF;
  IF OLD.leased_by IS NULL AND (
       (NEW.posting_at, NEW.noted_at, NEW.note_id, NEW.timing_at, NEW.timed_at, NEW.time_id, NEW.changing_at,
        NEW.changed_at, NEW.settled_at, NEW.status_name, NEW.provider)
       IS DISTINCT FROM
       (OLD.posting_at, OLD.noted_at, OLD.note_id, OLD.timing_at, OLD.timed_at, OLD.time_id, OLD.changing_at,
        OLD.changed_at, OLD.settled_at, OLD.status_name, OLD.provider)
       OR NEW.state IN ('verified', 'skipped')) THEN
    RAISE EXCEPTION 'nobody is at it' {_REFUSED};
  END IF;
  IF NEW.noted_at IS NOT NULL AND OLD.noted_at IS NULL AND OLD.posting_at IS NULL
     OR NEW.timed_at IS NOT NULL AND OLD.timed_at IS NULL AND OLD.timing_at IS NULL
     OR NEW.state IN ('verified', 'skipped') AND OLD.noted_at IS NULL
     OR (NEW.markdown, NEW.helpful) IS DISTINCT FROM (OLD.markdown, OLD.helpful) AND OLD.posting_at IS NOT NULL THEN
    RAISE EXCEPTION 'one step after the other' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

_LIST = f"""CREATE OR REPLACE FUNCTION private.guard_list() {head()}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  IF NEW.leased_by IS DISTINCT FROM OLD.leased_by AND NEW.leased_by IS NOT NULL
     AND OLD.leased_until > clock_timestamp() THEN
    RAISE EXCEPTION 'another terminal has it' {_REFUSED};
  END IF;
  IF OLD.leased_by IS NULL AND (NEW.refreshed_at, NEW.refreshed_by, NEW.tickets, NEW.failed_at, NEW.error, NEW.failures,
       NEW.due_at) IS DISTINCT FROM (OLD.refreshed_at, OLD.refreshed_by, OLD.tickets, OLD.failed_at, OLD.error,
       OLD.failures, OLD.due_at)
     OR NEW.refreshed_by IS DISTINCT FROM OLD.refreshed_by AND NEW.refreshed_by <> me.user_id THEN
    RAISE EXCEPTION 'whoever reads a list has its lease, and signs for it' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

# Whose news it is stands first in it, or not at all; of a key that comes twice the last would be read.
_NOTICE = f"""CREATE OR REPLACE FUNCTION private.guard_notice() {head("said text; signed text;")}
BEGIN
  IF me.user_id IS NULL OR strpos(NEW.details, '"by":') = 0 THEN RETURN NEW; END IF;
  said := substring(NEW.details FROM '^[{{]"by":("([^"\\\\]|\\\\.)*")');
  SELECT one.name INTO signed FROM :schema.users AS one WHERE one.id = me.user_id;
  IF (said::json #>> '{{}}') IS DISTINCT FROM signed OR strpos(substr(NEW.details, 7), '"by":') > 0 THEN
    RAISE EXCEPTION 'nobody tells anything in the name of somebody else' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

_ACCOUNT = f"""CREATE OR REPLACE FUNCTION private.guard_account() {head()}
BEGIN
  IF me.user_id IS NOT NULL AND NEW.library_revision <> OLD.library_revision + 1 THEN
    RAISE EXCEPTION 'a library counts up by one' {_REFUSED};
  END IF;
  RETURN NEW;
END $$"""

_AT_ONCE = {  # trigger: when, on what, which function
    "fixes_change_by_the_rules": ("BEFORE UPDATE", "fixes", "guard_fix"),
    "examples_change_by_the_rules": ("BEFORE INSERT OR UPDATE", "flow_examples", "guard_example"),
    "writebacks_change_by_the_rules": ("BEFORE UPDATE", "writebacks", "guard_writeback"),
    "lists_change_by_the_rules": ("BEFORE UPDATE", "psa_lists", "guard_list"),
    "notices_are_signed": ("BEFORE INSERT", "notifications", "guard_notice"),
    "accounts_change_by_the_rules": ("BEFORE UPDATE", "accounts", "guard_account"),
}
_AT_THE_END = {
    "tickets_are_what_calls_make_them": ("AFTER INSERT OR UPDATE OF status", "tickets", "guard_ticket"),
    "facts_are_part_of_a_change": ("AFTER INSERT OR UPDATE", "facts", "guard_finding"),
    "fixes_are_part_of_a_change": ("AFTER INSERT OR UPDATE", "fixes", "guard_finding"),
    "missed_questions_are_part_of_a_change": ("AFTER INSERT", "missed_questions", "guard_finding"),
    "writebacks_are_part_of_a_change": ("AFTER INSERT", "writebacks", "guard_asked"),
}


def guards_beside() -> tuple[str, ...]:
    functions = (_TICKET, _FINDING, _FIX, _EXAMPLE, _ASKED, _WRITEBACK, _LIST, _NOTICE, _ACCOUNT)
    at_once = (
        f"CREATE OR REPLACE TRIGGER {name} {when} ON {table} FOR EACH ROW EXECUTE FUNCTION private.{function}()"
        for name, (when, table, function) in _AT_ONCE.items()
    )
    at_the_end = (  # of these there is no OR REPLACE
        statement
        for name, (when, table, function) in _AT_THE_END.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"""CREATE CONSTRAINT TRIGGER {name} {when} ON {table} DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW EXECUTE FUNCTION private.{function}()""",
        )
    )
    return (*functions, *at_once, *at_the_end)
