-- Statements of whether anything is held under an identifier. Which identifier, nothing here tells: the opening of the commitment in
-- the document was given to the asker, and is kept nowhere.
CREATE TABLE attestations (
    controller   uuid NOT NULL,
    attestation  uuid NOT NULL,
    statement_id uuid NOT NULL,
    document     bytea NOT NULL,
    issued_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, attestation)
);
SELECT isolate('attestations', 'SELECT, INSERT');
