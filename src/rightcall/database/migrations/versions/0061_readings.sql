-- A scan that was cut off reads an object again from its beginning: what that reading does not see is gone, though the one before
-- saw it.
ALTER TABLE findings ADD COLUMN last_reading integer NOT NULL DEFAULT 0;

-- `readings`: how often it was taken, given back or not. `seconds`: that reading it took. `since`: of an unchanged object, the scan
-- that read it; what that passed over in it is still not read.
ALTER TABLE scan_objects
    ADD COLUMN readings integer NOT NULL DEFAULT 0,
    ADD COLUMN seconds  double precision NOT NULL DEFAULT 0,
    ADD COLUMN since    uuid,
    ADD CHECK (since IS NULL OR state = 'unchanged');

-- `read_in`: the scan that read it last to its end.
ALTER TABLE system_objects ADD COLUMN read_in uuid;
ALTER TABLE system_objects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects NO FORCE ROW LEVEL SECURITY;
UPDATE system_objects o SET read_in = s.scan
  FROM (SELECT DISTINCT ON (controller, object) controller, object, scan FROM scan_objects
         WHERE state = 'read' ORDER BY controller, object, scan DESC) s
 WHERE s.controller = o.controller AND s.object = o.object;
ALTER TABLE system_objects FORCE ROW LEVEL SECURITY;
ALTER TABLE scan_objects FORCE ROW LEVEL SECURITY;
