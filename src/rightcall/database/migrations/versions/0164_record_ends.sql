-- So many days after a call its record goes, where nothing of it is known. Those who are here already were told that it stays: until
-- they say otherwise it does, which NULL means.
ALTER TABLE controllers ADD COLUMN on_record_days integer CHECK (on_record_days BETWEEN 400 AND 3653);

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
               ('vcon_events'::regclass, 'calls'::regclass), ('vcon_sounds'::regclass, 'calls'::regclass),
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
-- That a vCon came stays, so that the same one sent again brings nothing back.
ALTER TABLE vcons_received
    ALTER COLUMN call DROP NOT NULL,
    DROP CONSTRAINT vcons_received_controller_call_fkey,
    ADD CONSTRAINT vcons_received_controller_call_fkey FOREIGN KEY (controller, call) REFERENCES calls (controller, call) ON DELETE SET NULL (call);
-- A concern outlives the call that it was about; that a rule was set aside in one call is said of that call for good.
ALTER TABLE concerns
    DROP CONSTRAINT concerns_controller_call_fkey,
    ADD CONSTRAINT concerns_controller_call_fkey FOREIGN KEY (controller, call) REFERENCES calls (controller, call) ON DELETE SET NULL (call);
ALTER TABLE overrides DROP CONSTRAINT overrides_controller_call_fkey;

CREATE FUNCTION is_long_over() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.on_record_days IS NULL OR coalesce(r.ended_at, r.started_at) >= before
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
                WHERE before IS NULL OR c.on_record_days IS NULL OR r.asked_at >= before
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
CREATE INDEX holding_uses_by_verdict ON holding_uses (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX override_uses_by_verdict ON override_uses (controller, verdict);
CREATE INDEX conflicts_by_verdict ON conflicts (controller, verdict);
CREATE INDEX holds_by_verdict ON holds (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX breaches_by_verdict ON breaches (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX review_openings_by_verdict ON review_openings (controller, verdict) WHERE verdict IS NOT NULL;
CREATE INDEX reviews_by_longer_verdict ON reviews (controller, longer_verdict) WHERE longer_verdict IS NOT NULL;

-- Wherever anything tells of a person, whatever it is. Who is in none of it is known by what they were known by alone, and that goes.
CREATE VIEW tells_of_people WITH (security_invoker = true) AS
          SELECT controller, subject FROM parties
UNION ALL SELECT controller, subject FROM asks
UNION ALL SELECT controller, subject FROM choices
UNION ALL SELECT controller, subject FROM attributions
UNION ALL SELECT controller, was FROM attributions
UNION ALL SELECT controller, subject FROM grant_keys
UNION ALL SELECT controller, subject FROM holdings
UNION ALL SELECT controller, subject FROM holding_uses
UNION ALL SELECT controller, subject FROM use_whys
UNION ALL SELECT controller, subject FROM findings
UNION ALL SELECT controller, subject FROM links
UNION ALL SELECT controller, subject FROM holds_told
UNION ALL SELECT controller, subject FROM requests
UNION ALL SELECT controller, subject FROM request_codes
UNION ALL SELECT controller, subject FROM request_mails
UNION ALL SELECT controller, subject FROM visits
UNION ALL SELECT controller, subject FROM packages
UNION ALL SELECT controller, subject FROM processor_orders
UNION ALL SELECT controller, subject FROM conflicts
UNION ALL SELECT controller, subject FROM conflicts_decided
UNION ALL SELECT controller, subject FROM corrections
UNION ALL SELECT controller, subject FROM erasures
UNION ALL SELECT controller, subject FROM erasure_books
UNION ALL SELECT controller, subject FROM certificates
UNION ALL SELECT controller, split_from FROM subjects;
GRANT SELECT ON tells_of_people TO rightcall_app;
CREATE INDEX asks_of_subject ON asks (controller, subject);
CREATE INDEX attributions_to ON attributions (controller, subject);
CREATE INDEX attributions_from ON attributions (controller, was);
CREATE INDEX grant_keys_of_subject ON grant_keys (controller, subject);
CREATE INDEX use_whys_of_subject ON use_whys (controller, subject);
CREATE INDEX holds_told_of_subject ON holds_told (controller, subject);
CREATE INDEX request_codes_of_subject ON request_codes (controller, subject);
CREATE INDEX request_mails_of_subject ON request_mails (controller, subject) WHERE subject IS NOT NULL;
CREATE INDEX visits_of_subject ON visits (controller, subject);
CREATE INDEX packages_of_subject ON packages (controller, subject);
CREATE INDEX processor_orders_of_subject ON processor_orders (controller, subject);
CREATE INDEX conflicts_of_subject ON conflicts (controller, subject);
CREATE INDEX conflicts_decided_of_subject ON conflicts_decided (controller, subject);
CREATE INDEX corrections_of_subject ON corrections (controller, subject);
CREATE INDEX joins_ever_of ON joins (controller, subject);
CREATE INDEX joins_ever_into ON joins (controller, into_subject);

-- What a person was known by goes with them, and so does what was decided of who else they may be.
DO $$
DECLARE tells record;
BEGIN
    FOR tells IN
        SELECT c.conrelid::regclass AS of_them, c.conname AS key, pg_get_constraintdef(c.oid) AS is
          FROM pg_constraint c
         WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace
           AND (c.confrelid = 'subjects'::regclass
                AND c.conrelid IN ('identifiers'::regclass, 'known_clues'::regclass, 'joins'::regclass, 'join_proposals'::regclass)
                OR c.confrelid = 'joins'::regclass AND c.conrelid = 'join_proposals'::regclass)
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE',
                       tells.of_them, tells.key, tells.key, tells.is);
    END LOOP;
END $$;

CREATE FUNCTION is_nobody_known() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.on_record_days IS NULL OR r.created_at >= before
                   OR num_nonnulls(r.restricted_at, r.objected_at, r.maybe_restricted_at, r.maybe_objected_at) > 0
                   OR EXISTS (SELECT FROM tells_of_people t WHERE t.controller = r.controller AND t.subject = r.subject)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a person is known for as long as anything tells of them, or they want something';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_nobody_known AFTER DELETE ON subjects REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_nobody_known();

-- Who was one person with whom is known for as long as either is.
CREATE FUNCTION is_of_nobody_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed r JOIN subjects s ON s.controller = r.controller AND s.subject IN (r.subject, r.into_subject)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'who was one person with whom is known for as long as either of them is';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_of_nobody_known AFTER DELETE ON joins REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_of_nobody_known();
GRANT DELETE ON subjects TO rightcall_app;

-- What tells of a request goes with its row. What processors were asked for it goes after it.
DO $$
DECLARE tells record;
BEGIN
    FOR tells IN
        SELECT c.conrelid::regclass AS of_it, c.conname AS key, pg_get_constraintdef(c.oid) AS is
          FROM pg_constraint c
         WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace AND c.confdeltype = 'a' AND (c.conrelid, c.confrelid) IN (
               ('request_wishes'::regclass, 'requests'::regclass), ('request_links'::regclass, 'requests'::regclass),
               ('request_mails'::regclass, 'requests'::regclass), ('drp_requests'::regclass, 'requests'::regclass),
               ('conflicts_decided'::regclass, 'requests'::regclass), ('corrections'::regclass, 'requests'::regclass),
               ('packages'::regclass, 'requests'::regclass), ('package_parts'::regclass, 'packages'::regclass),
               ('package_things'::regclass, 'packages'::regclass), ('correction_tasks'::regclass, 'corrections'::regclass),
               ('correction_notices'::regclass, 'corrections'::regclass))
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I, ADD CONSTRAINT %I %s ON DELETE CASCADE',
                       tells.of_it, tells.key, tells.key, tells.is);
    END LOOP;
END $$;

CREATE FUNCTION is_long_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.on_record_days IS NULL OR r.answered_at IS NULL OR r.answered_at >= before
                   OR EXISTS (SELECT FROM erasures e WHERE e.controller = r.controller AND e.erasure = r.request)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a request is on record for as long as its controller says, and whoever it erased stays erased';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_answered AFTER DELETE ON requests REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_answered();

CREATE FUNCTION goes_after_its_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed o JOIN requests r ON r.controller = o.controller AND r.request = o.asked_for)
       OR EXISTS (SELECT FROM removed o JOIN erasures e ON e.controller = o.controller AND e.erasure = o.asked_for) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what a processor was asked is on record for as long as what it was asked for';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER goes_after_its_request AFTER DELETE ON processor_orders REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION goes_after_its_request();

CREATE FUNCTION is_long_settled() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.on_record_days IS NULL OR r.settled_at IS NULL OR r.settled_at >= before
                   OR EXISTS (SELECT FROM requests q WHERE q.controller = r.controller AND q.request = r.request)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'an e-mail is on record for as long as its controller says, and what was asked in it is';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_settled AFTER DELETE ON request_mails REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_settled();

CREATE FUNCTION is_long_asked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before timestamptz := nullif(current_setting('rightcall.forget_before', true), '')::timestamptz;
BEGIN
    IF EXISTS (SELECT FROM removed r LEFT JOIN controllers c ON c.controller = r.controller
                WHERE before IS NULL OR c.on_record_days IS NULL OR coalesce(r.revoked_at, r.received_at) >= before AND r.request IS NULL
                   OR EXISTS (SELECT FROM requests q WHERE q.controller = r.controller AND q.request = r.request)) THEN
        RAISE insufficient_privilege USING MESSAGE = 'what an agent asked is on record for as long as its controller says, and what came of it is';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_long_asked AFTER DELETE ON drp_requests REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION is_long_asked();

GRANT DELETE ON requests, processor_orders, request_mails, drp_requests TO rightcall_app;
CREATE INDEX requests_answered ON requests (controller, request) WHERE stage = 'answered';
CREATE INDEX request_links_of_request ON request_links (controller, request);
CREATE INDEX request_mails_of_request ON request_mails (controller, request) WHERE request IS NOT NULL;
CREATE INDEX drp_requests_of_request ON drp_requests (controller, request) WHERE request IS NOT NULL;
CREATE INDEX packages_ever_of_request ON packages (controller, request);
CREATE INDEX corrections_replaced ON corrections (controller, replaces) WHERE replaces IS NOT NULL;
