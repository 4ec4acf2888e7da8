-- What is on no map is counted as it is written, like what is on it: of each sort in each system so many findings that are nobody's,
-- and so many that are somebody's and wait to be put on the map. A counter is the sum of its rows, as in `holding_counts`.
CREATE TABLE finding_counts (
    controller uuid   NOT NULL,
    system     uuid   NOT NULL,
    category   text   NOT NULL,
    slot       uuid   NOT NULL,
    nobodys    bigint NOT NULL,
    waiting    bigint NOT NULL,
    PRIMARY KEY (controller, system, category, slot)
);
SELECT isolate('finding_counts', 'SELECT, INSERT, UPDATE');

CREATE TYPE finding_change AS (controller uuid, system uuid, category text, nobodys bigint, waiting bigint);

CREATE FUNCTION count_findings(changes finding_change[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO finding_counts AS c (controller, system, category, slot, nobodys, waiting)
    SELECT n.controller, n.system, n.category, coalesce(free.slot, gen_random_uuid()), n.nobodys, n.waiting
      FROM unnest(changes) n
      LEFT JOIN LATERAL (
           SELECT f.slot FROM finding_counts f
            WHERE f.controller = n.controller AND f.system = n.system AND f.category = n.category
            LIMIT 1 FOR UPDATE SKIP LOCKED) free ON true
     ORDER BY n.system, n.category
    ON CONFLICT (controller, system, category, slot) DO UPDATE
       SET nobodys = c.nobodys + excluded.nobodys, waiting = c.waiting + excluded.waiting
$$;

CREATE FUNCTION count_added_findings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes finding_change[];
BEGIN
    SELECT array_agg(ROW(controller, system, category, nobodys, waiting)::finding_change) INTO changes
      FROM (SELECT controller, system, category, count(*) FILTER (WHERE subject IS NULL) AS nobodys,
                   count(*) FILTER (WHERE subject IS NOT NULL) AS waiting
              FROM added WHERE gone_at IS NULL AND holding IS NULL
             GROUP BY controller, system, category) a;
    IF changes IS NOT NULL THEN PERFORM count_findings(changes); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_added AFTER INSERT ON findings REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_added_findings();

CREATE FUNCTION count_changed_findings() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE changes finding_change[];
BEGIN
    SELECT array_agg(ROW(controller, system, category, nobodys, waiting)::finding_change) INTO changes
      FROM (SELECT controller, system, category, coalesce(sum(n) FILTER (WHERE subject IS NULL), 0) AS nobodys,
                   coalesce(sum(n) FILTER (WHERE subject IS NOT NULL), 0) AS waiting
              FROM (SELECT controller, system, category, subject, 1 AS n FROM added WHERE gone_at IS NULL AND holding IS NULL
                     UNION ALL
                    SELECT controller, system, category, subject, -1 FROM removed WHERE gone_at IS NULL AND holding IS NULL) b
             GROUP BY controller, system, category) a
     WHERE nobodys <> 0 OR waiting <> 0;
    IF changes IS NOT NULL THEN PERFORM count_findings(changes); END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_changed AFTER UPDATE ON findings REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION count_changed_findings();

-- What a breach looks through: findings on no map, those that went meanwhile too.
CREATE INDEX findings_on_no_map ON findings (controller, system) WHERE holding IS NULL;

-- How far a scan is, as it was last counted: its objects but those that a sample leaves out, how many were looked at, and how many of
-- these could not be read. NULL before all are listed.
ALTER TABLE scans
    ADD COLUMN objects   bigint CHECK (objects >= 0),
    ADD COLUMN looked_at bigint CHECK (looked_at BETWEEN 0 AND objects),
    ADD COLUMN not_read  bigint CHECK (not_read BETWEEN 0 AND looked_at),
    ADD CONSTRAINT counted_as_one CHECK (num_nulls(objects, looked_at, not_read) IN (0, 3));
-- A system's last scan, and the last that looked at all of it.
CREATE INDEX scans_of_systems ON scans (controller, system, scan);
CREATE INDEX whole_scans_of_systems ON scans (controller, system, scan)
    WHERE outcome = 'done' AND sample IS NULL AND followed_at IS NOT NULL;
-- The doubtful links of one person.
CREATE INDEX links_waiting_for_subjects ON links (controller, subject) WHERE state = 'doubtful';

-- National numbers and passports are of a sensitivity of their own: the law of many states protects them (GDPR Art. 87). What was put
-- down before keeps the one that its proof in the ledger rests on.
ALTER TABLE holdings
    DROP CONSTRAINT holdings_sensitivity_check,
    ADD CONSTRAINT holdings_sensitivity_check
        CHECK (sensitivity IN ('special_category', 'criminal', 'minor', 'financial', 'national_id', 'ordinary'));

ALTER TABLE findings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE scans NO FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects NO FORCE ROW LEVEL SECURITY;
INSERT INTO finding_counts (controller, system, category, slot, nobodys, waiting)
SELECT controller, system, category, gen_random_uuid(), count(*) FILTER (WHERE subject IS NULL),
       count(*) FILTER (WHERE subject IS NOT NULL)
  FROM findings WHERE gone_at IS NULL AND holding IS NULL
 GROUP BY controller, system, category;
UPDATE scans s SET objects = n.objects, looked_at = n.looked_at, not_read = n.not_read
  FROM (SELECT controller, scan, count(*) FILTER (WHERE state <> 'left_out') AS objects,
               count(*) FILTER (WHERE state IN ('read', 'unchanged', 'skipped')) AS looked_at,
               count(*) FILTER (WHERE state = 'skipped') AS not_read
          FROM scan_objects GROUP BY controller, scan) n
 WHERE n.controller = s.controller AND n.scan = s.scan;
ALTER TABLE findings FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE scans FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects FORCE ROW LEVEL SECURITY;
