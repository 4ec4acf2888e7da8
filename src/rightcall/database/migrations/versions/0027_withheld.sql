-- A grant key whose yes was found void is withheld: it is there and opens for nobody, until the DPO releases or lets go of it.
-- `withheld_wrap`: the wrap itself is bound to that state, so that clearing the columns opens nothing. It is false only where the
-- key service was away at that moment; the next turn of the epoch binds it.
ALTER TABLE grant_keys
    ADD COLUMN withheld_at timestamptz,
    ADD COLUMN withheld_why text CHECK (withheld_why IN ('void_choice', 'restored')),
    ADD COLUMN withheld_by uuid,
    ADD COLUMN withheld_wrap boolean NOT NULL DEFAULT false,
    ADD CHECK ((withheld_at IS NULL) = (withheld_why IS NULL) AND (withheld_at IS NULL) = (withheld_by IS NULL)),
    ADD CHECK (NOT withheld_wrap OR withheld_at IS NOT NULL);
CREATE INDEX grant_keys_withheld ON grant_keys (controller, withheld_at) WHERE withheld_at IS NOT NULL;

-- What was made from something else stays shut while a grant of its origin is withheld, though its own lock does not name that
-- grant. Written when it is recorded; what a withheld grant shuts follows from its row, so nothing is changed here ever.
CREATE TABLE origin_grants (
    controller uuid NOT NULL,
    holding    uuid NOT NULL,
    purpose    uuid NOT NULL,
    grant_id   uuid NOT NULL,
    PRIMARY KEY (controller, holding, purpose, grant_id),
    FOREIGN KEY (controller, grant_id) REFERENCES grant_keys (controller, grant_id)
);
CREATE INDEX origin_grants_of_grant ON origin_grants (controller, grant_id);
SELECT isolate('origin_grants', 'SELECT, INSERT');

-- Quality of consent. Every table here only grows.
-- What was told of an ask besides its notice: the person's language, when the question was spoken, how many steps each answer takes.
ALTER TABLE asks
    ADD COLUMN party_language text,
    ADD COLUMN spoken_from timestamptz,
    ADD COLUMN spoken_until timestamptz,
    ADD COLUMN steps_yes integer CHECK (steps_yes > 0),
    ADD COLUMN steps_no integer CHECK (steps_no > 0),
    ADD CHECK ((spoken_from IS NULL) = (spoken_until IS NULL) AND spoken_until >= spoken_from),
    ADD CHECK ((steps_yes IS NULL) = (steps_no IS NULL));

-- A yes is weighed when it is given, and again when facts come later: each weighing is a row, and the newest counts.
CREATE TABLE weighings (
    controller uuid NOT NULL,
    choice     uuid NOT NULL,
    nth        integer NOT NULL CHECK (nth >= 1),
    purpose    uuid NOT NULL,
    grant_id   uuid NOT NULL,
    quality    text NOT NULL CHECK (quality IN ('valid', 'doubtful', 'void')),
    findings   text[] NOT NULL,
    faults     text[] NOT NULL,
    cause      text NOT NULL CHECK (cause IN ('chosen', 'marked', 'told', 'asked', 'restored')),
    weighed_by uuid NOT NULL,
    weighed_as text NOT NULL,
    weighed_at timestamptz NOT NULL,
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, choice, nth),
    UNIQUE (controller, statement),
    CHECK ((quality = 'valid') = (cardinality(findings) = 0)),
    FOREIGN KEY (controller, choice) REFERENCES choices (controller, choice),
    FOREIGN KEY (controller, grant_id) REFERENCES opened_grants (controller, grant_id)
);
CREATE INDEX weighings_of_purpose ON weighings (controller, purpose, choice);
CREATE INDEX weighings_of_grant ON weighings (controller, grant_id);
SELECT isolate('weighings', 'SELECT, INSERT');

-- Somebody notes that the person was pressed for this yes.
CREATE TABLE pressure_marks (
    controller uuid NOT NULL,
    mark       uuid NOT NULL,
    party      uuid NOT NULL,
    call       uuid NOT NULL,
    choice     uuid NOT NULL,
    word_of    text NOT NULL CHECK (word_of IN ('staff', 'person')),
    marked_by  uuid NOT NULL,
    marked_as  text NOT NULL,
    marked_at  timestamptz NOT NULL,
    statement  uuid NOT NULL,
    PRIMARY KEY (controller, mark),
    FOREIGN KEY (controller, party, call) REFERENCES parties (controller, party, call),
    FOREIGN KEY (controller, choice) REFERENCES choices (controller, choice)
);
CREATE INDEX pressure_marks_of_call ON pressure_marks (controller, call);
SELECT isolate('pressure_marks', 'SELECT, INSERT');

CREATE TABLE marks_set_aside (
    controller   uuid NOT NULL,
    mark         uuid NOT NULL,
    reason       text NOT NULL CHECK (reason IN ('mistaken', 'not_so')),
    set_aside_by uuid NOT NULL,
    set_aside_as text NOT NULL,
    set_aside_at timestamptz NOT NULL,
    statement    uuid NOT NULL,
    PRIMARY KEY (controller, mark),
    FOREIGN KEY (controller, mark) REFERENCES pressure_marks (controller, mark)
);
SELECT isolate('marks_set_aside', 'SELECT, INSERT');

-- What was found out about a purpose elsewhere: that a no costs people something; how many steps each answer takes. The newest counts.
CREATE TABLE purpose_findings (
    controller      uuid NOT NULL,
    purpose         uuid NOT NULL,
    nth             integer NOT NULL CHECK (nth >= 1),
    detriment_found boolean NOT NULL,
    steps_yes       integer CHECK (steps_yes > 0),
    steps_no        integer CHECK (steps_no > 0),
    told_by         uuid NOT NULL,
    told_as         text NOT NULL,
    told_at         timestamptz NOT NULL,
    statement       uuid NOT NULL,
    PRIMARY KEY (controller, purpose, nth),
    CHECK ((steps_yes IS NULL) = (steps_no IS NULL)),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
SELECT isolate('purpose_findings', 'SELECT, INSERT');
