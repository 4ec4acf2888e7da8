-- So many days after something went it is known that it was. Those who are here already were told that this is for good: until they say
-- otherwise it is, which NULL means.
ALTER TABLE controllers ADD COLUMN remember_days integer CHECK (remember_days BETWEEN 365 AND 3653);

-- What is forgotten goes row by row from where it is known, and only what went, or was written, before the moment that is named first.
CREATE FUNCTION is_long_gone() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
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
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_days IS NULL OR r.used_at >= before
                   OR EXISTS (SELECT FROM holdings h WHERE h.controller = r.controller AND h.holding = r.holding)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who used what is known for as long as what was used, and as its controller says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_of_nothing_known AFTER DELETE ON holding_uses REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_of_nothing_known();

-- What else tells of a thing goes after it, and never before.
CREATE FUNCTION goes_after_its_thing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN holdings h ON h.controller = r.controller AND h.holding = r.holding) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what tells of a thing stays for as long as the thing is known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goes_after_its_thing AFTER DELETE ON derivations REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_thing();
CREATE TRIGGER goes_after_its_thing AFTER DELETE ON fallen_origins REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_thing();
CREATE TRIGGER goes_after_its_thing AFTER DELETE ON content_locks REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_thing();
CREATE TRIGGER goes_after_its_thing AFTER DELETE ON origin_grants REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_thing();
CREATE TRIGGER goes_after_its_thing AFTER DELETE ON vcon_sounds REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_thing();
CREATE FUNCTION goes_after_its_take() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN holdings h ON h.controller = r.controller AND h.holding = r.take) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what tells of a thing stays for as long as the thing is known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goes_after_its_take AFTER DELETE ON recording_takes REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_take();
CREATE FUNCTION is_long_vanished() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_days IS NULL OR r.gone_at IS NULL OR r.gone_at >= before
                   OR EXISTS (SELECT FROM holdings h WHERE h.controller = r.controller AND h.holding = r.finding)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what was found is known for as long as its controller says';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_vanished AFTER DELETE ON findings REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_vanished();

CREATE FUNCTION is_of_no_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r
                 JOIN links l ON l.controller = r.controller AND l.link = r.link
                 JOIN findings f ON f.controller = l.controller AND f.record = l.record) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what was decided of a record stays for as long as anything of it is known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_of_no_finding AFTER DELETE ON link_decisions REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_of_no_finding();

GRANT DELETE ON gone_holdings, holding_uses, use_reports, derivations, fallen_origins, content_locks, origin_grants, recording_takes,
                vcon_sounds, findings, link_decisions TO rightcall_app;

-- What a scan does not find any more, however much it does find.
CREATE INDEX holdings_vanished ON holdings (controller, holding) WHERE gone_at IS NOT NULL;
CREATE INDEX findings_vanished ON findings (controller, finding) WHERE gone_at IS NOT NULL AND NOT erased;
INSERT INTO housekeeping (name) VALUES ('gone') ON CONFLICT DO NOTHING;
