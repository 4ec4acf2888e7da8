-- What happened. Trunks are written by the deployment, since no two controllers may claim the same way in.
CREATE TABLE trunks (
    controller     uuid NOT NULL REFERENCES controllers (controller),
    trunk          uuid NOT NULL,
    name           text NOT NULL CHECK (name <> ''),
    sources        text[] NOT NULL CHECK (cardinality(sources) > 0),
    called         text CHECK (called <> ''),
    staff          text[] NOT NULL,
    undecided      text NOT NULL CHECK (undecided IN ('drop', 'inactive')),
    forbidden      text NOT NULL CHECK (forbidden IN ('stay', '603', '488')),
    default_region text NOT NULL CHECK (default_region ~ '^[A-Z]{2}$'),
    language       text NOT NULL CHECK (language <> ''),
    created_at     timestamptz NOT NULL,
    retired_at     timestamptz,
    PRIMARY KEY (controller, trunk)
);
SELECT isolate('trunks', 'SELECT', 'SELECT, INSERT, UPDATE (retired_at)');

-- One row for each way in that a trunk claims, gone when it retires. `called` is '' for any number. The unique key spans controllers.
CREATE TABLE trunk_claims (
    controller uuid NOT NULL,
    trunk      uuid NOT NULL,
    source     text NOT NULL,
    called     text NOT NULL,
    PRIMARY KEY (controller, trunk, source),
    CONSTRAINT one_trunk_for_each_way_in UNIQUE (source, called),
    FOREIGN KEY (controller, trunk) REFERENCES trunks (controller, trunk)
);
SELECT isolate('trunk_claims', 'SELECT', 'SELECT, INSERT, DELETE');

CREATE TABLE calls (
    controller    uuid NOT NULL REFERENCES controllers (controller),
    call          uuid NOT NULL,
    trunk         uuid,
    session_group bytea CHECK (octet_length(session_group) = 32),
    started_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    PRIMARY KEY (controller, call),
    FOREIGN KEY (controller, trunk) REFERENCES trunks (controller, trunk)
);
CREATE INDEX calls_active ON calls (controller, call) WHERE ended_at IS NULL;
CREATE INDEX calls_of_group ON calls (controller, session_group) WHERE session_group IS NOT NULL;
SELECT isolate('calls', 'SELECT, INSERT, UPDATE (ended_at)');

-- The second unique key is what asks and choices point at: party, call and subject cannot come apart.
CREATE TABLE parties (
    controller uuid NOT NULL,
    party      uuid NOT NULL,
    call       uuid NOT NULL,
    subject    uuid NOT NULL,
    role       text NOT NULL CHECK (role IN ('customer', 'agent', 'third_party')),
    joined_at  timestamptz NOT NULL,
    left_at    timestamptz,
    PRIMARY KEY (controller, party),
    UNIQUE (controller, party, call, subject),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX parties_of_call ON parties (controller, call);
CREATE INDEX parties_of_subject ON parties (controller, subject);
SELECT isolate('parties', 'SELECT, INSERT, UPDATE (left_at)');
