-- The Data Rights Protocol, inbound: agents that a controller trusts, the token each has, the messages that were taken (until they expire), and
-- what was asked. `request` is null where nobody, or more than one person, is known by what the agent verified.
CREATE TABLE drp_agents (
    controller uuid NOT NULL REFERENCES controllers (controller),
    agent      uuid NOT NULL,
    name       text NOT NULL CHECK (name <> ''),
    business   text NOT NULL CHECK (business <> ''),
    key        bytea NOT NULL CHECK (octet_length(key) = 32),
    added_at   timestamptz NOT NULL,
    retired_at timestamptz,
    PRIMARY KEY (controller, agent)
);
CREATE UNIQUE INDEX drp_agents_by_name ON drp_agents (name, controller) WHERE retired_at IS NULL;
SELECT isolate('drp_agents', 'SELECT, INSERT, UPDATE (retired_at)', 'SELECT');

CREATE TABLE drp_tokens (
    controller uuid NOT NULL,
    agent      uuid NOT NULL,
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, agent),
    UNIQUE (digest),
    FOREIGN KEY (controller, agent) REFERENCES drp_agents (controller, agent)
);
SELECT isolate('drp_tokens', 'SELECT, INSERT, UPDATE (digest, made_at), DELETE', 'SELECT');

CREATE TABLE drp_messages (
    controller uuid NOT NULL REFERENCES controllers (controller),
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (controller, digest)
);
CREATE INDEX drp_messages_expired ON drp_messages (controller, expires_at);
SELECT isolate('drp_messages', 'SELECT, INSERT, DELETE');

CREATE TABLE drp_requests (
    controller    uuid NOT NULL,
    drp           uuid NOT NULL,
    agent         uuid NOT NULL,
    agent_request text,
    exercise      text NOT NULL,
    received_at   timestamptz NOT NULL,
    expected_on   date NOT NULL,
    request       uuid,
    revoked_at    timestamptz,
    PRIMARY KEY (controller, drp),
    FOREIGN KEY (controller, agent) REFERENCES drp_agents (controller, agent),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request)
);
CREATE INDEX drp_requests_of_agent ON drp_requests (controller, agent, received_at);
SELECT isolate('drp_requests', 'SELECT, INSERT, UPDATE (revoked_at)');

ALTER TABLE requests
    DROP CONSTRAINT requests_outcome_check,
    ADD CONSTRAINT requests_outcome_check CHECK (outcome IN ('fulfilled', 'denied', 'revoked'));
ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'ready', 'limited', 'told_before_lifting', 'lifted', 'begun',
         'extended', 'corrected', 'fulfilled', 'denied', 'revoked', 'appealed', 'upheld', 'reopened'));
