-- Processors that are asked by OpenDSR, and what each was asked.

-- `sealed_address`: where it is and what it knows us by, under a key of the vault that is its own. `certificate`: public, as PEM.
CREATE TABLE processors (
    controller       uuid NOT NULL,
    recipient        uuid NOT NULL,
    domain           text NOT NULL CHECK (domain <> ''),
    version          text NOT NULL,
    identity_types   text[] NOT NULL,
    identity_formats text[] NOT NULL,
    kinds            text[] NOT NULL CHECK (cardinality(kinds) > 0),
    certificate_url  text NOT NULL,
    certificate      bytea NOT NULL,
    key              uuid NOT NULL,
    sealed_address   bytea,
    registered_by    uuid NOT NULL,
    registered_role  text NOT NULL,
    registered_at    timestamptz NOT NULL,
    checked_at       timestamptz NOT NULL,
    retired_at       timestamptz,
    PRIMARY KEY (controller, key),
    FOREIGN KEY (controller, recipient) REFERENCES recipients (controller, recipient),
    CHECK (cardinality(identity_types) = cardinality(identity_formats)),
    CHECK ((retired_at IS NULL) = (sealed_address IS NOT NULL))
);
CREATE UNIQUE INDEX processors_one_each ON processors (controller, recipient) WHERE retired_at IS NULL;
CREATE UNIQUE INDEX processors_one_domain ON processors (controller, domain) WHERE retired_at IS NULL;
SELECT isolate('processors', 'SELECT, INSERT, UPDATE (certificate, checked_at, sealed_address, retired_at)');

-- to_ask ─> pending ─> in_progress ─> completed | cancelled, by the processor's signed word; or by_letter. `asked_for`: an erasure, or a
-- person's request. What one of them says is due again is `due_at`; nothing is due once it is settled.
CREATE TABLE processor_orders (
    controller     uuid NOT NULL,
    order_id       uuid NOT NULL,
    recipient      uuid NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('erasure', 'access', 'portability')),
    asked_for      uuid NOT NULL,
    subject        uuid,
    submitted_at   timestamptz NOT NULL,
    state          text NOT NULL CHECK (state IN ('to_ask', 'pending', 'in_progress', 'completed', 'cancelled', 'by_letter')),
    called_back    text CHECK (called_back IN ('pending', 'in_progress', 'completed', 'cancelled')),
    round          integer NOT NULL,
    due_at         timestamptz,
    failures       integer NOT NULL CHECK (failures >= 0),
    failing_since  timestamptz,
    trouble        text,
    escalated_at   timestamptz,
    accepted_at    timestamptz,
    expected_at    timestamptz,
    settled_at     timestamptz,
    sealed_results bytea,
    PRIMARY KEY (controller, order_id),
    UNIQUE (controller, recipient, kind, asked_for),
    FOREIGN KEY (controller, recipient) REFERENCES recipients (controller, recipient),
    CHECK ((kind = 'erasure') = (subject IS NULL)),
    CHECK ((settled_at IS NOT NULL) = (state IN ('completed', 'cancelled', 'by_letter'))),
    CHECK (settled_at IS NULL OR due_at IS NULL),
    CHECK (state IN ('to_ask', 'by_letter') OR accepted_at IS NOT NULL)
);
CREATE INDEX processor_orders_due ON processor_orders (controller, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX processor_orders_for ON processor_orders (controller, asked_for);
CREATE INDEX processor_orders_open ON processor_orders (controller, submitted_at) WHERE settled_at IS NULL OR state = 'cancelled';
SELECT isolate('processor_orders', 'SELECT, INSERT, UPDATE');
