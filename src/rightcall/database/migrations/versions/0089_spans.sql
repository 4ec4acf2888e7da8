-- A held stretch of a take: sealed anew as a holding of its own, under the hold's key alone. `take`: of which, from when until when.
ALTER TABLE held_slices
    ADD COLUMN take     uuid,
    ADD COLUMN from_ms  integer CHECK (from_ms >= 0),
    ADD COLUMN until_ms integer CHECK (until_ms > from_ms),
    ADD FOREIGN KEY (controller, take) REFERENCES holdings (controller, holding),
    ADD CONSTRAINT span_as_one CHECK (num_nulls(take, from_ms, until_ms) IN (0, 3));

DROP VIEW holds_with_slices;
CREATE VIEW holds_with_slices WITH (security_invoker = true) AS
SELECT h.*, s.holdings, s.purposes, s.takes, s.froms, s.untils
  FROM holds h
 CROSS JOIN LATERAL (
       SELECT coalesce(array_agg(holding ORDER BY holding), '{}') AS holdings,
              coalesce(array_agg(purpose ORDER BY holding), '{}') AS purposes,
              coalesce(array_agg(take ORDER BY holding), '{}') AS takes,
              coalesce(array_agg(from_ms ORDER BY holding), '{}') AS froms,
              coalesce(array_agg(until_ms ORDER BY holding), '{}') AS untils
         FROM held_slices
        WHERE controller = h.controller AND hold = h.hold) AS s;
GRANT SELECT ON holds_with_slices TO rightcall_app;
