"""Who the connected login is, and what it takes to make logins and to ring bells: functions in a schema of their own.

They run as the store's owner, so each asks `session_user`, which no statement of a person can change, and names every
object with its schema.
"""

from storage.location import SERVER_SETTINGS

LOGIN_PATTERN = "^rfl1_[0-9a-f]{16}$"
VERIFIER_PATTERN = "^SCRAM-SHA-256[$][0-9]{4,7}:[A-Za-z0-9+/=]{16,64}[$][A-Za-z0-9+/=]{44}:[A-Za-z0-9+/=]{44}$"
CONNECTIONS_EACH = 32
"""At once, of one person: many terminals, and yet not all that the server has."""

_LIMITS = " ".join(
    f"EXECUTE format('ALTER ROLE %I SET {name} = %L', one.login, '{value}');"
    for name, value in SERVER_SETTINGS.items()
    if name != "application_name"
)
"""What a pooler does not pass on holds for the login itself."""
_AS_OWNER = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"
_WHO = "FROM private.people AS me WHERE me.login = session_user AND me.may_connect AND me.active"


def _looks(name: str, gives: str, found: str) -> str:
    """A function that gives one value. In plpgsql, which keeps its plan; what is written in SQL alone is planned anew
    for every statement that asks who one is, which takes longer than a step."""
    return f"""CREATE OR REPLACE FUNCTION private.{name} RETURNS {gives}
               LANGUAGE plpgsql STABLE PARALLEL SAFE {_AS_OWNER}
               AS $$ BEGIN RETURN ({found}); END $$"""


FUNCTIONS = (
    f"""CREATE OR REPLACE FUNCTION private.me() RETURNS private.people LANGUAGE plpgsql STABLE PARALLEL SAFE {_AS_OWNER}
        AS $$ DECLARE found private.people; BEGIN SELECT me.* INTO found {_WHO}; RETURN found; END $$""",
    _looks("me_account()", "uuid", f"SELECT me.account_id {_WHO}"),
    _looks("me_user()", "uuid", f"SELECT me.user_id {_WHO}"),
    _looks(
        "may(act text)",
        "boolean",
        f"""SELECT CASE act
              WHEN 'calls' THEN me.role <> 'engineer' OR me.covers_l1
              WHEN 'escalations' THEN me.role <> 'l1_tech'
              WHEN 'works' THEN TRUE
              WHEN 'reviews' THEN me.role <> 'l1_tech'
              WHEN 'administers' THEN me.role IN ('admin', 'owner')
              WHEN 'owns' THEN me.role = 'owner'
            END {_WHO}""",
    ),
    # The store's owner, at a connection of their own: nobody else who happens to run as them (a view, a function).
    _looks(
        "keeps()",
        "boolean",
        """SELECT pg_has_role(session_user, current_user, 'MEMBER')
             AND NOT EXISTS (SELECT FROM private.people AS me WHERE me.login = session_user)""",
    ),
    _looks(
        "is_active(person uuid)",
        "boolean",
        """SELECT EXISTS (SELECT FROM private.people AS one WHERE one.user_id = person AND one.active
             AND (private.keeps() OR one.account_id = private.me_account()))""",
    ),
    _looks(
        "others(wanted text[])",
        "boolean",
        """SELECT EXISTS (SELECT FROM private.people AS one WHERE one.account_id = private.me_account()
             AND one.user_id <> private.me_user() AND one.active AND one.role = ANY (wanted))""",
    ),
    _looks(
        "my_bell()",
        "text",
        "SELECT bell.channel FROM private.bells AS bell WHERE bell.account_id = private.me_account()",
    ),
    # For what is stored where no trigger rings.
    f"""CREATE OR REPLACE FUNCTION private.ring_for(account uuid) RETURNS void LANGUAGE plpgsql {_AS_OWNER} AS $$
        BEGIN
          PERFORM pg_notify(bell.channel, '') FROM private.bells AS bell
          WHERE bell.account_id = account AND (account = private.me_account() OR private.keeps());
        END $$""",
)

# An active person of an account gets a login, or another password, from whoever runs the account or the store; a
# password of one's own, one sets oneself. Only what was made here is ever altered here.
LOGINS = (
    f"""CREATE OR REPLACE FUNCTION private.give_login(person uuid, verifier text) RETURNS void LANGUAGE plpgsql
        {_AS_OWNER} AS $$
        DECLARE
          me private.people := private.me();
          one private.people;
        BEGIN
          SELECT * INTO one FROM private.people AS each WHERE each.user_id = person AND each.active FOR UPDATE;
          IF one.login IS NULL OR NOT (
            private.keeps() OR one.user_id = me.user_id AND one.may_connect
            OR me.role = 'owner' AND one.account_id = me.account_id
            OR me.role = 'admin' AND one.account_id = me.account_id AND one.role <> 'owner'
          ) IS TRUE THEN
            RAISE EXCEPTION 'no login for this person' USING ERRCODE = 'insufficient_privilege';
          END IF;
          IF one.login !~ '{LOGIN_PATTERN}' OR verifier !~ '{VERIFIER_PATTERN}' THEN
            RAISE EXCEPTION 'this is no login, or no verifier' USING ERRCODE = 'invalid_parameter_value';
          END IF;
          IF NOT one.may_connect THEN
            EXECUTE format('CREATE ROLE %I LOGIN CONNECTION LIMIT {CONNECTIONS_EACH}', one.login);
            {_LIMITS}
            EXECUTE format('GRANT %I TO %I', :people, one.login);
            UPDATE private.people SET may_connect = TRUE WHERE user_id = person;
          END IF;
          EXECUTE format('ALTER ROLE %I LOGIN', one.login);
          IF verifier IS NOT NULL THEN
            EXECUTE format('ALTER ROLE %I PASSWORD %L', one.login, verifier);
          END IF;
        END $$""",
    # After the commit that disabled somebody: what they had open is closed. Only whoever is a member of a role may do
    # that; the owner is one no longer than it takes, or what people may would be asked of the owner's rows as well.
    f"""CREATE OR REPLACE FUNCTION private.cut_off() RETURNS integer LANGUAGE plpgsql {_AS_OWNER} AS $$
        DECLARE
          gone text;
          closed integer := 0;
        BEGIN
          FOR gone IN SELECT one.login FROM private.people AS one
                      WHERE one.may_connect AND NOT one.active
                        AND (private.keeps() OR private.may('administers') AND one.account_id = private.me_account())
                        AND EXISTS (SELECT FROM pg_stat_activity AS theirs
                                    WHERE theirs.usename = one.login AND theirs.datname = current_database())
          LOOP
            EXECUTE format('GRANT %I TO %I', gone, current_user);
            closed := closed + (SELECT count(pg_terminate_backend(theirs.pid)) FROM pg_stat_activity AS theirs
                                WHERE theirs.usename = gone AND theirs.datname = current_database());
            EXECUTE format('REVOKE %I FROM %I', gone, current_user);
          END LOOP;
          RETURN closed;
        END $$""",
)

# Rows are copied as they change, so that a role or a flag that was taken away is gone with the commit.
COPIES = (
    f"""CREATE OR REPLACE FUNCTION private.copy_person() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
        BEGIN
          IF TG_OP = 'DELETE' THEN
            UPDATE private.people SET active = FALSE WHERE user_id = OLD.id;
            RETURN NULL;
          END IF;
          INSERT INTO private.people (user_id, account_id, login, role, covers_l1, active)
          VALUES (NEW.id, NEW.account_id, NEW.login, NEW.role, NEW.covers_l1, NEW.active AND NEW.deleted_at IS NULL)
          ON CONFLICT (user_id) DO UPDATE SET account_id = excluded.account_id, login = excluded.login,
            role = excluded.role, covers_l1 = excluded.covers_l1, active = excluded.active;
          IF TG_OP = 'UPDATE' AND NOT (NEW.active AND NEW.deleted_at IS NULL) THEN
            BEGIN
              EXECUTE (SELECT format('ALTER ROLE %I NOLOGIN', one.login) FROM private.people AS one
                       WHERE one.user_id = NEW.id AND one.may_connect);
            EXCEPTION WHEN insufficient_privilege OR undefined_object OR null_value_not_allowed THEN
              NULL;  -- whoever still gets in is nobody here
            END;
          END IF;
          RETURN NULL;
        END $$""",
    """CREATE OR REPLACE TRIGGER people_are_known AFTER INSERT OR UPDATE OR DELETE ON users
       FOR EACH ROW EXECUTE FUNCTION private.copy_person()""",
    f"""CREATE OR REPLACE FUNCTION private.hang_bell() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS
        $$ BEGIN INSERT INTO private.bells (account_id) VALUES (NEW.id); RETURN NULL; END $$""",
    """CREATE OR REPLACE TRIGGER accounts_have_a_bell AFTER INSERT ON accounts
       FOR EACH ROW EXECUTE FUNCTION private.hang_bell()""",
    # Says only that something changed, and is not believed: anybody may notify a channel whose name they know.
    f"""CREATE OR REPLACE FUNCTION private.ring() RETURNS trigger LANGUAGE plpgsql {_AS_OWNER} AS $$
        BEGIN
          IF TG_TABLE_NAME = 'accounts' THEN
            PERFORM pg_notify(bell.channel, '') FROM private.bells AS bell WHERE bell.account_id = NEW.id;
          ELSE
            PERFORM pg_notify(bell.channel, '') FROM private.bells AS bell WHERE bell.account_id = NEW.account_id;
          END IF;
          RETURN NULL;
        END $$""",
)

FOR_PEOPLE = (
    "me()",
    "me_account()",
    "me_user()",
    "may(text)",
    "is_active(uuid)",
    "others(text[])",
    "my_bell()",
    "ring_for(uuid)",
    "give_login(uuid, text)",
    "cut_off()",
)
"""What people may call."""
