-- What the record of processing counts, as it was counted last: what is kept for each purpose, and how it was used. Counts alone.
CREATE TABLE counted (
    controller uuid        NOT NULL PRIMARY KEY REFERENCES controllers (controller),
    uses_since timestamptz NOT NULL,
    counted_at timestamptz NOT NULL
);
CREATE TABLE counted_kept (
    controller uuid   NOT NULL REFERENCES counted (controller) ON DELETE CASCADE,
    nth        bigint NOT NULL,
    purpose    uuid,
    system     uuid,
    category   text   NOT NULL,
    items      bigint NOT NULL CHECK (items > 0),
    people     bigint NOT NULL CHECK (people >= 0),
    PRIMARY KEY (controller, nth)
);
CREATE TABLE counted_used (
    controller uuid   NOT NULL REFERENCES counted (controller) ON DELETE CASCADE,
    purpose    uuid   NOT NULL,
    act        text   NOT NULL,
    role       text   NOT NULL,
    times      bigint NOT NULL CHECK (times > 0),
    PRIMARY KEY (controller, purpose, act, role)
);
SELECT isolate('counted', 'SELECT, INSERT, DELETE');
SELECT isolate('counted_kept', 'SELECT, INSERT, DELETE');
SELECT isolate('counted_used', 'SELECT, INSERT, DELETE');
