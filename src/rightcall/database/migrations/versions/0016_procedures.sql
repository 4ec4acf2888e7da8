-- Which worker processes live, and up to which statement the reactions have been started. Both belong to the deployment.
CREATE TABLE workers (
    executor text PRIMARY KEY,
    seen_at  timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE, DELETE ON workers TO rightcall_system;

CREATE TABLE reaction_progress (
    name          text PRIMARY KEY,
    next_index    bigint NOT NULL CHECK (next_index >= 0)
);
GRANT SELECT, INSERT, UPDATE ON reaction_progress TO rightcall_system;

-- One row for each sort of housekeeping; its lock makes one worker at a time do it.
CREATE TABLE housekeeping (
    name text PRIMARY KEY
);
INSERT INTO housekeeping (name) VALUES ('terms'), ('epochs'), ('procedures'), ('requests');
GRANT SELECT, UPDATE ON housekeeping TO rightcall_system;
