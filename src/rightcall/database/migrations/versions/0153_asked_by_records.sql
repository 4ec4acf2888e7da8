-- Whoever is erased and is known from records of other systems alone: by what those know them, read before their key went, and a person's
-- word for each recipient on whether it is asked by that (docs/adr/0067-asked-by-a-persons-word.md).

-- `sealed`: under the key of the erasure's letters, and forgotten with it. `unread`: so many places could not be read, or said otherwise.
CREATE TABLE erasure_told (
    controller uuid NOT NULL,
    erasure    uuid NOT NULL,
    sealed     bytea,
    unread     integer NOT NULL CHECK (unread >= 0),
    PRIMARY KEY (controller, erasure),
    FOREIGN KEY (controller, erasure) REFERENCES erasure_letters (controller, erasure)
);
SELECT isolate('erasure_told', 'SELECT, INSERT, UPDATE');

-- planned ─> in doubt ─> ask, and asked as others are; or do_not, and told by letter. `chosen`: which of what records told, counted from 1.
ALTER TABLE erasure_notices
    ADD COLUMN in_doubt_at timestamptz,
    ADD COLUMN word        text CHECK (word IN ('ask', 'do_not')),
    ADD COLUMN why_not     text CHECK (why_not IN ('shared', 'unsure', 'wrong', 'other_way')),
    ADD COLUMN chosen      integer[] NOT NULL DEFAULT '{}',
    ADD COLUMN said_at     timestamptz,
    ADD COLUMN said_by     uuid,
    ADD COLUMN said_role   text,
    ADD CHECK (num_nonnulls(word, said_at, said_by, said_role) IN (0, 4)),
    ADD CHECK (word IS NULL OR in_doubt_at IS NOT NULL),
    ADD CHECK ((word IS NOT DISTINCT FROM 'do_not') = (why_not IS NOT NULL)),
    ADD CHECK ((word IS NOT DISTINCT FROM 'ask') = (cardinality(chosen) > 0));

-- What the certificate says of recipients that are not asked by what records tell.
ALTER TABLE erasures ADD COLUMN unasked text[] NOT NULL DEFAULT '{}';

ALTER TABLE escalations
    DROP CONSTRAINT escalations_reason_check,
    ADD CONSTRAINT escalations_reason_check CHECK (reason IN
        ('procedure_failed', 'procedure_waiting', 'erasure_elsewhere', 'request_due', 'term_outlived', 'processor_order',
         'processor_word', 'package_waits', 'hold_waits'));
