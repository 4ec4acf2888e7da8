-- Copies of the whole deployment: which backups were made, of data or of keys; what drills found; which copies the database and the
-- object store make of themselves. Nothing here is about anybody.

-- `epoch`: the newest whose key wraps something in it. `made_at` is empty while it is written, or where it was cut off. `gone_at`: a
-- backup of keys was deleted and looked for again, or somebody said so. `place` is the folder that a backup of keys lies in.
CREATE TABLE backups (
    backup   uuid PRIMARY KEY,
    kind     text NOT NULL CHECK (kind IN ('data', 'keys')),
    epoch    integer NOT NULL CHECK (epoch > 0),
    place    text,
    begun_at timestamptz NOT NULL,
    made_at  timestamptz,
    gone_at  timestamptz,
    CHECK ((place IS NOT NULL) = (kind = 'keys'))
);
CREATE INDEX backups_not_gone ON backups (kind, epoch) WHERE gone_at IS NULL;
GRANT SELECT ON backups TO rightcall_app;
GRANT SELECT, INSERT, UPDATE (epoch, made_at, gone_at) ON backups TO rightcall_system;

-- A drill without faults passed.
CREATE TABLE drills (
    drill        uuid PRIMARY KEY,
    drilled_at   timestamptz NOT NULL,
    faults       text[] NOT NULL,
    live         integer NOT NULL CHECK (live >= 0),
    live_opened  integer NOT NULL CHECK (live_opened BETWEEN 0 AND live),
    gone         integer NOT NULL CHECK (gone >= 0),
    gone_opened  integer NOT NULL CHECK (gone_opened BETWEEN 0 AND gone),
    fenced       integer NOT NULL CHECK (fenced >= 0)
);
CREATE INDEX drills_by_time ON drills (drilled_at);
GRANT SELECT ON drills TO rightcall_app;
GRANT SELECT, INSERT ON drills TO rightcall_system;

-- What was found when the database and the object store were last asked which copies they make. Empty where they would not say.
CREATE TABLE copies_look (
    one        boolean PRIMARY KEY DEFAULT true CHECK (one),
    looked_at  timestamptz NOT NULL,
    archives   boolean NOT NULL,
    replicas   integer NOT NULL CHECK (replicas >= 0),
    slots      integer NOT NULL CHECK (slots >= 0),
    versions   boolean,
    locks      boolean,
    replicates boolean
);
GRANT SELECT ON copies_look TO rightcall_app;
GRANT SELECT, INSERT, UPDATE ON copies_look TO rightcall_system;

INSERT INTO housekeeping (name) VALUES ('drills');
