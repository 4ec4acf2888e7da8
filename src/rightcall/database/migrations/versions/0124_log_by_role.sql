-- The access log of one role, by time.
CREATE INDEX holding_uses_of_role ON holding_uses (controller, actor_role, used_at, statement);
