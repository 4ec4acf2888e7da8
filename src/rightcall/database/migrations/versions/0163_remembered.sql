-- So many days after something went it is known that it was. Those who are here already were told that this is for good: until they say
-- otherwise it is, which NULL means.
ALTER TABLE controllers ADD COLUMN remember_days integer CHECK (remember_days BETWEEN 365 AND 3653);

-- What is forgotten goes row by row from where it is known, and only what went, or was written, before the moment that is named first.
CREATE FUNCTION is_long_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_days IS NULL OR r.disposed_at >= before) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what is gone is known for as long as its controller says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_gone AFTER DELETE ON gone_holdings REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_gone();

CREATE FUNCTION is_of_nothing_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_days IS NULL OR r.used_at >= before
                   OR EXISTS (SELECT FROM holdings h WHERE h.controller = r.controller AND h.holding = r.holding)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who used what is known for as long as what was used, and as its controller says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_of_nothing_known AFTER DELETE ON holding_uses REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_of_nothing_known();

GRANT DELETE ON gone_holdings, holding_uses, use_reports, derivations, fallen_origins, content_locks, origin_grants, recording_takes,
                vcon_sounds, findings, link_decisions TO rightcall_app;

-- What a scan does not find any more, however much it does find.
CREATE INDEX holdings_vanished ON holdings (controller, holding) WHERE gone_at IS NOT NULL;
CREATE INDEX findings_vanished ON findings (controller, finding) WHERE gone_at IS NOT NULL AND NOT erased;
INSERT INTO housekeeping (name) VALUES ('gone') ON CONFLICT DO NOTHING;
