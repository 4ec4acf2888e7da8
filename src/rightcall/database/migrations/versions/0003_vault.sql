-- The vault: wrapped keys, never keys. A destroyed key leaves its row as a tombstone without bytes, to say why a thing is dark.
--
-- An epoch:   current ─ rotation begins ─> closing ─ nothing is wrapped under it any more ─> emptied ─ key destroyed ─> destroyed
-- `wraps` equals the epoch's number while keys may lie under it, and is what every wrapped row refers to. So PostgreSQL itself
-- refuses to empty an epoch that still wraps something, and refuses a row under an epoch that is emptied.

CREATE TABLE vault_families (
    one    boolean PRIMARY KEY DEFAULT true CHECK (one),
    family uuid NOT NULL
);

CREATE TABLE epochs (
    epoch        integer PRIMARY KEY CHECK (epoch > 0),
    key          text NOT NULL UNIQUE CHECK (key <> ''),
    state        text NOT NULL CHECK (state IN ('current', 'closing', 'emptied', 'destroyed')),
    wraps        integer UNIQUE CHECK (wraps = epoch),
    begun_at     timestamptz NOT NULL,
    closed_at    timestamptz,
    emptied_at   timestamptz,
    destroyed_at timestamptz,
    CHECK ((wraps IS NOT NULL) = (state IN ('current', 'closing'))),
    CHECK ((closed_at IS NULL) = (state = 'current')),
    CHECK ((emptied_at IS NOT NULL) = (state IN ('emptied', 'destroyed'))),
    CHECK ((destroyed_at IS NOT NULL) = (state = 'destroyed'))
);
CREATE UNIQUE INDEX one_current_epoch ON epochs (state) WHERE state = 'current';

-- The epoch that new keys go under, held until the transaction ends: rotation cannot empty it before these rows are there to see.
-- A rotation that commits between the snapshot and the lock makes the query come back empty; then it is asked again.
CREATE FUNCTION current_epoch() RETURNS TABLE (epoch integer, key text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    FOR attempt IN 1..10 LOOP
        RETURN QUERY SELECT e.epoch, e.key FROM epochs e WHERE e.state = 'current' FOR KEY SHARE;
        IF FOUND THEN RETURN; END IF;
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION current_epoch() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION current_epoch() TO rightcall_app, rightcall_system;

GRANT SELECT, INSERT, UPDATE ON vault_families TO rightcall_system;
GRANT SELECT ON epochs TO rightcall_app;
GRANT SELECT, INSERT, UPDATE ON epochs TO rightcall_system;

-- One for each controller and epoch: a part of the wrap of every grant key. Deleted with its epoch.
CREATE TABLE epoch_seeds (
    controller uuid NOT NULL,
    epoch      integer NOT NULL REFERENCES epochs (wraps),
    wrapped    bytea NOT NULL,
    PRIMARY KEY (controller, epoch)
);
SELECT isolate('epoch_seeds', 'SELECT, INSERT', 'SELECT, INSERT, DELETE');
CREATE INDEX ON epoch_seeds (epoch);

CREATE TABLE blind_keys (
    controller uuid PRIMARY KEY,
    epoch      integer NOT NULL REFERENCES epochs (wraps),
    wrapped    bytea NOT NULL
);
SELECT isolate('blind_keys', 'SELECT, INSERT', 'SELECT, UPDATE, DELETE');
CREATE INDEX ON blind_keys (epoch);

CREATE TABLE subject_keys (
    controller   uuid NOT NULL,
    subject      uuid NOT NULL,
    epoch        integer REFERENCES epochs (wraps),
    wrapped      bytea,
    created_at   timestamptz NOT NULL,
    destroyed_at timestamptz,
    PRIMARY KEY (controller, subject),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
    CHECK ((epoch IS NULL) = (wrapped IS NULL))
);
SELECT isolate('subject_keys', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
CREATE INDEX ON subject_keys (epoch, controller, subject) WHERE epoch IS NOT NULL;

-- `grant` is a word of SQL, hence grant_id. The wrap is under the subject key and the controller's seed of that epoch together.
CREATE TABLE grant_keys (
    controller   uuid NOT NULL,
    grant_id     uuid NOT NULL,
    subject      uuid NOT NULL,
    party        uuid NOT NULL,
    purpose      uuid NOT NULL,
    epoch        integer,
    wrapped      bytea,
    opened_at    timestamptz NOT NULL,
    destroyed_at timestamptz,
    PRIMARY KEY (controller, grant_id),
    FOREIGN KEY (controller, subject) REFERENCES subject_keys (controller, subject),
    FOREIGN KEY (controller, epoch) REFERENCES epoch_seeds (controller, epoch),
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
    CHECK ((epoch IS NULL) = (wrapped IS NULL))
);
SELECT isolate('grant_keys', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
CREATE INDEX ON grant_keys (epoch, controller, grant_id) WHERE epoch IS NOT NULL;

-- A second key for the same day is made only where a restored backup brought the first one back without its epoch.
CREATE TABLE term_keys (
    controller uuid NOT NULL,
    purpose    uuid NOT NULL,
    last_day   date NOT NULL,
    nth        integer NOT NULL CHECK (nth > 0),
    epoch      integer REFERENCES epochs (wraps),
    wrapped    bytea,
    created_at timestamptz NOT NULL,
    ended_at   timestamptz,
    PRIMARY KEY (controller, purpose, last_day, nth),
    CHECK ((wrapped IS NULL) = (ended_at IS NOT NULL)),
    CHECK ((epoch IS NULL) = (wrapped IS NULL))
);
SELECT isolate('term_keys', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
CREATE INDEX ON term_keys (epoch, controller, purpose, last_day, nth) WHERE epoch IS NOT NULL;
CREATE INDEX ON term_keys (controller, last_day) WHERE epoch IS NOT NULL;

-- A content key under both locks, once for each purpose. Never changed: what it opens with decides, not the row.
CREATE TABLE content_locks (
    controller uuid NOT NULL,
    holding    uuid NOT NULL,
    purpose    uuid NOT NULL,
    last_day   date NOT NULL,
    nth        integer NOT NULL,
    grants     uuid[] NOT NULL CHECK (cardinality(grants) > 0),
    wrapped    bytea NOT NULL,
    PRIMARY KEY (controller, holding, purpose),
    FOREIGN KEY (controller, purpose, last_day, nth) REFERENCES term_keys (controller, purpose, last_day, nth)
);
SELECT isolate('content_locks', 'SELECT, INSERT');

CREATE TABLE hold_keys (
    controller  uuid NOT NULL,
    hold        uuid NOT NULL,
    epoch       integer REFERENCES epochs (wraps),
    wrapped     bytea,
    placed_at   timestamptz NOT NULL,
    released_at timestamptz,
    PRIMARY KEY (controller, hold),
    CHECK ((wrapped IS NULL) = (released_at IS NOT NULL)),
    CHECK ((epoch IS NULL) = (wrapped IS NULL))
);
SELECT isolate('hold_keys', 'SELECT, INSERT, UPDATE', 'SELECT, UPDATE');
CREATE INDEX ON hold_keys (epoch, controller, hold) WHERE epoch IS NOT NULL;

CREATE TABLE held_content (
    controller uuid NOT NULL,
    hold       uuid NOT NULL,
    holding    uuid NOT NULL,
    wrapped    bytea NOT NULL,
    PRIMARY KEY (controller, hold, holding),
    FOREIGN KEY (controller, hold) REFERENCES hold_keys (controller, hold)
);
SELECT isolate('held_content', 'SELECT, INSERT');
