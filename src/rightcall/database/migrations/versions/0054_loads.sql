-- How hard a system may be worked, by all that look through it together: bytes and rows a second; NULL for as fast as it goes. A scan
-- goes by the stricter of its system's and its own.
ALTER TABLE systems
    ADD COLUMN pace      bigint CHECK (pace > 0),
    ADD COLUMN rows_pace bigint CHECK (rows_pace > 0);
ALTER TABLE scans ADD COLUMN rows_pace bigint CHECK (rows_pace > 0);
