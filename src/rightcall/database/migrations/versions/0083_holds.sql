-- A hold is placed by one and agreed to by another in another role: until then it keeps, opens for nobody, and ends after `agree_by`.
-- Those from before have thirty days to be agreed to. `law`: the citation behind the reason, never a person. `untold`: why the
-- person is not told. `longer_`: a later day that somebody asked for; it counts once another agrees.
ALTER TABLE holds
    ADD COLUMN law          text CHECK (length(law) BETWEEN 3 AND 120 AND law !~ '[0-9]{7}'),
    ADD COLUMN untold       text CHECK (untold IN ('law_forbids', 'defeats_claim')),
    ADD COLUMN agree_by     date NOT NULL DEFAULT current_date + 30,
    ADD COLUMN agreed_at    timestamptz,
    ADD COLUMN agreed_by    uuid,
    ADD COLUMN agreed_role  text,
    ADD COLUMN longer_until date,
    ADD COLUMN longer_by    uuid,
    ADD COLUMN longer_role  text,
    ADD CONSTRAINT agreed_as_one CHECK (num_nulls(agreed_at, agreed_by, agreed_role) IN (0, 3)),
    ADD CONSTRAINT two_agreed CHECK (agreed_role <> owner_role),
    ADD CONSTRAINT longer_as_one CHECK (num_nulls(longer_until, longer_by, longer_role) IN (0, 3)),
    ADD CONSTRAINT longer_and_agreed CHECK (longer_until IS NULL OR (agreed_at IS NOT NULL AND longer_until > until));
ALTER TABLE holds ALTER COLUMN agree_by DROP DEFAULT;
GRANT UPDATE (agreed_at, agreed_by, agreed_role, longer_until, longer_by, longer_role) ON holds TO rightcall_app;

DROP VIEW holds_with_slices;
CREATE VIEW holds_with_slices WITH (security_invoker = true) AS
SELECT h.*,
       ARRAY(SELECT s.holding FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS holdings,
       ARRAY(SELECT s.purpose FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS purposes
  FROM holds h;
GRANT SELECT ON holds_with_slices TO rightcall_app;

-- Who of those whose things a hold keeps was told of it.
CREATE TABLE holds_told (
    controller uuid        NOT NULL,
    hold       uuid        NOT NULL,
    subject    uuid        NOT NULL,
    told_at    timestamptz NOT NULL,
    told_by    uuid        NOT NULL,
    told_role  text        NOT NULL CHECK (told_role <> ''),
    PRIMARY KEY (controller, hold, subject),
    FOREIGN KEY (controller, hold) REFERENCES holds (controller, hold),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
SELECT isolate('holds_told', 'SELECT, INSERT');
