-- What was done for a purpose is looked for among what we record ourselves; what other systems keep, which may be millions, is not in it.
DROP INDEX holdings_in_time;
CREATE INDEX holdings_in_time ON holdings (controller, made_at) WHERE kind IN ('stream', 'transcript');
