-- Of a person who was erased a finding says no more whose it was, nor where it lies. It stays as long as the thing lies there: what
-- the map has of it is gone only when a scan finds it gone.
ALTER TABLE findings
    ADD COLUMN erased boolean NOT NULL DEFAULT false,
    ALTER COLUMN sealed_spot DROP NOT NULL,
    DROP CONSTRAINT findings_check1,
    ADD CONSTRAINT on_the_map_of_somebody CHECK (holding IS NULL OR subject IS NOT NULL OR erased),
    ADD CONSTRAINT erased_is_dark CHECK (erased = (sealed_spot IS NULL) AND NOT (erased AND subject IS NOT NULL));

ALTER TABLE findings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_counts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE erasures NO FORCE ROW LEVEL SECURITY;
UPDATE findings f SET subject = NULL, erased = true, sealed_spot = NULL, clue_kinds = '{}', clues = '{}'
 WHERE f.subject IS NOT NULL
   AND EXISTS (SELECT FROM erasures e
                WHERE e.controller = f.controller AND e.subject = f.subject AND e.destroyed_at IS NOT NULL);
ALTER TABLE findings FORCE ROW LEVEL SECURITY;
ALTER TABLE finding_counts FORCE ROW LEVEL SECURITY;
ALTER TABLE erasures FORCE ROW LEVEL SECURITY;
