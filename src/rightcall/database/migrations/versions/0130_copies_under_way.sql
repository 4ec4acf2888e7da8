-- Backups that are being written and drills that run, of the deployment: how far each is. A row goes when it is over.
CREATE TABLE copies_under_way (
    id       uuid PRIMARY KEY,
    work     text NOT NULL CHECK (work IN ('backup', 'drill')),
    doing    text NOT NULL CHECK (doing IN ('beginning', 'checked', 'database', 'objects', 'tried')),
    done     bigint NOT NULL CHECK (done >= 0),
    of       bigint NOT NULL CHECK (of >= done),
    begun_at timestamptz NOT NULL,
    heard_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE (doing, done, of, heard_at), DELETE ON copies_under_way TO rightcall_system;
