-- What of a system's objects was not read, in objects that were: members of archives, sheets, attachments. As last counted.
ALTER TABLE scans
    ADD COLUMN parts_not_read bigint CHECK (parts_not_read >= 0),
    DROP CONSTRAINT counted_as_one;

ALTER TABLE scans NO FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_passed_over NO FORCE ROW LEVEL SECURITY;
UPDATE scans s SET parts_not_read =
       (SELECT count(*) FROM scan_objects o
          JOIN scan_passed_over p ON p.controller = o.controller AND p.scan = coalesce(o.since, o.scan) AND p.object = o.object
         WHERE o.controller = s.controller AND o.scan = s.scan AND o.state IN ('read', 'unchanged'))
 WHERE s.objects IS NOT NULL;
ALTER TABLE scans FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_passed_over FORCE ROW LEVEL SECURITY;

ALTER TABLE scans
    ADD CONSTRAINT counted_as_one CHECK (num_nulls(objects, looked_at, not_read, parts_not_read) IN (0, 4));
