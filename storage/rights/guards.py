"""What may become of a row: a policy sees only how it will be, these triggers see how it was as well.

They ask people alone; the store's owner, who acts as anybody, is kept to the rules by the services.
"""


def head(more: str = "") -> str:
    """Of a trigger's function: who it is, and `more` variables."""
    return f"""RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  me private.people := private.me();
  {more}"""


_HEAD = head()

_SESSIONS = f"""CREATE OR REPLACE FUNCTION private.guard_session() {_HEAD}
  takes boolean := me.role <> 'engineer' OR me.covers_l1;
  works boolean := me.role <> 'l1_tech';
  runs boolean := me.role IN ('admin', 'owner');
  passed_on boolean := OLD.status IN ('requesting_escalation', 'escalated');
  -- Whether a fix worked shows later.
  was_passed_on boolean := OLD.status = 'resolved' AND OLD.escalated_at IS NOT NULL;
  claim_free boolean := OLD.claimed_by IS NULL OR OLD.claimed_by = me.user_id OR NOT private.is_active(OLD.claimed_by);
  -- Escalated by who began the call, at the moment it began.
  at_once boolean := OLD.state_version = 1 AND OLD.status = 'active' AND NEW.status = 'escalated'
    AND OLD.user_id = me.user_id AND OLD.created_at = OLD.changed_at AND NEW.changed_at = OLD.changed_at;
  by_writeback boolean := FALSE;
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  -- That a call is counted changes nothing of it.
  IF NEW.counted IS DISTINCT FROM OLD.counted
     AND to_jsonb(NEW) - 'counted' - 'handled' = to_jsonb(OLD) - 'counted' - 'handled' THEN
    RETURN NEW;
  END IF;
  IF OLD.awaits_psa THEN  -- whoever drains the outbox ends the call in the name of the one who meant to
    by_writeback := EXISTS (SELECT FROM :schema.writebacks AS ending WHERE ending.session_id = OLD.id
                              AND ending.kind = 'resolution' AND ending.user_id = NEW.resolved_by);
  END IF;
  IF NOT (takes OR passed_on OR was_passed_on) THEN
    RAISE EXCEPTION 'an engineer works on escalated calls' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.state_version = OLD.state_version THEN
    IF NOT at_once AND
       (NEW.status, NEW.user_id, NEW.pending, NEW.frames, NEW.verified, NEW.free_notes, NEW.changed_at, NEW.changed_by,
        NEW.helpful, NEW.resolution_notes, NEW.resolved_by, NEW.escalated_by, NEW.escalation_reason, NEW.claimed_by,
        NEW.escalation_untold, NEW.instruction, NEW.awaits_psa)
       IS DISTINCT FROM
       (OLD.status, OLD.user_id, OLD.pending, OLD.frames, OLD.verified, OLD.free_notes, OLD.changed_at, OLD.changed_by,
        OLD.helpful, OLD.resolution_notes, OLD.resolved_by, OLD.escalated_by, OLD.escalation_reason, OLD.claimed_by,
        OLD.escalation_untold, OLD.instruction, OLD.awaits_psa)
    THEN RAISE EXCEPTION 'a change counts the version up' USING ERRCODE = 'insufficient_privilege'; END IF;
  ELSIF NEW.state_version <> OLD.state_version + 1
        OR NEW.changed_by <> me.user_id AND NOT (by_writeback AND NEW.changed_by = NEW.resolved_by) THEN
    RAISE EXCEPTION 'a change counts the version up by one and is signed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.learned <> OLD.learned AND NEW.state_version = OLD.state_version AND NOT EXISTS (
       SELECT FROM :schema.sessions AS call
       WHERE call.id = OLD.id AND call.changed_by = me.user_id AND call.xmin = pg_current_xact_id()::xid) THEN
    RAISE EXCEPTION 'a call teaches when it ends' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.building_by IS DISTINCT FROM OLD.building_by AND NEW.building_by IS NOT NULL
     AND OLD.building_until > clock_timestamp() THEN
    RAISE EXCEPTION 'another terminal is making the next step' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.status <> OLD.status AND NOT (CASE NEW.status
       WHEN 'resolved' THEN passed_on OR takes AND OLD.status IN ('active', 'paused')
       WHEN 'escalated' THEN passed_on OR takes AND OLD.status IN ('active', 'paused', 'resolved')
       WHEN 'requesting_escalation' THEN takes AND OLD.status IN ('active', 'paused')
       WHEN 'active' THEN takes AND OLD.status = 'paused' OR works AND passed_on
       WHEN 'paused' THEN takes AND OLD.status = 'active'
       WHEN 'abandoned' THEN takes AND OLD.status IN ('active', 'paused')
       ELSE FALSE END)
     OR NEW.status <> OLD.status AND passed_on AND NOT (claim_free OR runs OR by_writeback) THEN
    RAISE EXCEPTION 'a call that is % does not become % this way', OLD.status, NEW.status
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.user_id <> OLD.user_id AND NOT (takes AND NEW.user_id = me.user_id AND NEW.status = 'active'
                                         AND OLD.status IN ('active', 'paused')) THEN
    RAISE EXCEPTION 'a call is taken over by oneself' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.escalated_by IS DISTINCT FROM OLD.escalated_by
       AND (NEW.escalated_by <> me.user_id OR NEW.escalated_by IS NULL OR NEW.status <> 'escalated'
            OR OLD.status = 'escalated')
     OR NEW.resolved_by IS DISTINCT FROM OLD.resolved_by
       AND (NEW.resolved_by <> me.user_id AND NOT by_writeback OR NEW.resolved_by IS NULL OR NEW.status <> 'resolved')
  THEN RAISE EXCEPTION 'whoever ends a call signs for it' USING ERRCODE = 'insufficient_privilege'; END IF;
  IF NEW.claimed_by IS DISTINCT FROM OLD.claimed_by AND NOT (
       CASE WHEN NEW.claimed_by IS NULL THEN NEW.status <> OLD.status
            ELSE works AND passed_on AND claim_free AND NEW.claimed_by = me.user_id
              AND OLD.escalated_by IS DISTINCT FROM me.user_id END) THEN
    RAISE EXCEPTION 'this call is not free to be claimed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$"""

_PROPOSALS = f"""CREATE OR REPLACE FUNCTION private.guard_proposal() {_HEAD}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  IF (NEW.status, NEW.edited, NEW.state_version, NEW.reviewed_by, NEW.reviewed_at, NEW.review_reason)
     IS DISTINCT FROM
     (OLD.status, OLD.edited, OLD.state_version, OLD.reviewed_by, OLD.reviewed_at, OLD.review_reason)
     AND (me.role = 'l1_tech' OR OLD.status NOT IN ('pending', 'modified') OR NEW.reviewed_by <> me.user_id
          OR NEW.reviewed_by IS NULL OR NEW.state_version <> OLD.state_version + 1
          OR me.role = 'engineer' AND NEW.status NOT IN ('modified', 'rejected')
             AND OLD.created_by IS NOT DISTINCT FROM me.user_id
             AND private.others(ARRAY['engineer', 'admin', 'owner'])) THEN
    RAISE EXCEPTION 'this proposal is not for you to review' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (NEW.worked, NEW.validated_by_outcome) IS DISTINCT FROM (OLD.worked, OLD.validated_by_outcome)
     AND (abs(NEW.worked - OLD.worked) > 1 OR NOT EXISTS (
            SELECT FROM :schema.sessions AS call WHERE (call.proposal_id = OLD.id OR call.id = OLD.session_id)
              AND call.changed_by = me.user_id AND call.xmin = pg_current_xact_id()::xid)) THEN
    RAISE EXCEPTION 'a call counts once, when it ends' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$"""

_USERS = f"""CREATE OR REPLACE FUNCTION private.guard_user() {_HEAD}
BEGIN
  IF me.user_id IS NULL THEN RETURN NEW; END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.login IS NOT NULL AND NEW.login !~ '{{pattern}}' THEN
      RAISE EXCEPTION 'this is no login' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
  END IF;
  IF me.role <> 'owner' AND 'owner' IN (OLD.role, NEW.role) THEN
    RAISE EXCEPTION 'only an owner makes or removes an owner' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NEW.login IS DISTINCT FROM OLD.login AND (OLD.login IS NOT NULL OR NEW.login !~ '{{pattern}}') THEN
    RAISE EXCEPTION 'a login stays with its person' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF OLD.role = 'owner' AND (NEW.role <> 'owner' OR NOT NEW.active OR NEW.deleted_at IS NOT NULL) THEN
    PERFORM FROM :schema.accounts AS mine WHERE mine.id = OLD.account_id FOR NO KEY UPDATE;
    IF NOT EXISTS (SELECT FROM :schema.users AS one WHERE one.account_id = OLD.account_id AND one.id <> OLD.id
                   AND one.role = 'owner' AND one.active AND one.deleted_at IS NULL) THEN
      RAISE EXCEPTION 'the last owner stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $$"""


def guards(login_pattern: str) -> tuple[str, ...]:
    return (
        _SESSIONS,
        """CREATE OR REPLACE TRIGGER sessions_change_by_the_rules BEFORE UPDATE ON sessions
           FOR EACH ROW EXECUTE FUNCTION private.guard_session()""",
        _PROPOSALS,
        """CREATE OR REPLACE TRIGGER proposals_change_by_the_rules BEFORE UPDATE ON proposals
           FOR EACH ROW EXECUTE FUNCTION private.guard_proposal()""",
        _USERS.replace("{pattern}", login_pattern),
        """CREATE OR REPLACE TRIGGER users_change_by_the_rules BEFORE INSERT OR UPDATE ON users
           FOR EACH ROW EXECUTE FUNCTION private.guard_user()""",
    )
