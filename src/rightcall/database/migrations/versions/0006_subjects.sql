-- Who. What a subject is known by is sealed under the subject's key and found by a keyed hash, its blind.
CREATE TABLE subjects (
    controller  uuid NOT NULL REFERENCES controllers (controller),
    subject     uuid NOT NULL,
    sealed_name bytea,
    ambiguous   boolean NOT NULL,
    split_from  uuid CHECK (split_from <> subject),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (controller, subject),
    FOREIGN KEY (controller, split_from) REFERENCES subjects (controller, subject)
);
SELECT isolate('subjects', 'SELECT, INSERT, UPDATE (sealed_name)');

-- One row for each blind in use. Whoever identifies by it holds the row, so that two calls at once cannot make two people of one.
CREATE TABLE blinds (
    controller uuid NOT NULL,
    blind      bytea NOT NULL CHECK (octet_length(blind) = 32),
    PRIMARY KEY (controller, blind)
);
SELECT isolate('blinds', 'SELECT, INSERT, UPDATE, DELETE');

CREATE TABLE identifiers (
    controller uuid NOT NULL,
    blind      bytea NOT NULL,
    subject    uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('customer_id', 'email', 'sip', 'tel')),
    sealed     bytea NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (controller, blind, subject),
    FOREIGN KEY (controller, blind) REFERENCES blinds (controller, blind),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX identifiers_of_subject ON identifiers (controller, subject);
SELECT isolate('identifiers', 'SELECT, INSERT, DELETE');
