-- Where an agent wants to be told how far a request is. `told`: SHA-256 of what it was told last. `round`: how often it was called. Forgotten once the last
-- state was told, or could not be for too long.
ALTER TABLE drp_requests
    ADD COLUMN callback       text CHECK (callback <> ''),
    ADD COLUMN told           bytea CHECK (octet_length(told) = 32),
    ADD COLUMN round          int NOT NULL DEFAULT 0 CHECK (round >= 0),
    ADD COLUMN look_at        timestamptz,
    ADD COLUMN failures       int NOT NULL DEFAULT 0 CHECK (failures >= 0),
    ADD COLUMN failing_since  timestamptz,
    ADD COLUMN trouble        text CHECK (trouble IN ('away', 'refused', 'inside')),
    ADD CHECK (callback IS NULL OR (told IS NOT NULL AND look_at IS NOT NULL)),
    ADD CHECK ((failures = 0) = (failing_since IS NULL)),
    ADD CHECK ((failures = 0) = (trouble IS NULL));
CREATE INDEX drp_requests_to_tell ON drp_requests (controller, look_at) WHERE callback IS NOT NULL;
CREATE INDEX drp_requests_untold ON drp_requests (controller, agent) WHERE failures > 0;
GRANT UPDATE (callback, told, round, look_at, failures, failing_since, trouble) ON drp_requests TO rightcall_app;
