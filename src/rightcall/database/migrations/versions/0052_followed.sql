-- When all that a scan found had gone to whose it is and on the data map: until then it is done, and what follows from it is not.
ALTER TABLE scans ADD COLUMN followed_at timestamptz;
ALTER TABLE scans NO FORCE ROW LEVEL SECURITY;
UPDATE scans SET followed_at = ended_at WHERE outcome = 'done';
ALTER TABLE scans FORCE ROW LEVEL SECURITY;
ALTER TABLE scans ADD CHECK (followed_at IS NULL OR outcome IS NOT DISTINCT FROM 'done');
