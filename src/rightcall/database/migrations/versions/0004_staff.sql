-- API tokens. The secret itself is never kept: only its SHA-256, which is enough for a secret of 256 random bits.
-- A token is live until it is revoked or its last instant has passed; it belongs to one controller and has one role for good.
CREATE TABLE tokens (
    controller uuid NOT NULL REFERENCES controllers,
    token      uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    role       text NOT NULL CHECK (role IN ('agent', 'supervisor', 'dpo', 'auditor', 'engineer')),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > created_at),
    revoked_at timestamptz CHECK (revoked_at >= created_at),
    PRIMARY KEY (controller, token),
    UNIQUE (digest)
);
-- Only the end of a token can be written later; the system reads, to tell who knocks before a controller is known.
SELECT isolate('tokens', 'SELECT, INSERT, UPDATE (revoked_at)', 'SELECT');
