-- The ledger is looked through by sort, by role and by days. Both columns are read from the leaf by the database itself, so that
-- neither can say anything else than it does; columns, because row-level security keeps expressions out of indexes' conditions.
-- A leaf is canonical JSON without words, so a name between a quote and a colon is that of a field.
ALTER TABLE statements
    ADD COLUMN role text NOT NULL
        GENERATED ALWAYS AS (coalesce(substring(encode(leaf, 'escape') FROM '[{,]"role":"([a-z_]+)"'), '')) STORED,
    ADD COLUMN said_at bigint
        GENERATED ALWAYS AS (substring(encode(leaf, 'escape') FROM '[{,]"at":(-?[0-9]{1,15})[,}]')::bigint) STORED;
-- In place of the one without the role: so a statement has as many indexes as before.
DROP INDEX statements_of_kind;
CREATE INDEX statements_by ON statements (controller, kind, role, leaf_index) WHERE leaf_index IS NOT NULL;

-- Between which places lies all that was said within one hour (of Unix time): so a stretch of days is a stretch of places, and no
-- index is needed for the instants. The sequencer writes it with the places.
CREATE TABLE ledger_hours (
    controller uuid   NOT NULL,
    hour       bigint NOT NULL,
    first      bigint NOT NULL CHECK (first >= 0),
    last       bigint NOT NULL CHECK (last >= first),
    PRIMARY KEY (controller, hour)
);
SELECT isolate('ledger_hours', 'SELECT', 'SELECT, INSERT, UPDATE (first, last)');
INSERT INTO ledger_hours (controller, hour, first, last)
SELECT controller, floor(said_at / 3600000.0), min(leaf_index), max(leaf_index)
  FROM statements WHERE leaf_index IS NOT NULL AND said_at IS NOT NULL GROUP BY 1, 2;
