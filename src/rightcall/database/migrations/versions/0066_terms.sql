-- What of ours is past its term is walked along in the order of its days. What other systems keep beyond its term is counted on the
-- map, and stood in the way here.
DROP INDEX holdings_past_term;
CREATE INDEX holdings_past_term ON holdings (controller, kept_until, holding) WHERE disposed_at IS NULL AND system IS NULL;

-- A lock is moved to an earlier day, or to a fresh key of the same: never to a later one, and nothing else of it changes.
GRANT UPDATE (last_day, nth, wrapped) ON content_locks TO rightcall_app;
GRANT UPDATE (last_days, kept_until) ON holdings TO rightcall_app;
CREATE FUNCTION only_sooner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_day > OLD.last_day THEN
        RAISE EXCEPTION 'a lock is never moved to a later day' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER only_sooner BEFORE UPDATE ON content_locks FOR EACH ROW EXECUTE FUNCTION only_sooner();
