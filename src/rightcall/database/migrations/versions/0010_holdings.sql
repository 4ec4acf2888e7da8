-- The data map: what is held about whom, for which purposes and until when, where it came from, who used it, what keeps it
-- longer. Whether a holding can still be read is not here: it follows from the vault's keys, so erasing touches no row of this.
CREATE TABLE holdings (
    controller    uuid        NOT NULL,
    holding       uuid        NOT NULL,
    subject       uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('stream', 'transcript', 'field', 'row')),
    call          uuid,
    stream        uuid,
    purposes      uuid[]      NOT NULL CHECK (cardinality(purposes) > 0),
    last_days     date[]      NOT NULL,
    kept_until    date        NOT NULL,
    made_at       timestamptz NOT NULL,
    mediatype     text        NOT NULL CHECK (mediatype LIKE '%/%'),
    source        text        NOT NULL CHECK (source IN ('siprec', 'vcon', 'api', 'derived', 'scan')),
    generation    smallint    NOT NULL CHECK (generation >= 0),
    basis         text        NOT NULL CHECK (basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests',
                                                        'public_task', 'legitimate_interests')),
    actor         uuid        NOT NULL,
    actor_role    text        NOT NULL CHECK (actor_role <> ''),
    object_key    text        NOT NULL,
    statement     uuid        NOT NULL,
    completed_at  timestamptz,
    sealed_length bigint      CHECK (sealed_length >= 0),
    complete      boolean,
    sha256        bytea       CHECK (octet_length(sha256) = 32),
    disposed_at   timestamptz,
    PRIMARY KEY (controller, holding),
    -- What derivations point at: see there.
    UNIQUE (controller, holding, generation),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    CONSTRAINT a_last_day_for_each_purpose CHECK (cardinality(last_days) = cardinality(purposes)),
    CONSTRAINT kept_until_a_last_day CHECK (kept_until = ANY (last_days) AND kept_until >= ALL (last_days)),
    CONSTRAINT derived_or_first_hand CHECK ((source = 'derived') = (generation > 0)),
    CONSTRAINT stream_of_a_call CHECK (stream IS NULL OR call IS NOT NULL),
    -- Finished is one step: all of these are there, or none.
    CONSTRAINT completed_as_one CHECK (
        num_nulls(completed_at, sealed_length, complete, sha256) IN (0, 4))
);
-- All that is held about one person is one walk along this index, newest first.
CREATE INDEX holdings_of_subject ON holdings (controller, subject, made_at, holding);
CREATE INDEX holdings_of_call ON holdings (controller, call, made_at) WHERE call IS NOT NULL;
CREATE INDEX holdings_past_term ON holdings (controller, kept_until) WHERE disposed_at IS NULL;
SELECT isolate('holdings', 'SELECT, INSERT, UPDATE (completed_at, sealed_length, complete, sha256, disposed_at)');

-- What a holding was made from. A holding's generation is one more than that of the latest it was made from, and each
-- derivation goes from a lower generation to a higher: so no holding can ever be made, over any number of steps, from itself.
CREATE TABLE derivations (
    controller        uuid     NOT NULL,
    holding           uuid     NOT NULL,
    generation        smallint NOT NULL,
    origin            uuid     NOT NULL,
    origin_generation smallint NOT NULL,
    PRIMARY KEY (controller, holding, origin),
    FOREIGN KEY (controller, holding, generation) REFERENCES holdings (controller, holding, generation),
    FOREIGN KEY (controller, origin, origin_generation) REFERENCES holdings (controller, holding, generation),
    CONSTRAINT never_in_a_circle CHECK (origin_generation < generation)
);
CREATE INDEX derivations_of_origin ON derivations (controller, origin);
SELECT isolate('derivations', 'SELECT, INSERT');

CREATE VIEW holdings_with_origins WITH (security_invoker = true) AS
SELECT h.*, CASE WHEN h.generation = 0 THEN '{}'::uuid[]
                 ELSE ARRAY(SELECT d.origin FROM derivations d
                             WHERE d.controller = h.controller AND d.holding = h.holding ORDER BY d.origin)
            END AS derived_from
  FROM holdings h;
GRANT SELECT ON holdings_with_origins TO rightcall_app;

-- The access log: every use of a holding, with its purpose, its actor and the verdict that let it. Never changed.
CREATE TABLE holding_uses (
    controller uuid        NOT NULL,
    statement  uuid        NOT NULL,
    holding    uuid        NOT NULL,
    subject    uuid        NOT NULL,
    purpose    uuid        NOT NULL,
    act        text        NOT NULL CHECK (act IN ('capture', 'play', 'export', 'transcribe', 'erase')),
    actor      uuid        NOT NULL,
    actor_role text        NOT NULL CHECK (actor_role <> ''),
    verdict    uuid,
    used_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, holding) REFERENCES holdings (controller, holding),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict)
);
CREATE INDEX holding_uses_of_subject ON holding_uses (controller, subject, used_at);
CREATE INDEX holding_uses_of_holding ON holding_uses (controller, holding, used_at);
SELECT isolate('holding_uses', 'SELECT, INSERT');

-- Holds: placed, and once lifted never again in force. The name is a file reference and not a person.
CREATE TABLE holds (
    controller      uuid        NOT NULL REFERENCES controllers (controller),
    hold            uuid        NOT NULL,
    name            text        NOT NULL CHECK (name ~ '^[a-z][a-z0-9-]{2,59}$' AND name !~ '[0-9]{7}'),
    reason          text        NOT NULL CHECK (reason IN ('free_expression', 'legal_obligation', 'public_health', 'archiving',
                                                           'legal_claims')),
    owner           uuid        NOT NULL,
    owner_role      text        NOT NULL CHECK (owner_role <> ''),
    placed_at       timestamptz NOT NULL,
    until           date        NOT NULL,
    statement       uuid        NOT NULL,
    lifted_at       timestamptz,
    PRIMARY KEY (controller, hold),
    UNIQUE (controller, name),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    CONSTRAINT lifted_after_placed CHECK (lifted_at >= placed_at)
);
SELECT isolate('holds', 'SELECT, INSERT, UPDATE (lifted_at)');

CREATE TABLE held_slices (
    controller uuid NOT NULL,
    hold       uuid NOT NULL,
    holding    uuid NOT NULL,
    purpose    uuid NOT NULL,
    PRIMARY KEY (controller, hold, holding),
    FOREIGN KEY (controller, hold) REFERENCES holds (controller, hold),
    FOREIGN KEY (controller, holding) REFERENCES holdings (controller, holding),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
CREATE INDEX held_slices_of_holding ON held_slices (controller, holding);
SELECT isolate('held_slices', 'SELECT, INSERT');

CREATE VIEW holds_with_slices WITH (security_invoker = true) AS
SELECT h.*,
       ARRAY(SELECT s.holding FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS holdings,
       ARRAY(SELECT s.purpose FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS purposes
  FROM holds h;
GRANT SELECT ON holds_with_slices TO rightcall_app;
