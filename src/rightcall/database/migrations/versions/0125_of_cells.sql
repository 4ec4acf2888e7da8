-- Of a cell of the data map what ends, and what is kept for nothing.
CREATE INDEX holdings_ending ON holdings (controller, system, category, kept_until)
    WHERE disposed_at IS NULL AND gone_at IS NULL AND kept_until IS NOT NULL;
CREATE INDEX holdings_for_nothing ON holdings (controller, system, category, holding)
    WHERE disposed_at IS NULL AND gone_at IS NULL AND cardinality(purposes) = 0;
