-- What a breach comes to, as it was last weighed by the data map; earlier weighings are in the ledger. Nobody is named in it. `weighing`
-- is the statement that says so.
CREATE TABLE breach_weighings (
    controller uuid NOT NULL,
    breach     uuid NOT NULL,
    weighing   uuid NOT NULL,
    weighed_at timestamptz NOT NULL,
    assessment jsonb NOT NULL,
    PRIMARY KEY (controller, breach),
    UNIQUE (controller, weighing),
    FOREIGN KEY (controller, breach) REFERENCES breaches (controller, breach)
);
SELECT isolate('breach_weighings', 'SELECT, INSERT, UPDATE');

-- Whom it found affected, in the order of their ids, many in a row: which things of theirs lay there is read off the data map, where
-- whatever was undone since is undone.
CREATE TABLE breach_people (
    controller uuid   NOT NULL,
    weighing   uuid   NOT NULL,
    first      uuid   NOT NULL,
    last       uuid   NOT NULL CHECK (last >= first),
    subjects   uuid[] NOT NULL CHECK (cardinality(subjects) > 0),
    PRIMARY KEY (controller, weighing, first),
    UNIQUE (controller, weighing, last)
);
SELECT isolate('breach_people', 'SELECT, INSERT, DELETE');

-- When somebody last asked for it to be weighed anew.
ALTER TABLE breaches ADD COLUMN weighing_asked_at timestamptz CHECK (weighing_asked_at >= entered_at);
GRANT UPDATE (weighing_asked_at) ON breaches TO rightcall_app;
