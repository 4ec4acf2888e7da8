-- Erasures: begun, then destroyed (keys), then confirmed (bytes), then certified, then covered in backups too. Never the other
-- way round. `epoch` is the last one under which anything of the person was still wrapped: a hold that is lifted later raises it.
CREATE TABLE erasures (
    controller   uuid NOT NULL REFERENCES controllers (controller),
    erasure      uuid NOT NULL,
    subject      uuid NOT NULL,
    begun_at     timestamptz NOT NULL,
    destroyed_at timestamptz,
    epoch        bigint,
    identifiers  integer CHECK (identifiers >= 0),
    destroyed    uuid,
    disposed     bigint NOT NULL DEFAULT 0 CHECK (disposed >= 0),
    held         bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
    confirmed_at timestamptz,
    confirmed    uuid,
    certificate  uuid,
    turned       uuid,
    PRIMARY KEY (controller, erasure),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    CHECK (num_nonnulls(destroyed_at, epoch, identifiers, destroyed) IN (0, 4)),
    CHECK (num_nonnulls(confirmed_at, confirmed) IN (0, 2)),
    CHECK (confirmed_at IS NULL OR destroyed_at IS NOT NULL),
    CHECK (certificate IS NULL OR confirmed_at IS NOT NULL),
    CHECK (turned IS NULL OR certificate IS NOT NULL)
);
CREATE INDEX erasures_of_subject ON erasures (controller, subject);
CREATE INDEX erasures_in_backups ON erasures (controller, epoch) WHERE turned IS NULL;
CREATE INDEX erasures_unconfirmed ON erasures (controller, begun_at) WHERE confirmed_at IS NULL;
SELECT isolate('erasures', 'SELECT, INSERT, UPDATE');

-- That an epoch began and no key of an earlier one exists: said once for each controller, whoever notices it first.
CREATE TABLE epoch_turns (
    controller uuid NOT NULL REFERENCES controllers (controller),
    epoch      bigint NOT NULL CHECK (epoch > 1),
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, epoch)
);
SELECT isolate('epoch_turns', 'SELECT, INSERT');
