-- Customers who are signed in to their own page. `digest` is of the secret that their browser shows, which is stored nowhere.
-- `standing` is a digest of which subjects were the person: where that changes, the visit is over. A row goes after a day.
CREATE TABLE visits (
    controller uuid NOT NULL REFERENCES controllers (controller),
    visit      uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    subject    uuid NOT NULL,
    standing   bytea NOT NULL CHECK (octet_length(standing) = 32),
    proof      text NOT NULL CHECK (proof IN ('code', 'receipt')),
    begun_at   timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL CHECK (seen_at >= begun_at),
    ended_at   timestamptz,
    PRIMARY KEY (controller, visit),
    UNIQUE (controller, digest),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX visits_by_age ON visits (controller, begun_at);
SELECT isolate('visits', 'SELECT, INSERT, UPDATE (seen_at, ended_at), DELETE');
