-- What agreed in a comparison others may have too: how many of them were known then, in the order of `aspects`; null where nothing is
-- counted, as of an initial. Empty for what was compared before this was written down.
ALTER TABLE links ADD COLUMN others integer[] NOT NULL DEFAULT '{}' CHECK (cardinality(others) IN (0, cardinality(aspects)));
ALTER TABLE join_proposals ADD COLUMN others integer[] NOT NULL DEFAULT '{}' CHECK (cardinality(others) IN (0, cardinality(aspects)));
