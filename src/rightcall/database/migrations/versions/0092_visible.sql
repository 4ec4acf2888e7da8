-- What became of each procedure, told by the worker that does it: ids, instants and closed words. `about`: the id or the day that it was
-- begun for, never a name. What the engine needs to go on after a crash, it keeps itself, in its own schema.
CREATE TABLE procedures (
    controller  uuid        NOT NULL REFERENCES controllers (controller),
    procedure   text        NOT NULL CHECK (procedure ~ '^[a-z_]+:[0-9a-z:-]+$'),
    name        text        NOT NULL CHECK (name ~ '^[a-z_]+$'),
    about       text        NOT NULL CHECK (about ~ '^[0-9a-f-]*$'),
    state       text        NOT NULL CHECK (state IN ('running', 'waiting', 'failed', 'done', 'cancelled')),
    worker      text        NOT NULL,
    attempts    integer     NOT NULL CHECK (attempts > 0),
    begun_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    -- Of one that waits or failed: at which step, and the class of the error. When it goes on, where that is known.
    step        text,
    trouble     text        CHECK (trouble ~ '^[A-Za-z]+$'),
    next_at     timestamptz,
    -- What a person asks of it; a worker takes it away and does it.
    wish        text        CHECK (wish IN ('retry', 'cancel')),
    PRIMARY KEY (controller, procedure),
    CONSTRAINT trouble_where_it_stands CHECK ((trouble IS NOT NULL) = (state IN ('waiting', 'failed')))
);
CREATE INDEX procedures_open ON procedures (controller, begun_at, procedure) WHERE state IN ('running', 'waiting', 'failed');
CREATE INDEX procedures_over ON procedures (changed_at) WHERE state IN ('done', 'cancelled');
CREATE INDEX procedures_wished ON procedures (wish) WHERE wish IS NOT NULL;
SELECT isolate('procedures', 'SELECT, UPDATE (wish)', 'SELECT, INSERT, UPDATE, DELETE');

-- What needs a person, of each controller: how many, and since when there is any. The worker counts them.
CREATE TABLE escalations (
    controller uuid        NOT NULL REFERENCES controllers (controller),
    reason     text        NOT NULL CHECK (reason IN ('procedure_failed', 'procedure_waiting', 'erasure_elsewhere', 'request_due',
                                                      'term_outlived')),
    number     integer     NOT NULL CHECK (number > 0),
    since      timestamptz NOT NULL,
    PRIMARY KEY (controller, reason)
);
SELECT isolate('escalations', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE');

-- Of each schedule the last run, and the last that had something to do.
CREATE TABLE schedule_runs (
    schedule text        PRIMARY KEY,
    ran_at   timestamptz NOT NULL,
    seconds  real        NOT NULL CHECK (seconds >= 0),
    outcome  text        NOT NULL CHECK (outcome IN ('done', 'failed')),
    trouble  text        CHECK (trouble ~ '^[A-Za-z]+$'),
    did      integer     NOT NULL CHECK (did >= 0),
    did_at   timestamptz,
    CONSTRAINT trouble_where_it_failed CHECK ((trouble IS NOT NULL) = (outcome = 'failed'))
);
GRANT SELECT, INSERT, UPDATE ON schedule_runs TO rightcall_system;
INSERT INTO housekeeping (name) VALUES ('journal'), ('forgetting');
