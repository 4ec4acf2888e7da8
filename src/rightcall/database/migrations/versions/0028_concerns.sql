-- Concerns: what was said to be wrong, and what came of it (src/rightcall/concerns/states.py).
--
-- raised ─ owned ─> owned ─ answered ─> answered ┬ accepted, lapsed ─────> closed
--                                                └ appealed ─> appealed ─ decided ─> closed
--
-- Words are sealed under the concern's own key, a customer's under the customer's key besides. Nothing here tells who raised one:
-- the raiser's id is sealed with a key that the raiser alone has, and a customer's subject under the concern's key. What the raiser
-- does has a day, not an instant, and the ids are random (version 4), not of the time.
CREATE TABLE concerns (
    controller      uuid NOT NULL REFERENCES controllers (controller),
    concern         uuid NOT NULL,
    target          text NOT NULL CHECK (target IN ('purpose', 'rule', 'notice', 'call')),
    purpose         uuid,
    rule            text CHECK (rule ~ '^[a-z0-9_.-]{1,200}$'),
    notice          uuid,
    call            uuid,
    raised_as       text NOT NULL CHECK (raised_as IN ('anonymous', 'staff', 'customer', 'system')),
    raised_on       date NOT NULL,
    words_key       uuid NOT NULL,
    sealed_subject  bytea,
    sealed_words    bytea NOT NULL,
    raiser_key      uuid,
    sealed_raiser   bytea,
    raiser_tag      bytea CHECK (octet_length(raiser_tag) = 32),
    raiser_by_code  bytea,
    raiser_by_token bytea,
    consent_key     uuid,
    sealed_consent  bytea,
    stage           text NOT NULL CHECK (stage IN ('raised', 'owned', 'answered', 'appealed', 'closed')),
    ending          text CHECK (ending IN ('accepted', 'decided', 'lapsed')),
    closed_on       date,
    owner           uuid,
    owner_role      text,
    answer_due_on   date NOT NULL CHECK (answer_due_on >= raised_on),
    outcome         text CHECK (outcome IN ('upheld', 'partly', 'not_upheld', 'cannot_tell')),
    sealed_answer   bytea,
    answered_by     uuid,
    answered_role   text,
    answered_at     timestamptz,
    appealed_on     date,
    sealed_appeal   bytea,
    decision_due_on date,
    decision        text CHECK (decision IN ('upheld', 'partly', 'not_upheld', 'cannot_tell')),
    sealed_decision bytea,
    decided_by      uuid,
    decided_role    text,
    decided_at      timestamptz,
    escalated_for   date,
    forgotten_on    date,
    PRIMARY KEY (controller, concern),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, notice) REFERENCES notices (controller, notice),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    CHECK ((purpose IS NOT NULL) = (target = 'purpose')),
    CHECK ((rule IS NOT NULL) = (target = 'rule')),
    CHECK ((notice IS NOT NULL) = (target = 'notice')),
    CHECK (call IS NULL OR target = 'call'),
    CHECK ((sealed_subject IS NOT NULL) = (raised_as = 'customer')),
    CHECK ((sealed_raiser IS NOT NULL) = (raised_as IN ('staff', 'customer'))),
    CHECK ((raiser_by_code IS NOT NULL) = (sealed_raiser IS NOT NULL)),
    CHECK (num_nonnulls(raiser_key, raiser_tag, raiser_by_token) = CASE raised_as WHEN 'staff' THEN 3 ELSE 0 END),
    CHECK (num_nonnulls(consent_key, sealed_consent) IN (0, 2)),
    CHECK (consent_key IS NULL OR sealed_raiser IS NOT NULL),
    CHECK ((stage = 'closed') = (ending IS NOT NULL)),
    CHECK ((stage = 'closed') = (closed_on IS NOT NULL)),
    CHECK ((owner IS NULL) = (stage = 'raised')),
    CHECK ((owner IS NULL) = (owner_role IS NULL)),
    CHECK (num_nonnulls(outcome, sealed_answer, answered_by, answered_role, answered_at)
           = CASE WHEN stage IN ('raised', 'owned') THEN 0 ELSE 5 END),
    CHECK (answered_by IS NULL OR answered_by = owner),
    CHECK (num_nonnulls(appealed_on, sealed_appeal, decision_due_on)
           = CASE WHEN stage = 'appealed' OR ending = 'decided' THEN 3 ELSE 0 END),
    CHECK (num_nonnulls(decision, sealed_decision, decided_by, decided_role, decided_at)
           = CASE WHEN ending = 'decided' THEN 5 ELSE 0 END),
    CHECK (decided_by <> owner AND decided_role <> answered_role),
    CHECK (raised_as NOT IN ('system') OR appealed_on IS NULL),
    CHECK (forgotten_on IS NULL OR stage = 'closed')
);
CREATE INDEX concerns_by_day ON concerns (controller, raised_on DESC, concern DESC);
CREATE INDEX concerns_of_purpose ON concerns (controller, purpose) WHERE purpose IS NOT NULL;
CREATE INDEX concerns_of_notice ON concerns (controller, notice) WHERE notice IS NOT NULL;
CREATE INDEX concerns_not_closed ON concerns (controller, stage) WHERE stage <> 'closed';
SELECT isolate('concerns', 'SELECT, INSERT, UPDATE');

-- What leads from a case code to its concern: a hash of 140 random bits. The system reads, to tell whose concern it is.
CREATE TABLE concern_codes (
    controller uuid NOT NULL,
    concern    uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    PRIMARY KEY (controller, concern),
    UNIQUE (digest),
    FOREIGN KEY (controller, concern) REFERENCES concerns (controller, concern)
);
SELECT isolate('concern_codes', 'SELECT, INSERT', 'SELECT');

-- What happened, in order. A step of the raiser names nobody, and its instant is the beginning of its day.
CREATE TABLE concern_steps (
    controller uuid NOT NULL,
    concern    uuid NOT NULL,
    nth        integer NOT NULL CHECK (nth > 0),
    step       text NOT NULL CHECK (step IN ('raised', 'read', 'owned', 'answered', 'accepted', 'appealed', 'decided', 'lapsed',
                                             'escalated', 'consented', 'withdrawn', 'shown', 'forgotten')),
    at         timestamptz NOT NULL,
    actor      uuid,
    role       text,
    outcome    text CHECK (outcome IN ('upheld', 'partly', 'not_upheld', 'cannot_tell')),
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, concern, nth),
    FOREIGN KEY (controller, concern) REFERENCES concerns (controller, concern),
    CHECK ((actor IS NULL) = (role IS NULL)),
    CHECK ((actor IS NULL) = (step IN ('raised', 'accepted', 'appealed', 'consented', 'withdrawn'))),
    CHECK (actor IS NOT NULL OR at = date_trunc('day', at, 'UTC')),
    CHECK ((outcome IS NOT NULL) = (step IN ('answered', 'decided')))
);
SELECT isolate('concern_steps', 'SELECT, INSERT');

-- Who was shown who raised a concern; reason and case are sealed under the concern's key, for the raiser to read.
CREATE TABLE concern_looks (
    controller uuid NOT NULL,
    concern    uuid NOT NULL,
    look       uuid NOT NULL,
    at         timestamptz NOT NULL,
    actor      uuid NOT NULL,
    role       text NOT NULL,
    sealed_why bytea NOT NULL,
    PRIMARY KEY (controller, concern, look),
    FOREIGN KEY (controller, concern) REFERENCES concerns (controller, concern)
);
SELECT isolate('concern_looks', 'SELECT, INSERT');

-- How many concerns came through the door without a token, by the hour: so that it cannot be flooded. No address of anyone.
CREATE TABLE concern_knocks (
    controller uuid NOT NULL REFERENCES controllers (controller),
    hour       timestamptz NOT NULL,
    knocks     integer NOT NULL CHECK (knocks > 0),
    PRIMARY KEY (controller, hour)
);
SELECT isolate('concern_knocks', 'SELECT, INSERT, UPDATE, DELETE');

-- Who made a purpose and who published a notice is said in the ledger alone, and is asked before somebody answers a concern.
CREATE INDEX statements_of_register ON statements (controller) WHERE kind IN ('purposes.created', 'purposes.notice');

INSERT INTO housekeeping (name) VALUES ('concerns');
