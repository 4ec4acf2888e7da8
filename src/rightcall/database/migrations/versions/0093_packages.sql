-- What is made for a person who asks for a copy. `sealed_key`: what the parts open with, under the person's key; once it was handed over, under the link
-- and the code too, which are kept nowhere. `phase` and `cursor`: how far it is.
CREATE TABLE packages (
    controller   uuid NOT NULL,
    package      uuid NOT NULL,
    request      uuid NOT NULL,
    subject      uuid NOT NULL,
    state        text NOT NULL CHECK (state IN ('making', 'waiting', 'ready', 'handed', 'gone')),
    phase        text NOT NULL CHECK (phase IN ('heard', 'written', 'calls', 'things', 'uses', 'front', 'end')),
    cursor       text,
    sealed_key   bytea,
    asked_at     timestamptz NOT NULL,
    until        timestamptz NOT NULL,
    made_at      timestamptz,
    handed_at    timestamptz,
    link         bytea CHECK (octet_length(link) = 32),
    tries        int NOT NULL DEFAULT 0,
    sent         bigint NOT NULL DEFAULT 0,
    opened_at    timestamptz,
    taken_at     timestamptz,
    gone_at      timestamptz,
    PRIMARY KEY (controller, package),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request),
    CHECK ((link IS NULL) = (handed_at IS NULL)),
    CHECK (state <> 'gone' OR sealed_key IS NULL)
);
CREATE UNIQUE INDEX packages_one_at_a_time ON packages (controller, request) WHERE state <> 'gone';
CREATE UNIQUE INDEX packages_by_link ON packages (link);
CREATE INDEX packages_there ON packages (controller, until) WHERE state <> 'gone';
SELECT isolate('packages', 'SELECT, INSERT, UPDATE (state, phase, cursor, sealed_key, until, made_at, handed_at, link, tries, sent, opened_at, taken_at, gone_at)', 'SELECT');

-- The sealed pieces that, opened and put together in order, are the file. `entries`: what the directory of the file says of each thing in it, by ids.
CREATE TABLE package_parts (
    controller    uuid NOT NULL,
    package       uuid NOT NULL,
    part          int NOT NULL CHECK (part >= 0),
    object        uuid NOT NULL,
    sealed_length bigint NOT NULL CHECK (sealed_length > 0),
    plain_length  bigint NOT NULL CHECK (plain_length >= 0),
    entries       jsonb NOT NULL,
    PRIMARY KEY (controller, package, part),
    FOREIGN KEY (controller, package) REFERENCES packages (controller, package)
);
SELECT isolate('package_parts', 'SELECT, INSERT, DELETE');

-- What became of each thing: in the package, not in it and why, or waiting for somebody's word.
CREATE TABLE package_things (
    controller uuid NOT NULL,
    package    uuid NOT NULL,
    holding    uuid NOT NULL,
    state      text NOT NULL CHECK (state IN ('given', 'masked', 'withheld', 'waits', 'dark', 'gone', 'away')),
    why        text CHECK (why <> ''),
    call       uuid,
    pieces     int NOT NULL DEFAULT 0 CHECK (pieces >= 0),
    ending     text NOT NULL DEFAULT '',
    decided_by uuid,
    decided_at timestamptz,
    PRIMARY KEY (controller, package, holding),
    FOREIGN KEY (controller, package) REFERENCES packages (controller, package)
);
CREATE INDEX package_things_waiting ON package_things (controller, package) WHERE state = 'waits';
SELECT isolate('package_things', 'SELECT, INSERT, UPDATE (state, why, call, pieces, ending, decided_by, decided_at), DELETE');

-- A copy of the person's that was handed over, and waits to be taken: nothing of theirs is erased before.
ALTER TABLE requests ADD COLUMN hands_over boolean NOT NULL DEFAULT false;
GRANT UPDATE (hands_over) ON requests TO rightcall_app;
