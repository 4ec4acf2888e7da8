-- What is right in place of what is held, sealed under the person's key, with who entered it and which correction it replaces; and the
-- other systems in which it is to be put right too.
CREATE TABLE corrections (
    controller   uuid NOT NULL,
    correction   uuid NOT NULL,
    request      uuid NOT NULL,
    subject      uuid NOT NULL,
    holding      uuid NOT NULL,
    sealed_value bytea NOT NULL,
    replaces     uuid,
    actor        uuid NOT NULL,
    role         text NOT NULL,
    entered_at   timestamptz NOT NULL,
    PRIMARY KEY (controller, correction),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, replaces) REFERENCES corrections (controller, correction)
);
CREATE INDEX corrections_of_request ON corrections (controller, request);
CREATE INDEX corrections_of_holding ON corrections (controller, holding);
SELECT isolate('corrections', 'SELECT, INSERT');

CREATE TABLE correction_tasks (
    controller uuid NOT NULL,
    correction uuid NOT NULL,
    system     uuid NOT NULL,
    done_at    timestamptz,
    done_by    uuid,
    done_role  text,
    PRIMARY KEY (controller, correction, system),
    FOREIGN KEY (controller, correction) REFERENCES corrections (controller, correction),
    CHECK (num_nulls(done_at, done_by, done_role) IN (0, 3))
);
SELECT isolate('correction_tasks', 'SELECT, INSERT, UPDATE (done_at, done_by, done_role)');

ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'ready', 'limited', 'told_before_lifting', 'lifted', 'begun',
         'extended', 'corrected', 'fulfilled', 'denied', 'appealed', 'upheld', 'reopened'));
