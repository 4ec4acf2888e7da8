-- What is wrong with how a system keeps data about people: one row for each kind of weakness, as it was last seen. The evidence is in
-- words and numbers and names nothing in the system.
--
--   open ── accept ──> accepted ── its day is over ──> open;   either ── not seen any more ──> mended ── seen again ──> open
CREATE TABLE weaknesses (
    controller     uuid NOT NULL,
    weakness       uuid NOT NULL,
    system         uuid NOT NULL,
    kind           text NOT NULL CHECK (kind ~ '^[a-z_]{3,40}$'),
    objects        integer NOT NULL CHECK (objects >= 0),
    evidence       text NOT NULL CHECK (evidence <> ''),
    state          text NOT NULL CHECK (state IN ('open', 'accepted', 'mended')),
    first_seen_at  timestamptz NOT NULL,
    last_seen_at   timestamptz NOT NULL,
    accepted_by    uuid,
    accepted_role  text,
    accepted_until date,
    reason         text CHECK (reason IN ('being_mended', 'safe_otherwise', 'risk_borne', 'not_so')),
    PRIMARY KEY (controller, weakness),
    UNIQUE (controller, system, kind),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system),
    CONSTRAINT accepted_as_one CHECK (num_nulls(accepted_by, accepted_role, accepted_until, reason) IN (0, 4)),
    CONSTRAINT accepted_by_somebody CHECK (state <> 'accepted' OR accepted_by IS NOT NULL)
);
SELECT isolate('weaknesses', 'SELECT, INSERT, UPDATE (objects, evidence, state, last_seen_at, accepted_by, accepted_role, accepted_until, reason)');
