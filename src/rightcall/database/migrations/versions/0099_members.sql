-- People who work here. Name and address are sealed under a key of the vault that is the member's own (`key`); the address is looked up by
-- its blind. Suspended: lets nobody in. Forgotten: key, name and address are gone, and the id stays for what was done under it.
CREATE TABLE members (
    controller     uuid NOT NULL REFERENCES controllers,
    member         uuid NOT NULL,
    key            uuid NOT NULL,
    role           text NOT NULL CHECK (role IN ('agent', 'supervisor', 'reviewer', 'dpo', 'auditor', 'administrator')),
    sealed_name    bytea,
    sealed_address bytea,
    address_blind  bytea CHECK (octet_length(address_blind) = 32),
    created_at     timestamptz NOT NULL,
    suspended_at   timestamptz CHECK (suspended_at >= created_at),
    forgotten_at   timestamptz CHECK (forgotten_at >= created_at),
    PRIMARY KEY (controller, member),
    UNIQUE (controller, key),
    CONSTRAINT address_as_one CHECK (num_nulls(sealed_address, address_blind) IN (0, 2)),
    CONSTRAINT forgotten_as_one CHECK ((sealed_name IS NULL) = (forgotten_at IS NOT NULL)),
    CONSTRAINT nothing_is_left CHECK (forgotten_at IS NULL OR sealed_address IS NULL),
    CONSTRAINT forgotten_is_suspended CHECK (forgotten_at IS NULL OR suspended_at IS NOT NULL)
);
CREATE UNIQUE INDEX members_one_address ON members (controller, address_blind) WHERE address_blind IS NOT NULL;
SELECT isolate('members', 'SELECT, INSERT, UPDATE (role, sealed_name, sealed_address, address_blind, suspended_at, forgotten_at)', 'SELECT (controller, member, role, suspended_at)');

-- A link with which a member adds the first passkey, or one anew where all are lost. Only its digest is kept; it works once.
CREATE TABLE sign_up_links (
    controller uuid NOT NULL,
    link       uuid NOT NULL,
    member     uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL CHECK (expires_at > made_at),
    used_at    timestamptz,
    PRIMARY KEY (controller, link),
    UNIQUE (digest),
    FOREIGN KEY (controller, member) REFERENCES members (controller, member)
);
SELECT isolate('sign_up_links', 'SELECT, INSERT, UPDATE (used_at), DELETE', 'SELECT');

-- What a member signs in with: a public key. Its label is the member's own word, sealed.
CREATE TABLE passkeys (
    controller   uuid NOT NULL,
    passkey      uuid NOT NULL,
    member       uuid NOT NULL,
    credential   bytea NOT NULL CHECK (octet_length(credential) BETWEEN 1 AND 1023),
    public_key   bytea NOT NULL,
    sign_count   bigint NOT NULL CHECK (sign_count >= 0),
    sealed_label bytea NOT NULL,
    added_at     timestamptz NOT NULL,
    used_at      timestamptz,
    PRIMARY KEY (controller, passkey),
    UNIQUE (credential),
    FOREIGN KEY (controller, member) REFERENCES members (controller, member)
);
CREATE INDEX passkeys_of_member ON passkeys (controller, member);
SELECT isolate('passkeys', 'SELECT, INSERT, UPDATE (sign_count, used_at), DELETE', 'SELECT (controller, passkey, member, credential)');

-- Which account at the provider is a member's: found by the blind of issuer and subject, which are kept nowhere.
CREATE TABLE openid_accounts (
    controller uuid NOT NULL,
    blind      bytea NOT NULL CHECK (octet_length(blind) = 32),
    member     uuid NOT NULL,
    linked_at  timestamptz NOT NULL,
    PRIMARY KEY (controller, blind),
    UNIQUE (controller, member),
    FOREIGN KEY (controller, member) REFERENCES members (controller, member)
);
SELECT isolate('openid_accounts', 'SELECT, INSERT, DELETE');

-- Who is signed in, and the log of who was: how, when, until when. Only the digest of the secret is kept.
CREATE TABLE sessions (
    controller   uuid NOT NULL,
    session      uuid NOT NULL,
    member       uuid NOT NULL,
    digest       bytea NOT NULL CHECK (octet_length(digest) = 32),
    way          text NOT NULL CHECK (way IN ('passkey', 'openid')),
    signed_in_at timestamptz NOT NULL,
    seen_at      timestamptz NOT NULL CHECK (seen_at >= signed_in_at),
    expires_at   timestamptz NOT NULL CHECK (expires_at > signed_in_at),
    ended_at     timestamptz CHECK (ended_at >= signed_in_at),
    PRIMARY KEY (controller, session),
    UNIQUE (digest),
    FOREIGN KEY (controller, member) REFERENCES members (controller, member)
);
CREATE INDEX sessions_of_member ON sessions (controller, member, signed_in_at);
CREATE INDEX sessions_by_age ON sessions (controller, signed_in_at);
SELECT isolate('sessions', 'SELECT, INSERT, UPDATE (ended_at), DELETE', 'SELECT, UPDATE (seen_at)');

-- A sign-in that is under way, before anybody knows whose: what we asked, so that one answer fits, once, for minutes. `browser`: digest of
-- what the one browser has that began it.
CREATE TABLE ceremonies (
    ceremony   bytea PRIMARY KEY CHECK (octet_length(ceremony) = 32),
    kind       text NOT NULL CHECK (kind IN ('passkey', 'sign_up', 'openid')),
    browser    bytea NOT NULL CHECK (octet_length(browser) = 32),
    challenge  bytea NOT NULL,
    verifier   text,
    expires_at timestamptz NOT NULL,
    CONSTRAINT proof_of_openid CHECK ((kind = 'openid') = (verifier IS NOT NULL))
);
CREATE INDEX ceremonies_by_end ON ceremonies (expires_at);
GRANT SELECT, INSERT, DELETE ON ceremonies TO rightcall_system;
