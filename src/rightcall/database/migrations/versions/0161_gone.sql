-- What was asked of a row when it came is not asked of it again when it goes.
DO $$
DECLARE asked record; changes text := '';
BEGIN
    FOR asked IN SELECT conname, pg_get_constraintdef(oid) AS said FROM pg_constraint
                  WHERE conrelid = 'holdings'::regclass AND contype = 'c' AND NOT connoinherit ORDER BY conname LOOP
        changes := changes || format(', DROP CONSTRAINT %I, ADD CONSTRAINT %I %s NO INHERIT', asked.conname, asked.conname, asked.said);
    END LOOP;
    EXECUTE 'ALTER TABLE holdings ' || substr(changes, 3);
END $$;

-- What is gone lies apart: as a day ends its rows are moved and not marked, so no index of what is there is written for what is not. Whoever
-- reads `holdings` reads both, but for who says ONLY; whoever asks for what is there (`disposed_at IS NULL`) never walks past the rest.
CREATE TABLE gone_holdings (
    PRIMARY KEY (controller, holding),
    CONSTRAINT is_gone CHECK (disposed_at IS NOT NULL)
) INHERITS (holdings);
CREATE INDEX gone_of_subject ON gone_holdings (controller, subject, made_at, holding);
CREATE INDEX gone_of_call ON gone_holdings (controller, call, made_at) WHERE call IS NOT NULL;
-- As they went, so a few blocks tell of each month.
CREATE INDEX gone_in_time ON gone_holdings USING brin (disposed_at, made_at) WITH (pages_per_range = 16, autosummarize = on);
SELECT isolate('gone_holdings', 'SELECT, INSERT');

-- A key of `holdings` sees what is there alone. What tells of a thing tells of what is gone too, and is asked for by these.
ALTER TABLE holding_uses DROP CONSTRAINT holding_uses_controller_holding_fkey;
ALTER TABLE held_slices DROP CONSTRAINT held_slices_controller_holding_fkey, DROP CONSTRAINT held_slices_controller_take_fkey;
ALTER TABLE recording_takes DROP CONSTRAINT recording_takes_controller_take_fkey;
ALTER TABLE vcon_sounds DROP CONSTRAINT vcon_sounds_controller_holding_fkey;
ALTER TABLE fallen_origins DROP CONSTRAINT fallen_origins_controller_holding_fkey;
ALTER TABLE derivations
    DROP CONSTRAINT derivations_controller_holding_generation_fkey,
    DROP CONSTRAINT derivations_controller_origin_origin_generation_fkey;

CREATE FUNCTION a_thing_is_held(controller uuid, thing uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF thing IS NOT NULL AND NOT EXISTS (
        SELECT FROM holdings h WHERE h.controller = a_thing_is_held.controller AND h.holding = thing) THEN
        RAISE foreign_key_violation USING MESSAGE = 'nothing is or was held under that id';
    END IF;
END $$;
CREATE FUNCTION is_of_a_holding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM a_thing_is_held(NEW.controller, NEW.holding);
    RETURN NEW;
END $$;
CREATE FUNCTION is_of_a_take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM a_thing_is_held(NEW.controller, NEW.take);
    RETURN NEW;
END $$;
CREATE TRIGGER is_of_a_holding BEFORE INSERT ON holding_uses FOR EACH ROW EXECUTE FUNCTION is_of_a_holding();
CREATE TRIGGER is_of_a_holding BEFORE INSERT ON held_slices FOR EACH ROW EXECUTE FUNCTION is_of_a_holding();
CREATE TRIGGER is_of_a_take BEFORE INSERT ON held_slices FOR EACH ROW EXECUTE FUNCTION is_of_a_take();
CREATE TRIGGER is_of_a_take BEFORE INSERT ON recording_takes FOR EACH ROW EXECUTE FUNCTION is_of_a_take();
CREATE TRIGGER is_of_a_holding BEFORE INSERT ON vcon_sounds FOR EACH ROW EXECUTE FUNCTION is_of_a_holding();
CREATE TRIGGER is_of_a_holding BEFORE INSERT ON fallen_origins FOR EACH ROW EXECUTE FUNCTION is_of_a_holding();

-- Both ends of a derivation, with how many steps each is from where it came: so that none goes in a circle.
CREATE FUNCTION derives_of_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM holdings h WHERE h.controller = NEW.controller AND h.holding = NEW.holding
                   AND h.generation = NEW.generation)
       OR NOT EXISTS (SELECT FROM holdings h WHERE h.controller = NEW.controller AND h.holding = NEW.origin
                      AND h.generation = NEW.origin_generation) THEN
        RAISE foreign_key_violation USING MESSAGE = 'nothing of that generation is or was held under that id';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER derives_of_holdings AFTER INSERT OR UPDATE ON derivations FOR EACH ROW EXECUTE FUNCTION derives_of_holdings();
CREATE FUNCTION derivations_go_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE derivations d
       SET generation = CASE d.holding WHEN NEW.holding THEN NEW.generation ELSE d.generation END,
           origin_generation = CASE d.origin WHEN NEW.holding THEN NEW.generation ELSE d.origin_generation END
     WHERE d.controller = NEW.controller AND (d.holding = NEW.holding OR d.origin = NEW.holding);
    RETURN NULL;
END $$;
GRANT UPDATE (generation, origin_generation) ON derivations TO rightcall_app;
CREATE TRIGGER derivations_go_along AFTER UPDATE OF generation ON holdings
    FOR EACH ROW WHEN (NEW.generation <> OLD.generation) EXECUTE FUNCTION derivations_go_along();
CREATE TRIGGER derivations_go_along AFTER UPDATE OF generation ON gone_holdings
    FOR EACH ROW WHEN (NEW.generation <> OLD.generation) EXECUTE FUNCTION derivations_go_along();

CREATE TRIGGER changes_as_attributed BEFORE UPDATE OF subject ON gone_holdings
    FOR EACH ROW EXECUTE FUNCTION holding_changes_as_attributed();
CREATE TRIGGER uses_go_along AFTER UPDATE OF subject ON gone_holdings
    FOR EACH ROW WHEN (NEW.subject <> OLD.subject) EXECUTE FUNCTION uses_go_along();

-- What is deleted from what is there is moved, with when that was confirmed, and is on the map no more. Nobody takes it away otherwise.
CREATE FUNCTION move_to_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[]; at timestamptz := nullif(current_setting('rightcall.gone_at', true), '')::timestamptz;
BEGIN
    IF (at IS NULL AND EXISTS (SELECT FROM removed)) OR EXISTS (SELECT FROM removed WHERE disposed_at IS NOT NULL) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is held is let go of, and not taken off the map';
    END IF;
    INSERT INTO gone_holdings (
           controller, holding, subject, kind, call, stream, purposes, last_days, kept_until, made_at, mediatype, source, generation,
           basis, actor, actor_role, object_key, statement, completed_at, sealed_length, complete, sha256, category, sensitivity,
           system, object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at,
           disposed_at)
    SELECT controller, holding, subject, kind, call, stream, purposes, last_days, kept_until, made_at, mediatype, source, generation,
           basis, actor, actor_role, object_key, statement, completed_at, sealed_length, complete, sha256, category, sensitivity,
           system, object, field, span_start, span_end, sealed_place, heard_turn, heard_from, heard_until, gone_at, unlinked_at, at
      FROM removed;
    SELECT array_agg(ROW(controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity,
                         kept_until, -items, -without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, subject, system, category, sensitivity, kept_until, count(*)::integer AS items,
                   (count(*) FILTER (WHERE cardinality(purposes) = 0))::integer AS without_purpose
              FROM removed WHERE gone_at IS NULL
             GROUP BY controller, subject, system, category, sensitivity, kept_until) r;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;
ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE gone_holdings NO FORCE ROW LEVEL SECURITY;
INSERT INTO gone_holdings SELECT * FROM ONLY holdings WHERE disposed_at IS NOT NULL;
DELETE FROM ONLY holdings WHERE disposed_at IS NOT NULL;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE gone_holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE holdings DROP CONSTRAINT holdings_controller_holding_generation_key, 
    ADD CONSTRAINT is_there CHECK (disposed_at IS NULL) NO INHERIT;
DROP INDEX holdings_disposed;
CREATE TRIGGER move_to_gone AFTER DELETE ON holdings REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION move_to_gone();
GRANT DELETE ON holdings TO rightcall_app;
REVOKE UPDATE (disposed_at) ON holdings FROM rightcall_app;

-- The key of each table is its own: what went does not come again under its id. Looked for along the key, however few there were when
-- the plan was made.
CREATE FUNCTION comes_once() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM added a JOIN gone_holdings g ON g.controller = a.controller AND g.holding = a.holding) THEN
        RAISE unique_violation USING MESSAGE = 'what went does not come again under its id', CONSTRAINT = 'gone_holdings_pkey';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER comes_once AFTER INSERT ON holdings REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION comes_once();
