-- About how many people what is on the map is: counted when somebody asks where that is little, and by the worker where it is much. Kept
-- with each row of the map it took a counter for each person, on a page of its own, which was a third of what moving a row costs.
CREATE TABLE people_counts (
    controller uuid        NOT NULL PRIMARY KEY REFERENCES controllers (controller),
    items      bigint      NOT NULL CHECK (items >= 0),
    counted_at timestamptz NOT NULL
);
CREATE TABLE people_of_sorts (
    controller  uuid   NOT NULL REFERENCES people_counts (controller) ON DELETE CASCADE,
    system      uuid   NOT NULL,
    category    text   NOT NULL,
    sensitivity text   NOT NULL,
    people      bigint NOT NULL CHECK (people > 0),
    PRIMARY KEY (controller, system, category, sensitivity)
);
SELECT isolate('people_counts', 'SELECT, INSERT, DELETE');
SELECT isolate('people_of_sorts', 'SELECT, INSERT, DELETE');

ALTER TABLE holding_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE people_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE people_of_sorts NO FORCE ROW LEVEL SECURITY;
INSERT INTO people_counts (controller, items, counted_at)
SELECT controller, sum(items), now() FROM holding_counts GROUP BY controller HAVING sum(items) > 0;
INSERT INTO people_of_sorts (controller, system, category, sensitivity, people)
SELECT controller, system, category, sensitivity, sum(people) FROM holding_counts
 WHERE controller IN (SELECT controller FROM people_counts)
 GROUP BY controller, system, category, sensitivity HAVING sum(people) > 0;
ALTER TABLE holding_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE people_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE people_of_sorts FORCE ROW LEVEL SECURITY;

DROP FUNCTION count_on_map(map_change[]);
DROP TYPE map_change;
DROP TABLE holding_people;
ALTER TABLE holding_counts DROP COLUMN people;

-- One change of the map: so many items more (or fewer) of one sort and one last day.
CREATE TYPE map_change AS (
    controller uuid, system uuid, category text, sensitivity text, last_day date, items bigint, without_purpose bigint
);
CREATE FUNCTION count_on_map(changes map_change[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO holding_counts AS c (controller, system, category, sensitivity, slot, items, without_purpose)
    SELECT s.controller, s.system, s.category, s.sensitivity, coalesce(free.slot, gen_random_uuid()), s.items, s.without_purpose
      FROM (SELECT controller, system, category, sensitivity, sum(items) AS items, sum(without_purpose) AS without_purpose
              FROM unnest(changes)
             GROUP BY controller, system, category, sensitivity
            HAVING sum(items) <> 0 OR sum(without_purpose) <> 0) s
      LEFT JOIN LATERAL (
           SELECT f.slot FROM holding_counts f
            WHERE f.controller = s.controller AND f.system = s.system AND f.category = s.category
              AND f.sensitivity = s.sensitivity
            LIMIT 1 FOR UPDATE SKIP LOCKED) free ON true
     ORDER BY s.system, s.category, s.sensitivity
    ON CONFLICT (controller, system, category, sensitivity, slot) DO UPDATE
       SET items = c.items + excluded.items, without_purpose = c.without_purpose + excluded.without_purpose;

    INSERT INTO holding_terms AS t (controller, last_day, system, category, sensitivity, slot, items)
    SELECT s.controller, s.last_day, s.system, s.category, s.sensitivity, coalesce(free.slot, gen_random_uuid()), s.items
      FROM (SELECT controller, last_day, system, category, sensitivity, sum(items) AS items
              FROM unnest(changes) WHERE last_day IS NOT NULL
             GROUP BY controller, last_day, system, category, sensitivity
            HAVING sum(items) <> 0) s
      LEFT JOIN LATERAL (
           SELECT f.slot FROM holding_terms f
            WHERE f.controller = s.controller AND f.last_day = s.last_day AND f.system = s.system
              AND f.category = s.category AND f.sensitivity = s.sensitivity
            LIMIT 1 FOR UPDATE SKIP LOCKED) free ON true
     ORDER BY s.last_day, s.system, s.category, s.sensitivity
    ON CONFLICT (controller, last_day, system, category, sensitivity, slot) DO UPDATE SET items = t.items + excluded.items;
END $$;

CREATE OR REPLACE FUNCTION count_added_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    INSERT INTO holding_statements (controller, statement) SELECT DISTINCT controller, statement FROM added ON CONFLICT DO NOTHING;
    SELECT array_agg(ROW(controller, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity, kept_until, items,
                         without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, system, category, sensitivity, kept_until, count(*) AS items,
                   count(*) FILTER (WHERE cardinality(purposes) = 0) AS without_purpose
              FROM added WHERE disposed_at IS NULL AND gone_at IS NULL
             GROUP BY controller, system, category, sensitivity, kept_until) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_changed_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    SELECT array_agg(ROW(controller, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity, kept_until, items,
                         without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, system, category, sensitivity, kept_until, sum(n) AS items,
                   coalesce(sum(n) FILTER (WHERE bare), 0) AS without_purpose
              FROM (SELECT controller, system, category, sensitivity, kept_until, cardinality(purposes) = 0 AS bare, 1 AS n
                      FROM added WHERE disposed_at IS NULL AND gone_at IS NULL
                     UNION ALL
                    SELECT controller, system, category, sensitivity, kept_until, cardinality(purposes) = 0, -1
                      FROM removed WHERE disposed_at IS NULL AND gone_at IS NULL) b
             GROUP BY controller, system, category, sensitivity, kept_until
            HAVING sum(n) <> 0 OR sum(n) FILTER (WHERE bare) <> 0) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION move_to_gone() RETURNS trigger LANGUAGE plpgsql AS $$
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
    SELECT array_agg(ROW(controller, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity, kept_until, -items,
                         -without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, system, category, sensitivity, kept_until, count(*) AS items,
                   count(*) FILTER (WHERE cardinality(purposes) = 0) AS without_purpose
              FROM removed WHERE gone_at IS NULL
             GROUP BY controller, system, category, sensitivity, kept_until) r;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;

-- Nothing on the map is of nobody: asked once for each person of those that come, and of each thing that becomes another's. Nobody is
-- ever deleted. Looked for along the key, however few there were when the plan was made.
CREATE FUNCTION is_somebodys() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM (SELECT DISTINCT controller, subject FROM added) a
                WHERE NOT EXISTS (SELECT FROM subjects s WHERE s.controller = a.controller AND s.subject = a.subject)) THEN
        RAISE foreign_key_violation USING MESSAGE = 'what is held is about somebody who is known here';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_somebodys AFTER INSERT ON holdings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION is_somebodys();

CREATE OR REPLACE FUNCTION holding_changes_as_attributed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subject <> OLD.subject AND NEW.system IS NULL AND NOT EXISTS (
        SELECT FROM attributions a WHERE a.controller = NEW.controller AND a.call = NEW.call
           AND a.was = OLD.subject AND a.subject = NEW.subject) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no attribution says so';
    END IF;
    IF NEW.subject <> OLD.subject AND NOT EXISTS (
        SELECT FROM subjects s WHERE s.controller = NEW.controller AND s.subject = NEW.subject) THEN
        RAISE foreign_key_violation USING MESSAGE = 'what is held is about somebody who is known here';
    END IF;
    RETURN NEW;
END $$;

-- Thousands of rows are moved by one statement: whose they are is looked up once for all of them.
ALTER POLICY own_rows ON gone_holdings WITH CHECK (controller = (SELECT current_controller()));
