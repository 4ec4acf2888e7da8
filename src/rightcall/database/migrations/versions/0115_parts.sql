-- Joined subjects are erased as one person: each has its row, and all are certified with the one that stands for them. `opening` opens the
-- ledger's commitment to the whole person, and is drawn when the first of its keys goes.
ALTER TABLE erasures
    ADD COLUMN part_of uuid CHECK (part_of <> erasure),
    ADD COLUMN opening bytea CHECK (octet_length(opening) = 32),
    ADD FOREIGN KEY (controller, part_of) REFERENCES erasures (controller, erasure),
    ADD CONSTRAINT a_part_is_certified_with_the_whole CHECK (part_of IS NULL OR certificate IS NULL);
CREATE INDEX erasures_parts ON erasures (controller, part_of) WHERE part_of IS NOT NULL;
