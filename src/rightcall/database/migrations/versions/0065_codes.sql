-- One-time codes. A row is the same whether anybody is known by the identifier (`subject` is null where nobody is, or more than one).
-- `blind`, `asker` and `digest` are keyed by the vault; digits and identifiers are stored nowhere.
CREATE TABLE request_codes (
    controller uuid NOT NULL REFERENCES controllers (controller),
    code       uuid NOT NULL,
    subject    uuid,
    blind      bytea NOT NULL CHECK (octet_length(blind) = 32),
    asker      bytea CHECK (octet_length(asker) = 32),
    actor      uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tries      integer NOT NULL CHECK (tries BETWEEN 0 AND 5),
    used_at    timestamptz,
    PRIMARY KEY (controller, code),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX request_codes_of_identifier ON request_codes (controller, blind, made_at);
CREATE INDEX request_codes_of_asker ON request_codes (controller, asker, made_at) WHERE asker IS NOT NULL;
CREATE INDEX request_codes_of_token ON request_codes (controller, actor, made_at);
CREATE INDEX request_codes_by_age ON request_codes (controller, made_at);
SELECT isolate('request_codes', 'SELECT, INSERT, UPDATE (tries, used_at), DELETE');
