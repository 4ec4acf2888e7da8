-- So many days after a call its record goes, where nothing of it is known. Those who are here already were told that it stays: until
-- they say otherwise it does, which NULL means.
ALTER TABLE controllers ADD COLUMN remember_calls_days integer CHECK (remember_calls_days BETWEEN 365 AND 3653);

-- What tells of a call goes with its row, and in no other way: nobody else may delete any of it.
DO $$
DECLARE tells record;
BEGIN
    FOR tells IN
        SELECT c.conrelid::regclass AS of_it, c.conname AS key, pg_get_constraintdef(c.oid) AS is
          FROM pg_constraint c
         WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND (c.conrelid, c.confrelid) IN (
               ('call_traits'::regclass, 'calls'::regclass), ('card_marks'::regclass, 'calls'::regclass),
               ('parties'::regclass, 'calls'::regclass), ('recording_sessions'::regclass, 'calls'::regclass),
               ('vcons_received'::regclass, 'calls'::regclass), ('vcon_events'::regclass, 'calls'::regclass),
               ('vcon_sounds'::regclass, 'calls'::regclass),
               ('asks'::regclass, 'parties'::regclass), ('attributions'::regclass, 'parties'::regclass),
               ('choices'::regclass, 'parties'::regclass), ('opened_grants'::regclass, 'parties'::regclass),
               ('pressure_marks'::regclass, 'parties'::regclass), ('recording_parties'::regclass, 'parties'::regclass),
               ('recording_streams'::regclass, 'parties'::regclass), ('vcon_events'::regclass, 'parties'::regclass),
               ('vcon_sounds'::regclass, 'parties'::regclass),
               ('recording_marks'::regclass, 'recording_sessions'::regclass),
               ('recording_parties'::regclass, 'recording_sessions'::regclass),
               ('recording_streams'::regclass, 'recording_sessions'::regclass),
               ('recording_takes'::regclass, 'recording_sessions'::regclass),
               ('recording_timeline'::regclass, 'recording_sessions'::regclass),
               ('recording_takes'::regclass, 'recording_streams'::regclass),
               ('vcon_events'::regclass, 'vcons_received'::regclass), ('vcon_sounds'::regclass, 'vcons_received'::regclass),
               ('choices'::regclass, 'asks'::regclass), ('choices'::regclass, 'opened_grants'::regclass),
               ('weighings'::regclass, 'opened_grants'::regclass), ('weighings'::regclass, 'choices'::regclass),
               ('pressure_marks'::regclass, 'choices'::regclass), ('receipts'::regclass, 'choices'::regclass),
               ('receipts_handed_out'::regclass, 'choices'::regclass), ('marks_set_aside'::regclass, 'pressure_marks'::regclass))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE',
                       tells.of_it, tells.key, tells.key, tells.is);
    END LOOP;
END $$;
-- A concern outlives the call that it was about; that a rule was set aside in one call is said of that call for good.
ALTER TABLE concerns
    DROP CONSTRAINT concerns_controller_call_fkey,
    ADD CONSTRAINT concerns_controller_call_fkey FOREIGN KEY (controller, call) REFERENCES calls (controller, call) ON DELETE SET NULL (call);
ALTER TABLE overrides DROP CONSTRAINT overrides_controller_call_fkey;

CREATE FUNCTION is_long_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_calls_days IS NULL OR coalesce(r.ended_at, r.started_at) >= before
                   OR EXISTS (SELECT FROM holdings h WHERE h.controller = r.controller AND h.call = r.call)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a call is on record for as long as its controller says, and anything of it is known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_over AFTER DELETE ON calls REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_over();

CREATE FUNCTION goes_after_its_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN parties p ON p.controller = r.controller AND p.party = r.party) THEN
        RAISE insufficient_privilege USING MESSAGE = 'the key of a yes stays for as long as whose it was is on record';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goes_after_its_party AFTER DELETE ON grant_keys REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_party();

CREATE FUNCTION is_long_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.remember_calls_days IS NULL OR r.asked_at >= before
                   OR EXISTS (SELECT FROM calls l WHERE l.controller = r.controller AND l.call = r.call)
                   OR EXISTS (SELECT FROM holdings h WHERE h.controller = r.controller AND h.holding = r.holding)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a verdict is on record for as long as its controller says, and what it was about is known';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_given AFTER DELETE ON verdicts REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_given();

GRANT DELETE ON calls, grant_keys, verdicts TO rightcall_app;

-- By what a row is that goes with another, or keeps it.
CREATE INDEX call_traits_of_call ON call_traits (controller, call);
CREATE INDEX concerns_about_call ON concerns (controller, call) WHERE call IS NOT NULL;
CREATE INDEX recording_streams_in_call ON recording_streams (controller, call);
CREATE INDEX recording_streams_of_party ON recording_streams (controller, party);
CREATE INDEX recording_takes_of_stream ON recording_takes (controller, stream);
CREATE INDEX vcons_received_of_call ON vcons_received (controller, call);
CREATE INDEX vcon_events_of_party ON vcon_events (controller, party);
CREATE INDEX vcon_sounds_of_party ON vcon_sounds (controller, party);
CREATE INDEX pressure_marks_of_choice ON pressure_marks (controller, choice) WHERE choice IS NOT NULL;
CREATE INDEX verdicts_of_no_call ON verdicts (controller, asked_at, verdict) WHERE call IS NULL;
CREATE INDEX holding_uses_by_verdict ON holding_uses (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX override_uses_by_verdict ON override_uses (controller, verdict);
CREATE INDEX conflicts_by_verdict ON conflicts (controller, verdict);
CREATE INDEX holds_by_verdict ON holds (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX breaches_by_verdict ON breaches (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX review_openings_by_verdict ON review_openings (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX reviews_by_longer_verdict ON reviews (controller, longer_verdict) WHERE longer_verdict IS NOT NULL;
