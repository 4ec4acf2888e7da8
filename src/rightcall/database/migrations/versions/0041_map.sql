-- One map for what we keep and for what other systems keep. `system` is NULL for what Rightcall keeps itself: only what lies elsewhere
-- may have no purpose, no basis or no term, and whoever looks at it sees that. Never a value: the value stays where it is.
ALTER TABLE holdings
    ADD COLUMN category      text    NOT NULL DEFAULT 'pd:VoiceCommunicationRecording' CHECK (category LIKE '%_:_%'),
    ADD COLUMN sensitivity   text    NOT NULL DEFAULT 'ordinary'
        CHECK (sensitivity IN ('special_category', 'criminal', 'minor', 'financial', 'ordinary')),
    ADD COLUMN system        uuid    CHECK (system <> '00000000-0000-0000-0000-000000000000'),
    -- Where in it: an object by its id, a field whose name is a plain schema name, characters of its text.
    ADD COLUMN object        uuid,
    ADD COLUMN field         text    CHECK (field ~ '^[A-Za-z_][A-Za-z0-9_.]{0,62}$' AND field !~ '[0-9]{7}'),
    ADD COLUMN span_start    integer CHECK (span_start >= 0),
    ADD COLUMN span_end      integer,
    -- What of the place may tell about the person, such as a row's key: sealed under their key, so that it goes with them.
    ADD COLUMN sealed_place  bytea,
    -- Heard or read in the call: which turn, and from when until when in milliseconds since the call began.
    ADD COLUMN heard_turn    integer CHECK (heard_turn >= 1),
    ADD COLUMN heard_from    integer CHECK (heard_from >= 0),
    ADD COLUMN heard_until   integer,
    -- It was there and is not any more, as a scan saw. A later scan may find it there again.
    ADD COLUMN gone_at       timestamptz,
    ALTER COLUMN basis DROP NOT NULL,
    ALTER COLUMN kept_until DROP NOT NULL,
    DROP CONSTRAINT holdings_purposes_check,
    DROP CONSTRAINT holdings_kind_check,
    DROP CONSTRAINT holdings_source_check,
    DROP CONSTRAINT a_last_day_for_each_purpose,
    DROP CONSTRAINT kept_until_a_last_day,
    DROP CONSTRAINT derived_or_first_hand,
    ADD CONSTRAINT holdings_kind_check CHECK (kind IN ('stream', 'transcript', 'field', 'row', 'text', 'file')),
    ADD CONSTRAINT holdings_source_check CHECK (source IN ('siprec', 'vcon', 'api', 'derived', 'scan', 'entry', 'import', 'form')),
    ADD CONSTRAINT ours_has_purpose_basis_and_term
        CHECK (system IS NOT NULL OR (cardinality(purposes) > 0 AND basis IS NOT NULL AND kept_until IS NOT NULL)),
    ADD CONSTRAINT a_last_day_for_each_purpose CHECK (cardinality(last_days) IN (0, cardinality(purposes))),
    ADD CONSTRAINT kept_until_a_last_day
        CHECK (CASE WHEN cardinality(last_days) = 0 THEN kept_until IS NULL
                    ELSE kept_until IS NOT NULL AND kept_until = ANY (last_days) AND kept_until >= ALL (last_days) END),
    ADD CONSTRAINT derived_or_first_hand
        CHECK (CASE WHEN source = 'derived' THEN generation > 0 WHEN source IN ('siprec', 'vcon', 'api') THEN generation = 0
                    ELSE true END),
    ADD CONSTRAINT place_elsewhere
        CHECK (system IS NOT NULL OR num_nonnulls(object, field, span_start, sealed_place, gone_at) = 0),
    ADD CONSTRAINT no_bytes_of_others CHECK (system IS NULL OR (object_key = '' AND completed_at IS NULL)),
    ADD CONSTRAINT span_as_one CHECK (num_nulls(span_start, span_end) IN (0, 2) AND span_end > span_start),
    ADD CONSTRAINT heard_in_a_call
        CHECK (num_nonnulls(heard_turn, heard_from) = 0 OR call IS NOT NULL),
    ADD CONSTRAINT heard_until_after CHECK (heard_until IS NULL OR (heard_from IS NOT NULL AND heard_until >= heard_from));
ALTER TABLE holdings ALTER COLUMN category DROP DEFAULT, ALTER COLUMN sensitivity DROP DEFAULT;
-- The rows of one registering, to prove one of them in its statement.
CREATE INDEX holdings_of_statement ON holdings (controller, statement);
GRANT UPDATE (sealed_place, gone_at, generation) ON holdings TO rightcall_app;

-- What is ours is another person's only as an attribution says. What lies elsewhere goes to whom it is linked with.
CREATE FUNCTION holding_changes_as_attributed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subject <> OLD.subject AND NEW.system IS NULL AND NOT EXISTS (
        SELECT FROM attributions a WHERE a.controller = NEW.controller AND a.call = NEW.call
           AND a.was = OLD.subject AND a.subject = NEW.subject) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no attribution says so';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER changes_as_attributed ON holdings;
CREATE TRIGGER changes_as_attributed BEFORE UPDATE OF subject ON holdings
    FOR EACH ROW EXECUTE FUNCTION holding_changes_as_attributed();

-- From which part of its origin something was made: a field, a turn, a time (milliseconds from its beginning), characters. Several parts
-- of one origin are several rows. When more is told of where something came from, generations rise with it.
ALTER TABLE derivations
    ADD COLUMN nth         smallint NOT NULL DEFAULT 0 CHECK (nth >= 0),
    ADD COLUMN field       text    CHECK (field ~ '^[A-Za-z_][A-Za-z0-9_.]{0,62}$' AND field !~ '[0-9]{7}'),
    ADD COLUMN turn        integer CHECK (turn >= 1),
    ADD COLUMN from_ms     integer CHECK (from_ms >= 0),
    ADD COLUMN until_ms    integer,
    ADD COLUMN span_start  integer CHECK (span_start >= 0),
    ADD COLUMN span_end    integer,
    ADD CONSTRAINT until_after_from CHECK (until_ms IS NULL OR (from_ms IS NOT NULL AND until_ms >= from_ms)),
    ADD CONSTRAINT span_as_one CHECK (num_nulls(span_start, span_end) IN (0, 2) AND span_end > span_start),
    DROP CONSTRAINT derivations_pkey,
    ADD PRIMARY KEY (controller, holding, origin, nth),
    DROP CONSTRAINT derivations_controller_holding_generation_fkey,
    DROP CONSTRAINT derivations_controller_origin_origin_generation_fkey,
    ADD FOREIGN KEY (controller, holding, generation) REFERENCES holdings (controller, holding, generation) ON UPDATE CASCADE,
    ADD FOREIGN KEY (controller, origin, origin_generation) REFERENCES holdings (controller, holding, generation) ON UPDATE CASCADE;

DROP VIEW holdings_with_origins;
CREATE VIEW holdings_with_origins WITH (security_invoker = true) AS
SELECT h.*, CASE WHEN h.generation = 0 THEN '{}'::uuid[]
                 ELSE ARRAY(SELECT DISTINCT d.origin FROM derivations d
                             WHERE d.controller = h.controller AND d.holding = h.holding ORDER BY d.origin)
            END AS derived_from
  FROM holdings h;
GRANT SELECT ON holdings_with_origins TO rightcall_app;

-- An origin that fell, by somebody's word: what was made from it is not to be relied on until that is lifted. That a yes was void or
-- withdrawn, and that a person was erased, is not written here: it follows from the keys.
CREATE TABLE fallen_origins (
    controller       uuid        NOT NULL,
    statement        uuid        NOT NULL,
    holding          uuid        NOT NULL,
    reason           text        NOT NULL CHECK (reason IN ('wrong', 'rectified', 'withdrawn', 'erased')),
    said_by          uuid        NOT NULL,
    said_as          text        NOT NULL CHECK (said_as <> ''),
    said_at          timestamptz NOT NULL,
    lifted_at        timestamptz,
    lifted_statement uuid,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, lifted_statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, holding) REFERENCES holdings (controller, holding),
    CONSTRAINT lifted_as_one CHECK ((lifted_at IS NULL) = (lifted_statement IS NULL) AND lifted_at >= said_at)
);
CREATE UNIQUE INDEX fallen_origins_standing ON fallen_origins (controller, holding, reason) WHERE lifted_at IS NULL;
SELECT isolate('fallen_origins', 'SELECT, INSERT, UPDATE (lifted_at, lifted_statement)');

-- The data map is counted as it is written: how much of what lies where, of how many people, how much of it without a purpose, and how much
-- until which last day. Ours is under the system of all zeros. A counter is the sum of its rows, of which it has as many as ever
-- counted at once: who counts takes one that nobody holds, or makes one, so nobody waits.
CREATE TABLE holding_people (
    controller  uuid    NOT NULL,
    subject     uuid    NOT NULL,
    system      uuid    NOT NULL,
    category    text    NOT NULL,
    sensitivity text    NOT NULL,
    items       integer NOT NULL,
    PRIMARY KEY (controller, subject, system, category, sensitivity)
);
SELECT isolate('holding_people', 'SELECT, INSERT, UPDATE');

CREATE TABLE holding_counts (
    controller      uuid   NOT NULL,
    system          uuid   NOT NULL,
    category        text   NOT NULL,
    sensitivity     text   NOT NULL,
    slot            uuid   NOT NULL,
    items           bigint NOT NULL,
    people          bigint NOT NULL,
    without_purpose bigint NOT NULL,
    PRIMARY KEY (controller, system, category, sensitivity, slot)
);
SELECT isolate('holding_counts', 'SELECT, INSERT, UPDATE');

CREATE TABLE holding_terms (
    controller  uuid   NOT NULL,
    last_day    date   NOT NULL,
    system      uuid   NOT NULL,
    category    text   NOT NULL,
    sensitivity text   NOT NULL,
    slot        uuid   NOT NULL,
    items       bigint NOT NULL,
    PRIMARY KEY (controller, last_day, system, category, sensitivity, slot)
);
SELECT isolate('holding_terms', 'SELECT, INSERT, UPDATE');

-- One change of the map: so many items more (or fewer) of one person, one sort, one last day.
CREATE TYPE map_change AS (
    controller uuid, subject uuid, system uuid, category text, sensitivity text, last_day date, items integer, without_purpose integer
);

CREATE FUNCTION count_on_map(changes map_change[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    WITH one AS (
        SELECT controller, subject, system, category, sensitivity, sum(items)::integer AS items,
               sum(without_purpose) AS without_purpose
          FROM unnest(changes)
         GROUP BY controller, subject, system, category, sensitivity
    ), present AS (
        INSERT INTO holding_people AS p (controller, subject, system, category, sensitivity, items)
        SELECT controller, subject, system, category, sensitivity, items FROM one
         ORDER BY subject, system, category, sensitivity
        ON CONFLICT (controller, subject, system, category, sensitivity) DO UPDATE SET items = p.items + excluded.items
        RETURNING controller, subject, system, category, sensitivity, items
    ), sorts AS (
        SELECT controller, system, category, sensitivity, sum(one.items) AS items, sum(one.without_purpose) AS without_purpose,
               count(*) FILTER (WHERE one.items > 0 AND present.items = one.items)
               - count(*) FILTER (WHERE one.items < 0 AND present.items = 0) AS people
          FROM one JOIN present USING (controller, subject, system, category, sensitivity)
         GROUP BY controller, system, category, sensitivity
    )
    INSERT INTO holding_counts AS c (controller, system, category, sensitivity, slot, items, people, without_purpose)
    SELECT s.controller, s.system, s.category, s.sensitivity, coalesce(free.slot, gen_random_uuid()), s.items, s.people,
           s.without_purpose
      FROM sorts s
      LEFT JOIN LATERAL (
           SELECT f.slot FROM holding_counts f
            WHERE f.controller = s.controller AND f.system = s.system AND f.category = s.category
              AND f.sensitivity = s.sensitivity
            LIMIT 1 FOR UPDATE SKIP LOCKED) free ON true
     WHERE s.items <> 0 OR s.people <> 0 OR s.without_purpose <> 0
     ORDER BY s.system, s.category, s.sensitivity
    ON CONFLICT (controller, system, category, sensitivity, slot) DO UPDATE
       SET items = c.items + excluded.items, people = c.people + excluded.people,
           without_purpose = c.without_purpose + excluded.without_purpose;

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

CREATE FUNCTION count_added_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    SELECT array_agg(ROW(controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity,
                         kept_until, items, without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, subject, system, category, sensitivity, kept_until, count(*)::integer AS items,
                   (count(*) FILTER (WHERE cardinality(purposes) = 0))::integer AS without_purpose
              FROM added WHERE disposed_at IS NULL AND gone_at IS NULL
             GROUP BY controller, subject, system, category, sensitivity, kept_until) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_added AFTER INSERT ON holdings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added_holdings();

CREATE FUNCTION count_changed_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    SELECT array_agg(ROW(controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity,
                         kept_until, items, without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, subject, system, category, sensitivity, kept_until, sum(n)::integer AS items,
                   coalesce(sum(n) FILTER (WHERE bare), 0)::integer AS without_purpose
              FROM (SELECT controller, subject, system, category, sensitivity, kept_until, cardinality(purposes) = 0 AS bare,
                           1 AS n FROM added WHERE disposed_at IS NULL AND gone_at IS NULL
                     UNION ALL
                    SELECT controller, subject, system, category, sensitivity, kept_until, cardinality(purposes) = 0, -1
                      FROM removed WHERE disposed_at IS NULL AND gone_at IS NULL) b
             GROUP BY controller, subject, system, category, sensitivity, kept_until
            HAVING sum(n) <> 0 OR sum(n) FILTER (WHERE bare) <> 0) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_changed AFTER UPDATE ON holdings REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_holdings();

ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_people NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_terms NO FORCE ROW LEVEL SECURITY;
SELECT count_on_map(array_agg(ROW(controller, subject, '00000000-0000-0000-0000-000000000000', category, sensitivity, kept_until, 1, 0)
                              ::map_change))
  FROM holdings WHERE disposed_at IS NULL HAVING count(*) > 0;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_people FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_terms FORCE ROW LEVEL SECURITY;
