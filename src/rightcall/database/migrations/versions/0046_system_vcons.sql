-- vCons that a conserver sends as they come about there, kept to be looked through: without their sound, sealed under the key of
-- their system, dark once that is retired. `vcon` is its own uuid; `mark` a keyed hash of all that came, also of what was left
-- out, to know it again. A newer one takes the place of an older; one that the conserver has let go of is deleted.
CREATE TABLE system_vcons (
    controller  uuid NOT NULL,
    system      uuid NOT NULL,
    vcon        uuid NOT NULL,
    mark        bytea NOT NULL CHECK (octet_length(mark) = 32),
    sealed      bytea NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (controller, system, vcon),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system)
);
SELECT isolate('system_vcons', 'SELECT, INSERT, UPDATE, DELETE');

-- A conserver has a role of its own, that may do this and nothing else.
ALTER TABLE tokens DROP CONSTRAINT tokens_role_check;
ALTER TABLE tokens ADD CONSTRAINT tokens_role_check
    CHECK (role IN ('agent', 'supervisor', 'dpo', 'auditor', 'engineer', 'conserver'));
