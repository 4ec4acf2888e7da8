-- The ground: two roles, the isolation of controllers, and the controllers themselves.
-- Roles belong to the whole cluster, so another database may have made them already.
-- Whoever makes a role may not yet act in it: since PostgreSQL 16 that right (SET) is one of its own.
DO $$
DECLARE
    role_name text;
    may_act_in text := CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'SET' ELSE 'MEMBER' END;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['rightcall_app', 'rightcall_system'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END;
        END IF;
        IF NOT pg_has_role(current_user, role_name, may_act_in) THEN
            EXECUTE format('GRANT %I TO %I', role_name, current_user);
        END IF;
    END LOOP;
END $$;

GRANT USAGE ON SCHEMA public TO rightcall_app, rightcall_system;

-- The controller of this transaction, or NULL: a policy that compares with NULL lets nothing through.
CREATE FUNCTION current_controller() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT nullif(current_setting('rightcall.controller', true), '')::uuid $$;

-- Puts a table under row-level security by its column `controller`, and says what the application may do with its rows.
-- `system_may` names what the deployment's own work may do with the rows of all controllers; '' for nothing.
CREATE FUNCTION isolate(relation regclass, app_may text, system_may text DEFAULT '') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY own_rows ON %s TO rightcall_app USING (controller = current_controller()) '
                   'WITH CHECK (controller = current_controller())', relation);
    EXECUTE format('GRANT %s ON %s TO rightcall_app', app_may, relation);
    IF system_may <> '' THEN
        EXECUTE format('CREATE POLICY all_rows ON %s TO rightcall_system USING (true) WITH CHECK (true)', relation);
        EXECUTE format('GRANT %s ON %s TO rightcall_system', system_may, relation);
    END IF;
END $$;

CREATE TABLE controllers (
    controller    uuid PRIMARY KEY,
    name          text NOT NULL CHECK (name <> ''),
    address       text NOT NULL,
    contact       text NOT NULL CHECK (contact <> ''),
    jurisdictions text[] NOT NULL CHECK (cardinality(jurisdictions) > 0),
    created_at    timestamptz NOT NULL
);
SELECT isolate('controllers', 'SELECT', 'SELECT, INSERT, UPDATE');
