-- The ledger. A statement is appended with its leaf and without a place (leaf_index NULL); the sequencer gives it the place once.
-- Statements belong to controllers. Tiles, head and checkpoints are the deployment's: they hold nothing but hashes.
CREATE TABLE statements (
    controller uuid   NOT NULL,
    statement  uuid   NOT NULL,
    kind       text   NOT NULL CHECK (kind ~ '^[a-z_]+\.[a-z_]+$'),
    leaf       bytea  NOT NULL CHECK (octet_length(leaf) BETWEEN 1 AND 65535),
    appended   bigint NOT NULL GENERATED ALWAYS AS IDENTITY (CACHE 1),
    leaf_index bigint CHECK (leaf_index >= 0),
    PRIMARY KEY (controller, statement)
);
CREATE UNIQUE INDEX statements_in_order ON statements (leaf_index) WHERE leaf_index IS NOT NULL;
CREATE INDEX statements_pending ON statements (appended) WHERE leaf_index IS NULL;
-- The leaf is fixed at append: even the deployment may set the place only.
SELECT isolate('statements', 'SELECT, INSERT', 'SELECT, INSERT, UPDATE (leaf_index)');
-- Both start without a place, and a place once given never changes.
CREATE POLICY no_place_at_first ON statements AS RESTRICTIVE FOR INSERT TO rightcall_app, rightcall_system
    WITH CHECK (leaf_index IS NULL);
CREATE POLICY one_place_for_good ON statements AS RESTRICTIVE FOR UPDATE TO rightcall_system
    USING (leaf_index IS NULL) WITH CHECK (leaf_index IS NOT NULL);

-- One row: how far statements have places. Its lock makes one sequencer at a time.
CREATE TABLE ledger_head (
    one       boolean PRIMARY KEY DEFAULT true CHECK (one),
    tree_size bigint NOT NULL CHECK (tree_size >= 0),
    root      bytea  NOT NULL CHECK (octet_length(root) = 32)
);
INSERT INTO ledger_head (tree_size, root) VALUES (0, sha256(''::bytea));
GRANT SELECT, UPDATE (tree_size, root) ON ledger_head TO rightcall_system;

CREATE TABLE tiles (
    level  smallint NOT NULL CHECK (level BETWEEN 0 AND 63),
    number bigint   NOT NULL CHECK (number >= 0),
    hashes bytea    NOT NULL CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0),
    PRIMARY KEY (level, number)
);
-- Hashes do not compress: keep them as they are.
ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
GRANT SELECT ON tiles TO rightcall_app;
GRANT SELECT, INSERT, UPDATE (hashes) ON tiles TO rightcall_system;

CREATE FUNCTION tile_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF substring(NEW.hashes FOR octet_length(OLD.hashes)) <> OLD.hashes THEN
        RAISE EXCEPTION 'a ledger tile only grows' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tile_only_grows BEFORE UPDATE ON tiles FOR EACH ROW EXECUTE FUNCTION tile_only_grows();

-- The same tree is signed again only by another key.
CREATE TABLE checkpoints (
    tree_size bigint      NOT NULL CHECK (tree_size > 0),
    key       bytea       NOT NULL CHECK (octet_length(key) = 4),
    root      bytea       NOT NULL CHECK (octet_length(root) = 32),
    note      text        NOT NULL,
    signed_at timestamptz NOT NULL,
    number    bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    PRIMARY KEY (tree_size, key)
);
GRANT SELECT ON checkpoints TO rightcall_app;
GRANT SELECT, INSERT ON checkpoints TO rightcall_system;
