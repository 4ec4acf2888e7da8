-- What parity shows of a period, counted beforehand. A count is shown once it is done; those that began before it go then, with all
-- that was counted in them. Figures of groups: nobody's calls.
CREATE TABLE parity_counts (
    controller uuid NOT NULL REFERENCES controllers (controller),
    count      uuid NOT NULL,
    weeks      integer[] NOT NULL CHECK (cardinality(weeks) > 0),
    least      integer NOT NULL CHECK (least > 0),
    until      timestamptz NOT NULL CHECK (until <= begun_at),
    begun_at   timestamptz NOT NULL,
    done_at    timestamptz CHECK (done_at >= begun_at),
    PRIMARY KEY (controller, count)
);
SELECT isolate('parity_counts', 'SELECT, INSERT, UPDATE, DELETE');

-- One measure of one purpose over so many weeks; figures only where both groups are large enough to be told of.
CREATE TABLE parity_compared (
    controller    uuid NOT NULL,
    count         uuid NOT NULL,
    weeks         integer NOT NULL CHECK (weeks > 0),
    purpose       uuid NOT NULL,
    nth           integer NOT NULL,
    notice        uuid,
    measure       text NOT NULL CHECK (measure IN ('waiting', 'handling', 'transfers', 'unresolved', 'hang_ups')),
    is_same       boolean NOT NULL,
    is_comparable boolean NOT NULL,
    noes          integer CHECK (noes > 0),
    yeses         integer CHECK (yeses > 0),
    strata        text,
    effect        double precision CHECK (effect BETWEEN -1 AND 1),
    low           double precision CHECK (low <= effect),
    high          double precision CHECK (high >= effect),
    in_units      double precision,
    units_low     double precision,
    units_high    double precision,
    from_wire     double precision CHECK (from_wire BETWEEN 0 AND 1),
    z             double precision,
    weight        double precision,
    PRIMARY KEY (controller, count, weeks, purpose, nth),
    FOREIGN KEY (controller, count) REFERENCES parity_counts (controller, count) ON DELETE CASCADE,
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    CHECK (num_nonnulls(noes, yeses, strata, effect, low, high, from_wire, z, weight) IN (0, 9)),
    CHECK (num_nonnulls(in_units, units_low, units_high) IN (0, 3)),
    CHECK (in_units IS NULL OR effect IS NOT NULL)
);
SELECT isolate('parity_compared', 'SELECT, INSERT, DELETE');

-- How many calls, in tens; null where there are too few to tell.
CREATE TABLE parity_groups (
    controller uuid NOT NULL,
    count      uuid NOT NULL,
    weeks      integer NOT NULL CHECK (weeks > 0),
    purpose    uuid NOT NULL,
    nth        integer NOT NULL,
    "group"    text NOT NULL CHECK ("group" IN ('no', 'yes', 'withdrew', 'unanswered', 'unasked')),
    calls      integer CHECK (calls > 0),
    PRIMARY KEY (controller, count, weeks, purpose, nth),
    FOREIGN KEY (controller, count) REFERENCES parity_counts (controller, count) ON DELETE CASCADE,
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
SELECT isolate('parity_groups', 'SELECT, INSERT, DELETE');

-- Calls of earlier days of which something was told, or forgotten, since the last count was begun.
CREATE TABLE outcome_changes (
    controller uuid NOT NULL,
    call       uuid NOT NULL,
    changed_at timestamptz NOT NULL,
    forgotten  boolean NOT NULL,
    PRIMARY KEY (controller, call),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call)
);
SELECT isolate('outcome_changes', 'SELECT, INSERT, UPDATE, DELETE');
