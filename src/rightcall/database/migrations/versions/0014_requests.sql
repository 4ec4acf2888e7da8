-- What subjects ask. A request is open, in progress, or answered with an outcome; a denial has its ground.
CREATE TABLE requests (
    controller  uuid NOT NULL REFERENCES controllers (controller),
    request     uuid NOT NULL,
    subject     uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('access', 'erasure', 'objection', 'portability', 'rectification', 'restriction')),
    actor       uuid NOT NULL,
    role        text NOT NULL,
    received_at timestamptz NOT NULL,
    due_on      date NOT NULL,
    stage       text NOT NULL CHECK (stage IN ('open', 'in_progress', 'answered')),
    outcome     text CHECK (outcome IN ('fulfilled', 'denied')),
    ground      text,
    answered_at timestamptz,
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, request),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    CHECK ((stage = 'answered') = (outcome IS NOT NULL AND answered_at IS NOT NULL)),
    CHECK ((outcome IS NOT DISTINCT FROM 'denied') = (ground IS NOT NULL))
);
CREATE INDEX requests_of_subject ON requests (controller, subject);
CREATE INDEX requests_unanswered ON requests (controller, kind, due_on) WHERE stage <> 'answered';
SELECT isolate('requests', 'SELECT, INSERT, UPDATE (stage, outcome, ground, answered_at)');
