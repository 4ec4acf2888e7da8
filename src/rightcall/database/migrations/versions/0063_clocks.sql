-- Requests get a channel, a language, the law whose clock is over first, and each step with its instant. What was received before had one
-- month and came through the API.
--
--   received [acknowledged] [begun] [extended] -> fulfilled | denied
ALTER TABLE requests
    DROP CONSTRAINT requests_kind_check,
    ADD CONSTRAINT requests_kind_check CHECK (kind IN
        ('access', 'erasure', 'objection', 'portability', 'rectification', 'restriction', 'withdrawal')),
    ADD COLUMN channel text NOT NULL DEFAULT 'api' CHECK (channel IN ('portal', 'email', 'phone', 'api', 'drp')),
    ADD COLUMN language text NOT NULL DEFAULT 'en' CHECK (language <> ''),
    ADD COLUMN law text NOT NULL DEFAULT 'EU',
    ADD COLUMN cite text NOT NULL DEFAULT 'GDPR Art. 12(3)',
    ADD COLUMN longest_on date,
    ADD COLUMN acknowledge_by date,
    ADD COLUMN acknowledged_at timestamptz,
    ADD COLUMN extended_for text CHECK (extended_for IN ('complex', 'many_requests'));
UPDATE requests SET longest_on = (due_on + interval '2 months')::date, acknowledged_at = received_at;
ALTER TABLE requests
    ALTER COLUMN longest_on SET NOT NULL,
    ALTER COLUMN channel DROP DEFAULT,
    ALTER COLUMN language DROP DEFAULT,
    ALTER COLUMN law DROP DEFAULT,
    ALTER COLUMN cite DROP DEFAULT,
    ADD CONSTRAINT never_longer CHECK (due_on <= longest_on),
    ADD CONSTRAINT extended_to_the_last_day CHECK (extended_for IS NULL OR due_on = longest_on);
CREATE INDEX requests_by_day ON requests (controller, due_on, request) WHERE stage <> 'answered';
GRANT UPDATE (due_on, acknowledged_at, extended_for) ON requests TO rightcall_app;

CREATE TABLE request_steps (
    controller uuid NOT NULL,
    request    uuid NOT NULL,
    statement  uuid NOT NULL,
    step       text NOT NULL CHECK (step IN ('received', 'acknowledged', 'begun', 'extended', 'fulfilled', 'denied')),
    at         timestamptz NOT NULL,
    actor      uuid NOT NULL,
    role       text NOT NULL,
    PRIMARY KEY (controller, request, statement),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request) ON DELETE CASCADE
);
SELECT isolate('request_steps', 'SELECT, INSERT');
INSERT INTO request_steps (controller, request, statement, step, at, actor, role)
    SELECT controller, request, statement, 'received', received_at, actor, role FROM requests;
