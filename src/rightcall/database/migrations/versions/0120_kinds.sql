-- Statements of one kind in the ledger's order, also where it is rare: without it all that is newer would be read first.
CREATE INDEX statements_of_kind ON statements (controller, kind, leaf_index) WHERE leaf_index IS NOT NULL;
