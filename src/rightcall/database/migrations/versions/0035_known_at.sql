-- A look counts each measure of a call by when that measure first became known, so that what is reported late is counted once, and not
-- never: a call that only the wire told of, and whose waiting is reported a week after, brings its waiting to the next look.
ALTER TABLE call_outcomes
    ADD COLUMN waiting_known_at    timestamptz,
    ADD COLUMN handling_known_at   timestamptz,
    ADD COLUMN transfers_known_at  timestamptz,
    ADD COLUMN unresolved_known_at timestamptz,
    ADD COLUMN hang_ups_known_at   timestamptz;
ALTER TABLE call_outcomes NO FORCE ROW LEVEL SECURITY;
UPDATE call_outcomes
   SET waiting_known_at = CASE WHEN waited_seconds IS NOT NULL THEN reported_at END,
       handling_known_at = CASE WHEN num_nonnulls(handled_seconds, seen_handled_seconds) > 0 THEN taken_at END,
       transfers_known_at = CASE WHEN num_nonnulls(transfers, seen_transfers) > 0 THEN taken_at END,
       unresolved_known_at = CASE WHEN resolved IN ('yes', 'no') THEN reported_at END,
       hang_ups_known_at = CASE WHEN seen_ended_by = 'caller' THEN taken_at
                                WHEN resolved IN ('yes', 'no') OR ended_by = 'caller' THEN reported_at END;
ALTER TABLE call_outcomes FORCE ROW LEVEL SECURITY;
ALTER TABLE call_outcomes
    ADD COLUMN last_known_at timestamptz GENERATED ALWAYS AS (
        greatest(waiting_known_at, handling_known_at, transfers_known_at, unresolved_known_at, hang_ups_known_at)) STORED,
    ADD CHECK (waited_seconds IS NULL OR waiting_known_at IS NOT NULL),
    ADD CHECK (num_nonnulls(handled_seconds, seen_handled_seconds) = 0 OR handling_known_at IS NOT NULL),
    ADD CHECK (num_nonnulls(transfers, seen_transfers) = 0 OR transfers_known_at IS NOT NULL),
    ADD CHECK (coalesce(resolved, 'unknown') = 'unknown' OR unresolved_known_at IS NOT NULL);
CREATE INDEX call_outcomes_by_last_known ON call_outcomes (controller, last_known_at);
