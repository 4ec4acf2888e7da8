-- Many rows of the map at once: whose they are and which statement says so is checked once for each person and sort and once for each
-- statement, not once for each row. The foreign keys stand on what the counting, in the same statement, writes for every row that comes:
-- a person's counter, and the statement's name. Neither row ever goes, so no row of the map is of nobody or unsaid.
CREATE TABLE holding_statements (
    controller uuid NOT NULL,
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('holding_statements', 'SELECT, INSERT');

-- A counter is changed where it lies, without a new entry in the index, as long as its page has room.
ALTER TABLE holding_people SET (fillfactor = 85);

ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_people NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_statements NO FORCE ROW LEVEL SECURITY;
INSERT INTO holding_statements (controller, statement) SELECT DISTINCT controller, statement FROM holdings;
-- Those that had gone before anything was counted have no counter yet.
INSERT INTO holding_people (controller, subject, system, category, sensitivity, items)
SELECT DISTINCT controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity, 0
  FROM holdings WHERE disposed_at IS NOT NULL OR gone_at IS NOT NULL
ON CONFLICT DO NOTHING;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_people FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_statements FORCE ROW LEVEL SECURITY;

ALTER TABLE holding_people ADD FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject);
ALTER TABLE holdings DROP CONSTRAINT holdings_controller_subject_fkey, DROP CONSTRAINT holdings_controller_statement_fkey;

-- A row that is gone or disposed of counts nothing, but its person gets their counter all the same.
CREATE OR REPLACE FUNCTION count_added_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    INSERT INTO holding_statements (controller, statement) SELECT DISTINCT controller, statement FROM added ON CONFLICT DO NOTHING;
    SELECT array_agg(ROW(controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity,
                         kept_until, items, without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, subject, system, category, sensitivity, kept_until, sum(n)::integer AS items,
                   coalesce(sum(n) FILTER (WHERE bare), 0)::integer AS without_purpose
              FROM (SELECT controller, subject, system, category, sensitivity, kept_until, cardinality(purposes) = 0 AS bare,
                           (disposed_at IS NULL AND gone_at IS NULL)::integer AS n FROM added) b
             GROUP BY controller, subject, system, category, sensitivity, kept_until) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION count_changed_holdings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes map_change[];
BEGIN
    SELECT array_agg(ROW(controller, subject, coalesce(system, '00000000-0000-0000-0000-000000000000'), category, sensitivity,
                         kept_until, items, without_purpose)::map_change)
      INTO changes
      FROM (SELECT controller, subject, system, category, sensitivity, kept_until, sum(n)::integer AS items,
                   coalesce(sum(n) FILTER (WHERE bare), 0)::integer AS without_purpose
              FROM (SELECT controller, subject, system, category, sensitivity, kept_until, cardinality(purposes) = 0 AS bare,
                           (disposed_at IS NULL AND gone_at IS NULL)::integer AS n, true AS is_now FROM added
                     UNION ALL
                    SELECT controller, subject, system, category, sensitivity, kept_until, cardinality(purposes) = 0,
                           -(disposed_at IS NULL AND gone_at IS NULL)::integer, false FROM removed) b
             GROUP BY controller, subject, system, category, sensitivity, kept_until
            HAVING sum(n) <> 0 OR sum(n) FILTER (WHERE bare) <> 0 OR every(is_now)) a;
    IF changes IS NOT NULL THEN PERFORM count_on_map(changes); END IF;
    RETURN NULL;
END $$;
