-- Whoever received an erased person's data is told (GDPR Art. 19), says what became of it, and both are kept.

-- What letters are written from: by what the person was known, sealed under a key of the vault that is the erasure's own. It is
-- destroyed once everybody was told.
CREATE TABLE erasure_letters (
    controller uuid NOT NULL,
    erasure    uuid NOT NULL,
    key        uuid,
    sealed_who bytea,
    PRIMARY KEY (controller, erasure),
    CHECK ((key IS NULL) = (sealed_who IS NULL))
);
SELECT isolate('erasure_letters', 'SELECT, INSERT, UPDATE');

-- planned ─> told ─> answered. `purposes`: for which the recipient receives data and something of the person was held.
CREATE TABLE erasure_notices (
    controller    uuid NOT NULL,
    erasure       uuid NOT NULL,
    recipient     uuid NOT NULL,
    purposes      uuid[] NOT NULL CHECK (cardinality(purposes) > 0),
    planned_at    timestamptz NOT NULL,
    told_at       timestamptz,
    told_by       uuid,
    told_role     text,
    answered_at   timestamptz,
    answer        text CHECK (answer IN ('let_go', 'never_had', 'keeps')),
    answered_by   uuid,
    answered_role text,
    PRIMARY KEY (controller, erasure, recipient),
    FOREIGN KEY (controller, erasure) REFERENCES erasures (controller, erasure),
    FOREIGN KEY (controller, recipient) REFERENCES recipients (controller, recipient),
    CHECK (num_nonnulls(told_at, told_by, told_role) IN (0, 3)),
    CHECK (num_nonnulls(answered_at, answer, answered_by, answered_role) IN (0, 4)),
    CHECK (answered_at IS NULL OR told_at IS NOT NULL)
);
CREATE INDEX erasure_notices_untold ON erasure_notices (controller, erasure) WHERE told_at IS NULL;
SELECT isolate('erasure_notices', 'SELECT, INSERT, UPDATE');

-- So many identifiers of the person are kept until recipients are told.
ALTER TABLE erasures ADD COLUMN kept_for_recipients integer NOT NULL DEFAULT 0 CHECK (kept_for_recipients >= 0);
