-- What of ours is past its term is walked along in the order of its days. What other systems keep beyond its term is counted on the
-- map, and stood in the way here.
DROP INDEX holdings_past_term;
CREATE INDEX holdings_past_term ON holdings (controller, kept_until, holding) WHERE disposed_at IS NULL AND system IS NULL;
