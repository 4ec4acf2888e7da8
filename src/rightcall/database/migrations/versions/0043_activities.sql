-- Who receives data (GDPR Art. 30(1)(d) and (e)): organisations, for named purposes. Only its end may be written later, so that
-- a record of last year names who received data then.
CREATE TABLE recipients (
    controller  uuid NOT NULL REFERENCES controllers (controller),
    recipient   uuid NOT NULL,
    name        text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    kind        text NOT NULL CHECK (kind IN ('processor', 'joint_controller', 'controller', 'authority')),
    country     text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    purposes    uuid[] NOT NULL CHECK (cardinality(purposes) > 0),
    safeguard   text CHECK (safeguard IN ('adequacy_decision', 'standard_contractual_clauses', 'binding_corporate_rules',
                                          'code_or_certificate', 'derogation')),
    declared_by uuid NOT NULL,
    declared_as text NOT NULL CHECK (declared_as <> ''),
    declared_at timestamptz NOT NULL,
    ended_at    timestamptz CHECK (ended_at >= declared_at),
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, recipient),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
CREATE UNIQUE INDEX recipients_by_name ON recipients (controller, name) WHERE ended_at IS NULL;
SELECT isolate('recipients', 'SELECT, INSERT, UPDATE (ended_at)');

-- Who answers for the processing beside the controller (Art. 30(1)(a)). What is written here is published.
CREATE TABLE responsibles (
    controller  uuid NOT NULL REFERENCES controllers (controller),
    responsible uuid NOT NULL,
    capacity    text NOT NULL CHECK (capacity IN ('dpo', 'representative', 'joint_controller')),
    name        text NOT NULL CHECK (name <> '' AND length(name) <= 200),
    contact     text NOT NULL CHECK (contact <> '' AND length(contact) <= 200),
    declared_at timestamptz NOT NULL,
    ended_at    timestamptz CHECK (ended_at >= declared_at),
    PRIMARY KEY (controller, responsible)
);
SELECT isolate('responsibles', 'SELECT, INSERT, UPDATE (ended_at)');
