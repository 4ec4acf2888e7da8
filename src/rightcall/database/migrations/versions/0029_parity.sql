-- How each call went, so that calls with a no can be held against calls with a yes. Figures and keys, nobody's words or names.
-- `reported_at`: the contact centre's systems told it; `seen_at`: Rightcall's own wire did, and columns that begin with seen_ are
-- that. `taken_at` is when the row came, and what a look goes by. Rows go with the person, and when they are too old to be compared.
CREATE TABLE call_outcomes (
    controller           uuid NOT NULL,
    call                 uuid NOT NULL,
    taken_at             timestamptz NOT NULL,
    reported_at          timestamptz,
    waited_seconds       integer CHECK (waited_seconds BETWEEN 0 AND 86400),
    handled_seconds      integer CHECK (handled_seconds BETWEEN 0 AND 86400),
    transfers            integer CHECK (transfers BETWEEN 0 AND 100),
    resolved             text CHECK (resolved IN ('yes', 'no', 'unknown')),
    ended_by             text CHECK (ended_by IN ('caller', 'us', 'unknown')),
    queue                text CHECK (queue ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(queue) <= 40),
    language             text CHECK (language ~ '^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
    seen_at              timestamptz,
    seen_handled_seconds integer CHECK (seen_handled_seconds >= 0),
    seen_transfers       integer CHECK (seen_transfers >= 0),
    seen_ended_by        text CHECK (seen_ended_by IN ('caller', 'us', 'unknown')),
    PRIMARY KEY (controller, call),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    CHECK (reported_at IS NOT NULL OR seen_at IS NOT NULL),
    CHECK ((reported_at IS NOT NULL) = (resolved IS NOT NULL AND ended_by IS NOT NULL)),
    CHECK (reported_at IS NOT NULL
           OR num_nonnulls(waited_seconds, handled_seconds, transfers, resolved, ended_by, queue, language) = 0),
    CHECK ((seen_at IS NOT NULL) = (seen_ended_by IS NOT NULL)),
    CHECK (seen_at IS NOT NULL OR num_nonnulls(seen_handled_seconds, seen_transfers) = 0)
);
CREATE INDEX call_outcomes_by_time ON call_outcomes (controller, taken_at);
CREATE INDEX calls_by_end ON calls (controller, ended_at);
SELECT isolate('call_outcomes', 'SELECT, INSERT, UPDATE, DELETE');

-- The rest only grows. A look goes over the calls that no look had before.
CREATE TABLE parity_looks (
    controller uuid NOT NULL REFERENCES controllers (controller),
    look       uuid NOT NULL,
    looked_at  timestamptz NOT NULL,
    until      timestamptz NOT NULL CHECK (until <= looked_at),
    PRIMARY KEY (controller, look)
);
CREATE INDEX parity_looks_by_time ON parity_looks (controller, looked_at);
SELECT isolate('parity_looks', 'SELECT, INSERT');

-- What one look added to the account of one measure of one purpose, and how the account stood then (docs/adr/0010).
CREATE TABLE parity_accounts (
    controller  uuid NOT NULL,
    purpose     uuid NOT NULL,
    measure     text NOT NULL CHECK (measure IN ('waiting', 'handling', 'transfers', 'unresolved', 'hang_ups')),
    look        uuid NOT NULL,
    began_at    timestamptz NOT NULL,
    until       timestamptz NOT NULL CHECK (until >= began_at),
    looks       integer NOT NULL CHECK (looks > 0),
    noes        integer NOT NULL CHECK (noes > 0),
    yeses       integer NOT NULL CHECK (yeses > 0),
    score       double precision NOT NULL,
    information double precision NOT NULL CHECK (information > 0),
    evidence    double precision NOT NULL,
    highest     double precision NOT NULL CHECK (highest >= evidence AND highest >= 0),
    effect      double precision NOT NULL CHECK (effect BETWEEN -1 AND 1),
    error       double precision NOT NULL CHECK (error >= 0),
    PRIMARY KEY (controller, purpose, measure, until),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, look) REFERENCES parity_looks (controller, look)
);
SELECT isolate('parity_accounts', 'SELECT, INSERT');

-- A gap was found. The flag stands until a person has answered, and a later look has lifted it.
CREATE TABLE parity_flags (
    controller uuid NOT NULL,
    flag       uuid NOT NULL,
    purpose    uuid NOT NULL,
    measure    text NOT NULL CHECK (measure IN ('waiting', 'handling', 'transfers', 'unresolved', 'hang_ups')),
    look       uuid NOT NULL,
    effect     double precision NOT NULL CHECK (effect BETWEEN -1 AND 1),
    low        double precision NOT NULL CHECK (low <= effect),
    high       double precision NOT NULL CHECK (high >= effect),
    noes       integer NOT NULL CHECK (noes > 0),
    yeses      integer NOT NULL CHECK (yeses > 0),
    flagged_at timestamptz NOT NULL,
    concern    uuid NOT NULL,
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, flag),
    UNIQUE (controller, purpose, measure, look),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, look) REFERENCES parity_looks (controller, look),
    FOREIGN KEY (controller, concern) REFERENCES concerns (controller, concern)
);
SELECT isolate('parity_flags', 'SELECT, INSERT');

CREATE TABLE parity_answers (
    controller  uuid NOT NULL,
    flag        uuid NOT NULL,
    explanation text NOT NULL CHECK (explanation IN ('mended', 'another_cause')),
    answered_by uuid NOT NULL,
    answered_as text NOT NULL CHECK (answered_as = 'dpo'),
    answered_at timestamptz NOT NULL,
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, flag, answered_at),
    FOREIGN KEY (controller, flag) REFERENCES parity_flags (controller, flag)
);
SELECT isolate('parity_answers', 'SELECT, INSERT');

-- Only after an answer: `answered_at` is that of the answer it rests on.
CREATE TABLE parity_liftings (
    controller  uuid NOT NULL,
    flag        uuid NOT NULL,
    look        uuid NOT NULL,
    answered_at timestamptz NOT NULL,
    lifted_at   timestamptz NOT NULL CHECK (lifted_at > answered_at),
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, flag),
    FOREIGN KEY (controller, flag, answered_at) REFERENCES parity_answers (controller, flag, answered_at),
    FOREIGN KEY (controller, look) REFERENCES parity_looks (controller, look)
);
SELECT isolate('parity_liftings', 'SELECT, INSERT');

INSERT INTO housekeeping (name) VALUES ('parity');
