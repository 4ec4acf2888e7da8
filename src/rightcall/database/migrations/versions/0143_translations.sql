-- What a purpose's words are in another language than the company wrote them in: its title, why it is, and what customers read of
-- its review. A translation never changes: a better one is a new version. `review_of` is the digest of the sentences of a review
-- that it tells: they are told by it wherever a review says exactly that. Retired: nobody reads it any more.
CREATE TABLE translations (
    controller    uuid NOT NULL,
    purpose       uuid NOT NULL,
    language      text NOT NULL CHECK (language <> ''),
    version       integer NOT NULL CHECK (version >= 1),
    title         text NOT NULL CHECK (title <> ''),
    justification text NOT NULL CHECK (justification <> ''),
    review_of     bytea CHECK (octet_length(review_of) = 32),
    said_aloud    text CHECK (said_aloud <> ''),
    harms         jsonb NOT NULL DEFAULT '[]',
    digest        bytea NOT NULL CHECK (octet_length(digest) = 32),
    created_at    timestamptz NOT NULL,
    retired_at    timestamptz CHECK (retired_at >= created_at),
    PRIMARY KEY (controller, purpose, language, version),
    CHECK ((review_of IS NULL) = (said_aloud IS NULL)),
    CHECK (review_of IS NOT NULL OR harms = '[]'),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
SELECT isolate('translations', 'SELECT, INSERT, UPDATE (retired_at)');
