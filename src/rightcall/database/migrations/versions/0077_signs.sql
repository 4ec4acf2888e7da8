-- `moved`: what was found there stood elsewhere in its row when it was let go of.
ALTER TABLE erasure_places ADD COLUMN moved boolean NOT NULL DEFAULT false;

-- What scans found of an erased person tells nothing of them any more. What it told is kept for looking again at it: hashed once
-- more with a salt that only the erasure's own key opens (`sealed_salt`), and deleted with that key.
ALTER TABLE erasure_books ADD COLUMN sealed_salt bytea, ADD CHECK (sealed_salt IS NULL OR key IS NOT NULL);
CREATE TABLE erasure_signs (
    controller uuid NOT NULL,
    erasure    uuid NOT NULL,
    holding    uuid NOT NULL,
    object     uuid NOT NULL,
    record     uuid NOT NULL,
    type       text NOT NULL,
    clue_kinds text[] NOT NULL,
    clues      bytea[] NOT NULL,
    PRIMARY KEY (controller, erasure, holding),
    FOREIGN KEY (controller, erasure) REFERENCES erasure_books (controller, erasure) ON DELETE CASCADE
);
CREATE INDEX erasure_signs_of_record ON erasure_signs (controller, erasure, record);
CREATE INDEX erasure_signs_of_holding ON erasure_signs (controller, holding);
SELECT isolate('erasure_signs', 'SELECT, INSERT, DELETE');
