-- What an erasure has to do in other systems: one book for each erasure, an errand for each system, and a place for each holding
-- that lay there. Where exactly it lay stays sealed in `holdings`; `kept_places` opens that and nothing else of the person, under a
-- key of the vault that is the erasure's own. The key is destroyed once nobody needs to know any more.

-- planned ─> due, round after round ─> settled (nothing is open any more) ─> forgotten (the key is gone). `settled`: the statement
-- of it; NULL where nothing was ever open.
CREATE TABLE erasure_books (
    controller  uuid NOT NULL,
    erasure     uuid NOT NULL,
    subject     uuid NOT NULL,
    key         uuid,
    kept_places bytea,
    round       integer NOT NULL DEFAULT 1 CHECK (round > 0),
    due_at      timestamptz,
    planned_at  timestamptz,
    settled_at  timestamptz,
    settled     uuid,
    PRIMARY KEY (controller, erasure),
    FOREIGN KEY (controller, erasure) REFERENCES erasures (controller, erasure),
    CHECK ((key IS NULL) = (kept_places IS NULL)),
    CHECK (settled IS NULL OR settled_at IS NOT NULL),
    CHECK (planned_at IS NOT NULL OR num_nonnulls(due_at, settled_at) = 0)
);
CREATE INDEX erasure_books_of_subject ON erasure_books (controller, subject);
CREATE INDEX erasure_books_due ON erasure_books (controller, due_at) WHERE due_at IS NOT NULL;
SELECT isolate('erasure_books', 'SELECT, INSERT, UPDATE, DELETE');

-- `ended_in`: the last round of it that came to its end. `failures`: such rounds in a row that left something, `failing_since` the
-- first of them. `escalated_at`: since when a person has to look. `told_at`: those who look after a system that is not erased in
-- were told.
CREATE TABLE errands (
    controller    uuid NOT NULL,
    erasure       uuid NOT NULL,
    system        uuid NOT NULL,
    is_erasable   boolean NOT NULL,
    ended_in      integer NOT NULL DEFAULT 0,
    failures      integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    failing_since timestamptz,
    trouble       text CHECK (trouble IN ('unreachable', 'refused', 'there_still', 'unsure')),
    tried_at      timestamptz,
    due_at        timestamptz,
    escalated_at  timestamptz,
    told_at       timestamptz,
    told_by       uuid,
    told_role     text,
    PRIMARY KEY (controller, erasure, system),
    FOREIGN KEY (controller, erasure) REFERENCES erasure_books (controller, erasure),
    CHECK (num_nonnulls(failing_since, trouble) IN (0, 2)),
    CHECK ((failures = 0) = (trouble IS NULL)),
    CHECK (num_nonnulls(told_at, told_by, told_role) IN (0, 3))
);
CREATE INDEX errands_escalated ON errands (controller, escalated_at) WHERE escalated_at IS NOT NULL;
SELECT isolate('errands', 'SELECT, INSERT, UPDATE');

-- to_erase ─> erased ─> confirmed; to_erase ─> held ─> to_erase; erased ─> there_still ─> erased; to_erase ─> refused ─> erased.
-- `erased_in` and `looked_in`: the last round in which that was tried.
CREATE TABLE erasure_places (
    controller uuid NOT NULL,
    erasure    uuid NOT NULL,
    holding    uuid NOT NULL,
    system     uuid NOT NULL,
    state      text NOT NULL CHECK (state IN ('to_erase', 'erased', 'confirmed', 'there_still', 'refused', 'held', 'outside',
                                              'of_another')),
    erased_in  integer NOT NULL DEFAULT 0,
    looked_in  integer NOT NULL DEFAULT 0,
    tried_at   timestamptz,
    PRIMARY KEY (controller, erasure, holding),
    FOREIGN KEY (controller, erasure, system) REFERENCES errands (controller, erasure, system)
);
CREATE INDEX erasure_places_by_state ON erasure_places (controller, erasure, system, state, holding);
SELECT isolate('erasure_places', 'SELECT, INSERT, UPDATE');

INSERT INTO housekeeping (name) VALUES ('erasures');
