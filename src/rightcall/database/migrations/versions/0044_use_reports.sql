-- What other systems reported under an idempotency key: said again, it is answered as the first time and is no second use.
-- `key`: SHA-256 of who reported and what they called it; `digest`: of what was reported.
CREATE TABLE use_reports (
    controller  uuid        NOT NULL REFERENCES controllers (controller),
    key         bytea       NOT NULL CHECK (octet_length(key) = 32),
    digest      bytea       NOT NULL CHECK (octet_length(digest) = 32),
    statements  uuid[]      NOT NULL CHECK (cardinality(statements) BETWEEN 1 AND 500),
    reported_at timestamptz NOT NULL,
    PRIMARY KEY (controller, key)
);
SELECT isolate('use_reports', 'SELECT, INSERT');
