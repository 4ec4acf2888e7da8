-- What somebody asked a leak would mean, and what came of weighing it: counts, sorts and places, and nobody. No breach, and no clock
-- runs. It goes a week later. `done`, `of`: so many parts of all people on the data map were looked through.
CREATE TABLE breach_rehearsals (
    controller     uuid NOT NULL,
    rehearsal      uuid NOT NULL,
    system         uuid,
    began_at       timestamptz NOT NULL,
    until          timestamptz NOT NULL CHECK (until > began_at),
    nature         text[] NOT NULL,
    reach          text NOT NULL,
    malicious      boolean NOT NULL,
    unintelligible boolean NOT NULL,
    asked_by       uuid NOT NULL,
    asked_as       text NOT NULL,
    asked_at       timestamptz NOT NULL,
    done           integer CHECK (done >= 0),
    of             integer CHECK (of >= done),
    assessment     jsonb,
    PRIMARY KEY (controller, rehearsal),
    CHECK (num_nulls(done, of) IN (0, 2))
);
SELECT isolate('breach_rehearsals', 'SELECT, INSERT, UPDATE, DELETE');
