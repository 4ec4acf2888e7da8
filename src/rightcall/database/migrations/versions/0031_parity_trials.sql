-- After an answer to a flag people are asked again, on trial. The trial ended, and the gap was not gone: the flag is as it was
-- before the answer.
CREATE TABLE parity_lapses (
    controller  uuid NOT NULL,
    flag        uuid NOT NULL,
    answered_at timestamptz NOT NULL,
    look        uuid NOT NULL,
    lapsed_at   timestamptz NOT NULL CHECK (lapsed_at > answered_at),
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, flag, answered_at),
    FOREIGN KEY (controller, flag, answered_at) REFERENCES parity_answers (controller, flag, answered_at),
    FOREIGN KEY (controller, look) REFERENCES parity_looks (controller, look)
);
SELECT isolate('parity_lapses', 'SELECT, INSERT');
