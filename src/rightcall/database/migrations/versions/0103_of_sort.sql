-- What a cell of the data map counts, thing by thing, however much lies beside it.
CREATE INDEX holdings_of_sort ON holdings (controller, system, category, holding) WHERE disposed_at IS NULL AND gone_at IS NULL;
