-- Two subjects were found to be one person. Nothing moves: each keeps its key, its choices and what is held of it, so that undoing it
-- is exact. Whoever asks for one is shown both, and erasing one erases both.
CREATE TABLE joins (
    controller       uuid NOT NULL,
    statement        uuid NOT NULL,
    subject          uuid NOT NULL,
    into_subject     uuid NOT NULL CHECK (into_subject <> subject),
    reason           text NOT NULL CHECK (reason IN ('person_said_so', 'seen_in_source', 'entered_twice', 'links_agree')),
    joined_by        uuid NOT NULL,
    joined_role      text NOT NULL CHECK (joined_role <> ''),
    joined_at        timestamptz NOT NULL,
    undone_at        timestamptz,
    undone_by        uuid,
    undone_role      text,
    undone_statement uuid,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, undone_statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, into_subject) REFERENCES subjects (controller, subject),
    CONSTRAINT undone_as_one CHECK (num_nulls(undone_at, undone_by, undone_role, undone_statement) IN (0, 4))
);
-- A subject is joined to one other at a time, so those of one person are a tree.
CREATE UNIQUE INDEX joins_standing ON joins (controller, subject) WHERE undone_at IS NULL;
CREATE INDEX joins_into ON joins (controller, into_subject) WHERE undone_at IS NULL;
SELECT isolate('joins', 'SELECT, INSERT, UPDATE (undone_at, undone_by, undone_role, undone_statement)');

-- What else a subject is known by: blinds of what other systems hold, from the records that are linked. The values stay where they
-- are. They go when the subject is erased or the link is undone. `kind` and `blind` are as in `identifiers` where both are of a kind.
CREATE TABLE known_clues (
    controller uuid NOT NULL,
    blind      bytea NOT NULL CHECK (octet_length(blind) = 32),
    subject    uuid NOT NULL,
    record     uuid NOT NULL,
    kind       text NOT NULL CHECK (kind ~ '^[a-z_]{1,40}$'),
    PRIMARY KEY (controller, blind, subject, record),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX known_clues_of_subject ON known_clues (controller, subject, record);
SELECT isolate('known_clues', 'SELECT, INSERT, DELETE');

-- A record is about a subject: said by an identifier (certain), by a score (likely), or by a person who looked at one that was
-- doubtful. What was refused or undone is kept, so that it is not proposed again: `said` is a digest of the record's blinds, and goes
-- when the subject is erased. What was compared is written down beside it: aspect, outcome, and how much it weighs.
--
--   certain, likely ── undo ──> undone
--   doubtful ── accept ──> certain
--   doubtful ── refuse ──> refused
CREATE TABLE links (
    controller   uuid NOT NULL,
    link         uuid NOT NULL,
    record       uuid NOT NULL,
    system       uuid NOT NULL,
    subject      uuid NOT NULL,
    state        text NOT NULL CHECK (state IN ('certain', 'likely', 'doubtful', 'refused', 'undone')),
    score        real NOT NULL CHECK (score BETWEEN 0 AND 1),
    aspects      text[] NOT NULL,
    outcomes     text[] NOT NULL CHECK (outcomes <@ ARRAY['agrees', 'in_part', 'differs']),
    bits         real[] NOT NULL,
    household    real[] NOT NULL,
    said         bytea CHECK (octet_length(said) = 32),
    linked_at    timestamptz NOT NULL,
    decided_by   uuid,
    decided_role text,
    decided_at   timestamptz,
    reason       text CHECK (reason IN ('person_said_so', 'seen_in_source', 'of_the_household', 'shared_contact', 'same_name',
                                        'wrong_in_source', 'other')),
    PRIMARY KEY (controller, link),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    CONSTRAINT as_much_of_each CHECK (cardinality(aspects) = cardinality(outcomes) AND cardinality(aspects) = cardinality(bits)
                                      AND cardinality(aspects) = cardinality(household)),
    CONSTRAINT decided_as_one CHECK (num_nulls(decided_by, decided_role, decided_at, reason) IN (0, 4)),
    CONSTRAINT a_person_decides CHECK (state NOT IN ('refused', 'undone') OR decided_at IS NOT NULL),
    CONSTRAINT waits_undecided CHECK (state <> 'doubtful' OR decided_at IS NULL)
);
CREATE UNIQUE INDEX links_standing ON links (controller, record) WHERE state IN ('certain', 'likely');
CREATE UNIQUE INDEX links_waiting ON links (controller, record, subject) WHERE state = 'doubtful';
CREATE INDEX links_in_order ON links (controller, state, link);
CREATE INDEX links_of_subject ON links (controller, subject);
CREATE INDEX links_of_record ON links (controller, record);
SELECT isolate('links', 'SELECT, INSERT, UPDATE (state, said, decided_by, decided_role, decided_at, reason), DELETE');
