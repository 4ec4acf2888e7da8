-- How many rows of a table a scan looked at: what a sample of them says of all.
ALTER TABLE scan_objects ADD COLUMN rows bigint NOT NULL DEFAULT 0 CHECK (rows >= 0);
