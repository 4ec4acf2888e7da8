-- Documents that were issued, without their proofs: canonical JSON that names the person by an opaque id and nothing else.
-- The statement that binds a document's digest is appended in the same transaction, after the row.
CREATE TABLE receipts (
    controller   uuid NOT NULL,
    receipt      uuid NOT NULL,
    choice       uuid NOT NULL,
    statement_id uuid NOT NULL,
    document     bytea NOT NULL CHECK (octet_length(document) > 0),
    issued_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, receipt),
    UNIQUE (controller, choice),
    UNIQUE (controller, statement_id),
    FOREIGN KEY (controller, choice) REFERENCES choices (controller, choice),
    FOREIGN KEY (controller, statement_id) REFERENCES statements (controller, statement) DEFERRABLE INITIALLY DEFERRED
);
SELECT isolate('receipts', 'SELECT, INSERT');

-- `salt` is a certificate's own, made when the subject's key was gone: it ties the ledger's commitment to the opaque `subject`.
CREATE TABLE certificates (
    controller   uuid NOT NULL,
    certificate  uuid NOT NULL,
    request      uuid,
    statement_id uuid NOT NULL,
    grade        text NOT NULL CHECK (grade IN ('complete', 'complete_after_backups', 'partial', 'unconfirmed')),
    document     bytea NOT NULL CHECK (octet_length(document) > 0),
    disposals    uuid[] NOT NULL CHECK (cardinality(disposals) > 0),
    subject      uuid NOT NULL,
    salt         bytea NOT NULL CHECK (octet_length(salt) = 32),
    issued_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, certificate),
    UNIQUE (controller, statement_id),
    FOREIGN KEY (controller, statement_id) REFERENCES statements (controller, statement) DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX certificates_of_subject ON certificates (controller, subject);
SELECT isolate('certificates', 'SELECT, INSERT');
