-- The recorder's processes: who they are, where they take orders, when they were last seen.
-- They belong to the deployment and serve all controllers: only the deployment's own work sees them, no controller does.
CREATE TABLE recorders (
    recorder   uuid PRIMARY KEY,
    role       text NOT NULL CHECK (role IN ('media', 'signalling')),
    address    text NOT NULL CHECK (address ~ '^.+:[0-9]{1,5}$'),
    started_at timestamptz NOT NULL,
    seen_at    timestamptz NOT NULL,
    CHECK (seen_at >= started_at)
);
ALTER TABLE recorders ENABLE ROW LEVEL SECURITY;
ALTER TABLE recorders FORCE ROW LEVEL SECURITY;
CREATE POLICY all_rows ON recorders TO rightcall_system USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON recorders TO rightcall_system;
CREATE INDEX recorders_by_sight ON recorders (role, seen_at);
