-- Where a controller's pages tell moments: a name of the IANA time zone database.
ALTER TABLE controllers ADD COLUMN zone text NOT NULL DEFAULT 'UTC';
