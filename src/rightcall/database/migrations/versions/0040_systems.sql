-- Other systems of a controller: which they are, how we get in, what they serve; what lies in them about people; and the scans
-- that look. `key` is a key of the vault that belongs to no person: what is sealed here is sealed under it. Address and
-- credentials, names of objects, keys of rows: all of it is dark once the system is retired and its key destroyed.

-- registered ─ checked (again and again) ─> retired. `abilities` are those that it declared when it was last checked.
CREATE TABLE systems (
    controller     uuid NOT NULL,
    system         uuid NOT NULL,
    name           text NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{2,59}$'),
    kind           text NOT NULL CHECK (kind ~ '^[a-z][a-z0-9_]{1,39}$'),
    key            uuid NOT NULL,
    sealed_address bytea,
    regions        text[] NOT NULL DEFAULT '{}',
    abilities      text[] NOT NULL CHECK (abilities <@ ARRAY['find', 'export', 'erase', 'confirm']),
    owner          uuid NOT NULL,
    owner_role     text NOT NULL,
    registered_at  timestamptz NOT NULL,
    checked_at     timestamptz NOT NULL,
    retired_at     timestamptz,
    statement      uuid NOT NULL,
    PRIMARY KEY (controller, system),
    UNIQUE (controller, name),
    CHECK ((sealed_address IS NULL) = (retired_at IS NOT NULL)),
    CHECK (NOT 'erase' = ANY(abilities) OR 'confirm' = ANY(abilities))
);
SELECT isolate('systems', 'SELECT, INSERT, UPDATE');

-- What the system is for: which objects, fields and categories of it serve which purpose, and how long they may. The first that
-- fits decides. `term_from`: a date in a field of the same row, or the day on which a scan first saw it.
CREATE TABLE system_uses (
    controller uuid NOT NULL,
    system     uuid NOT NULL,
    nth        integer NOT NULL CHECK (nth > 0),
    objects    text NOT NULL CHECK (objects <> ''),
    fields     text NOT NULL CHECK (fields <> ''),
    category   text CHECK (category ~ '^pd:[A-Za-z]+$'),
    purpose    uuid NOT NULL,
    term_from  text NOT NULL CHECK (term_from IN ('first_seen', 'field')),
    term_field text,
    term_days  integer CHECK (term_days BETWEEN 1 AND 36500),
    PRIMARY KEY (controller, system, nth),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    CHECK ((term_field IS NOT NULL) = (term_from = 'field'))
);
SELECT isolate('system_uses', 'SELECT, INSERT, DELETE');

-- The forms of the controller's own customer and case numbers, in RE2.
CREATE TABLE system_patterns (
    controller uuid NOT NULL,
    system     uuid NOT NULL,
    name       text NOT NULL CHECK (name ~ '^[a-z][a-z0-9_-]{0,39}$'),
    expression text NOT NULL CHECK (expression <> ''),
    PRIMARY KEY (controller, system, name),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system)
);
SELECT isolate('system_patterns', 'SELECT, INSERT, DELETE');

-- A file, a table, a message store. Its name may be about a person: it is sealed, and found by `mark`, a keyed hash of it.
-- `fingerprint`: a keyed hash of what the source said, when it was last read whole; NULL where it was not, or cannot tell.
-- `rules`: a digest of what it was read with.
CREATE TABLE system_objects (
    controller    uuid NOT NULL,
    object        uuid NOT NULL,
    system        uuid NOT NULL,
    mark          bytea NOT NULL CHECK (octet_length(mark) = 32),
    sealed_name   bytea NOT NULL,
    fingerprint   bytea CHECK (octet_length(fingerprint) = 32),
    rules         bytea CHECK (octet_length(rules) = 32),
    bytes         bigint CHECK (bytes >= 0),
    first_seen_at timestamptz NOT NULL,
    read_at       timestamptz,
    gone_at       timestamptz,
    PRIMARY KEY (controller, object),
    UNIQUE (controller, system, mark),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system),
    CHECK (rules IS NULL OR read_at IS NOT NULL),
    CHECK (fingerprint IS NULL OR rules IS NOT NULL)
);
SELECT isolate('system_objects', 'SELECT, INSERT, UPDATE');

-- Where something about a person lies; never the value. `mark`: a keyed hash of its place, type and clues, so that it stays the
-- same finding as long as these do. `sealed_spot`: row, field and characters. `field`: in plain form where it looks like a name
-- out of a schema. `clues`: keyed hashes of what the value says of whose it is; `clue_kinds` in the same order. `record`: what
-- was said of one thing has the same. `subject` once it is linked, `holding` once it is on the map.
CREATE TABLE findings (
    controller  uuid NOT NULL,
    finding     uuid NOT NULL,
    system      uuid NOT NULL,
    object      uuid NOT NULL,
    record      uuid NOT NULL,
    mark        bytea NOT NULL CHECK (octet_length(mark) = 32),
    sealed_spot bytea NOT NULL,
    field       text CHECK (field ~ '^[A-Za-z_][A-Za-z0-9_ .-]{0,59}$'),
    type        text NOT NULL CHECK (type ~ '^[a-z][a-z0-9_-]{0,39}$'),
    category    text NOT NULL CHECK (category ~ '^pd:[A-Za-z]+$'),
    confidence  real NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    why         text NOT NULL CHECK (why <> ''),
    clue_kinds  text[] NOT NULL DEFAULT '{}',
    clues       bytea[] NOT NULL DEFAULT '{}',
    subject     uuid,
    holding     uuid,
    first_scan  uuid NOT NULL,
    last_scan   uuid NOT NULL,
    first_seen_at timestamptz NOT NULL,
    gone_at     timestamptz,
    PRIMARY KEY (controller, finding),
    UNIQUE (controller, object, mark),
    FOREIGN KEY (controller, object) REFERENCES system_objects (controller, object),
    CHECK (cardinality(clues) = cardinality(clue_kinds)),
    CHECK (holding IS NULL OR subject IS NOT NULL)
);
SELECT isolate('findings', 'SELECT, INSERT, UPDATE');
CREATE INDEX findings_of_systems ON findings (controller, system, type) WHERE gone_at IS NULL;
CREATE INDEX findings_of_records ON findings (controller, record) WHERE gone_at IS NULL;
CREATE INDEX findings_of_subjects ON findings (controller, subject) WHERE subject IS NOT NULL;
CREATE INDEX findings_by_clue ON findings USING gin (clues) WHERE gone_at IS NULL;

-- listing ─> reading ─> settling ─> over. A scan is over with an outcome; until then it may wait for its source, and says since
-- when and why. `sample`: about which share of objects and rows was looked at; NULL for all. `rules`: what it looked with.
CREATE TABLE scans (
    controller    uuid NOT NULL,
    scan          uuid NOT NULL,
    system        uuid NOT NULL,
    stage         text NOT NULL CHECK (stage IN ('listing', 'reading', 'settling', 'over')),
    outcome       text CHECK (outcome IN ('done', 'failed', 'cancelled')),
    why           text,
    sample        real CHECK (sample > 0 AND sample < 1),
    workers       integer NOT NULL CHECK (workers BETWEEN 1 AND 64),
    pace          bigint CHECK (pace > 0),
    rules         bytea CHECK (octet_length(rules) = 32),
    started_by    uuid NOT NULL,
    started_role  text NOT NULL,
    started_at    timestamptz NOT NULL,
    reading_since timestamptz,
    waiting_since timestamptz,
    waiting_why   text,
    ended_at      timestamptz,
    statement     uuid NOT NULL,
    PRIMARY KEY (controller, scan),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system),
    CHECK ((outcome IS NOT NULL) = (stage = 'over')),
    CHECK ((ended_at IS NOT NULL) = (stage = 'over')),
    CHECK ((why IS NOT NULL) = (outcome IS NOT DISTINCT FROM 'failed')),
    CHECK ((waiting_since IS NULL) = (waiting_why IS NULL)),
    CHECK (stage IN ('listing', 'over') OR (reading_since IS NOT NULL AND rules IS NOT NULL))
);
SELECT isolate('scans', 'SELECT, INSERT, UPDATE');
CREATE UNIQUE INDEX one_scan_at_a_time ON scans (controller, system) WHERE stage <> 'over';

-- waiting ─> taken ─> read or skipped, and back to waiting where its source went; a taken one whose time is over is free to take again. Unchanged ones and those that a
-- sample leaves out are never read. After three takes that never ended an object is skipped: it stops whoever reads it.
CREATE TABLE scan_objects (
    controller  uuid NOT NULL,
    scan        uuid NOT NULL,
    object      uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('waiting', 'taken', 'read', 'skipped', 'unchanged', 'left_out')),
    reason      text,
    fingerprint bytea CHECK (octet_length(fingerprint) = 32),
    size        bigint CHECK (size >= 0),
    bytes       bigint NOT NULL DEFAULT 0 CHECK (bytes >= 0),
    findings    integer NOT NULL DEFAULT 0 CHECK (findings >= 0),
    takes       integer NOT NULL DEFAULT 0 CHECK (takes >= 0),
    taken_by    text,
    taken_until timestamptz,
    PRIMARY KEY (controller, scan, object),
    FOREIGN KEY (controller, scan) REFERENCES scans (controller, scan),
    FOREIGN KEY (controller, object) REFERENCES system_objects (controller, object),
    CHECK ((reason IS NOT NULL) = (state = 'skipped')),
    CHECK ((taken_by IS NOT NULL) = (state = 'taken')),
    CHECK ((taken_until IS NOT NULL) = (state = 'taken'))
);
SELECT isolate('scan_objects', 'SELECT, INSERT, UPDATE, DELETE');
CREATE INDEX scan_objects_to_read ON scan_objects (controller, scan, object) WHERE state IN ('waiting', 'taken');

-- What was passed over inside of an object that was read: a file in an archive, a row that is not of its table. Its name is sealed.
CREATE TABLE scan_passed_over (
    controller  uuid NOT NULL,
    scan        uuid NOT NULL,
    object      uuid NOT NULL,
    nth         integer NOT NULL CHECK (nth > 0),
    sealed_name bytea NOT NULL,
    reason      text NOT NULL,
    PRIMARY KEY (controller, scan, object, nth),
    FOREIGN KEY (controller, scan, object) REFERENCES scan_objects (controller, scan, object)
);
SELECT isolate('scan_passed_over', 'SELECT, INSERT, UPDATE');
