-- E-mails by which people may ask something, until somebody has seen to them. Their words are sealed under a key of the vault that is the
-- mail's own, and go with it. `subject`: whose address it came from, which proves nothing.
CREATE TABLE request_mails (
    controller   uuid NOT NULL REFERENCES controllers (controller),
    mail         uuid NOT NULL,
    key          uuid NOT NULL,
    digest       bytea NOT NULL CHECK (octet_length(digest) = 32),
    sealed_words bytea,
    proposed     text CHECK (proposed IN ('access', 'erasure', 'rectification', 'restriction', 'objection', 'portability', 'withdrawal')),
    subject      uuid,
    came_at      timestamptz NOT NULL,
    taken_at     timestamptz NOT NULL,
    taken_by     uuid NOT NULL,
    taken_role   text NOT NULL,
    settled_at   timestamptz,
    request      uuid,
    PRIMARY KEY (controller, mail),
    UNIQUE (controller, digest),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request),
    CHECK (came_at <= taken_at),
    CHECK ((settled_at IS NULL) = (sealed_words IS NOT NULL)),
    CHECK (settled_at IS NOT NULL OR request IS NULL),
    CHECK (settled_at IS NULL OR subject IS NULL)
);
CREATE INDEX request_mails_waiting ON request_mails (controller, came_at, mail) WHERE settled_at IS NULL;
SELECT isolate('request_mails', 'SELECT, INSERT, UPDATE (settled_at, request, sealed_words, subject)');
