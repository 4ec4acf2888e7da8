-- Two subjects may be one person, says what records tell of them; a person decides. What was compared is written down beside it, as in
-- `links`. `said` is a digest of all that both are known by: what was refused is not proposed again as long as that is the same; it goes
-- when either is erased.
--
--   waiting ── accept ──> accepted (joined)
--   waiting ── refuse ──> refused
CREATE TABLE join_proposals (
    controller   uuid NOT NULL,
    proposal     uuid NOT NULL,
    subject      uuid NOT NULL,
    other        uuid NOT NULL CHECK (other > subject),
    state        text NOT NULL CHECK (state IN ('waiting', 'accepted', 'refused')),
    score        real NOT NULL CHECK (score BETWEEN 0 AND 1),
    aspects      text[] NOT NULL,
    outcomes     text[] NOT NULL CHECK (outcomes <@ ARRAY['agrees', 'in_part', 'differs']),
    bits         real[] NOT NULL,
    household    real[] NOT NULL,
    said         bytea CHECK (octet_length(said) = 32),
    proposed_at  timestamptz NOT NULL,
    decided_by   uuid,
    decided_role text,
    decided_at   timestamptz,
    reason       text CHECK (reason <> ''),
    joined       uuid,
    PRIMARY KEY (controller, proposal),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, other) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, joined) REFERENCES joins (controller, statement),
    CONSTRAINT as_much_of_each CHECK (cardinality(aspects) = cardinality(outcomes) AND cardinality(aspects) = cardinality(bits)
                                      AND cardinality(aspects) = cardinality(household)),
    CONSTRAINT decided_as_one CHECK (num_nulls(decided_by, decided_role, decided_at, reason) IN (0, 4)),
    CONSTRAINT a_person_decides CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CONSTRAINT accepted_is_joined CHECK ((state = 'accepted') = (joined IS NOT NULL))
);
CREATE UNIQUE INDEX join_proposals_waiting ON join_proposals (controller, subject, other) WHERE state = 'waiting';
CREATE INDEX join_proposals_of_pair ON join_proposals (controller, subject, other);
CREATE INDEX join_proposals_of_other ON join_proposals (controller, other);
CREATE INDEX join_proposals_in_order ON join_proposals (controller, state, proposal);
SELECT isolate('join_proposals', 'SELECT, INSERT, UPDATE (state, said, decided_by, decided_role, decided_at, reason, joined), DELETE');

-- Two people whom somebody told apart are not proposed as one.
CREATE INDEX subjects_split ON subjects (controller, split_from) WHERE split_from IS NOT NULL;
CREATE INDEX joins_undone ON joins (controller, subject) WHERE undone_at IS NOT NULL;
CREATE INDEX joins_undone_into ON joins (controller, into_subject) WHERE undone_at IS NOT NULL;
