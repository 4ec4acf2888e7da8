-- Long lists by the time that they tell, from either end.
CREATE INDEX calls_in_time ON calls (controller, started_at, call);
CREATE INDEX holding_uses_in_time ON holding_uses (controller, used_at, statement);
CREATE INDEX holding_uses_of_act ON holding_uses (controller, act, used_at, statement);
CREATE INDEX requests_in_time ON requests (controller, received_at, request);
