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
