-- What was done for a purpose is held against its review: one walk along each of these, from round to round.
CREATE INDEX holdings_in_time ON holdings (controller, made_at);
CREATE INDEX holding_uses_of_purpose ON holding_uses (controller, purpose, used_at);
