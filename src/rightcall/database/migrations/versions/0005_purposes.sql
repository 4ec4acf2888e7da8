-- Why: the purpose register, and the words that people are told. Nothing here is ever removed; a purpose can only be ended.
CREATE TABLE purposes (
    controller      uuid NOT NULL REFERENCES controllers (controller),
    purpose         uuid NOT NULL,
    key             text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_-]{0,62}$'),
    title           text NOT NULL CHECK (title <> ''),
    justification   text NOT NULL CHECK (justification <> ''),
    lawful_basis    text NOT NULL CHECK (lawful_basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests',
                                                          'public_task', 'legitimate_interests')),
    staff_basis     text NOT NULL CHECK (staff_basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests',
                                                         'public_task', 'legitimate_interests')),
    data_categories text[] NOT NULL CHECK (cardinality(data_categories) > 0),
    may_use         text[] NOT NULL,
    term_days       integer NOT NULL CHECK (term_days >= 1),
    dpv_purpose     text NOT NULL CHECK (dpv_purpose <> ''),
    on_withdrawal   text NOT NULL CHECK (on_withdrawal IN ('destroy', 'keep')),
    created_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    PRIMARY KEY (controller, purpose),
    UNIQUE (controller, key)
);
SELECT isolate('purposes', 'SELECT, INSERT, UPDATE (ended_at)');

-- A notice never changes: there is no right to update one. The last unique key is what choices point at, so that the database
-- itself holds notice, purpose, language and digest together.
CREATE TABLE notices (
    controller uuid NOT NULL,
    notice     uuid NOT NULL,
    purpose    uuid NOT NULL,
    language   text NOT NULL CHECK (language <> ''),
    version    integer NOT NULL CHECK (version >= 1),
    text       text NOT NULL CHECK (text <> ''),
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    keypad_yes text CHECK (keypad_yes ~ '^[0-9*#]$'),
    keypad_no  text CHECK (keypad_no ~ '^[0-9*#]$'),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (controller, notice),
    UNIQUE (controller, purpose, language, version),
    UNIQUE (controller, digest),
    UNIQUE (controller, notice, purpose, language, digest),
    CHECK ((keypad_yes IS NULL) = (keypad_no IS NULL)),
    CHECK (keypad_yes <> keypad_no),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
SELECT isolate('notices', 'SELECT, INSERT');
