-- Two people may have been taken for one. `parties.subject` says who a party is now; each change of it stays here.
-- Asks and choices keep whom the party was taken for when they were made; whose they are now, their party says.
ALTER TABLE parties ADD UNIQUE (controller, party, call);
ALTER TABLE asks
    DROP CONSTRAINT asks_controller_party_call_subject_fkey,
    ADD FOREIGN KEY (controller, party, call) REFERENCES parties (controller, party, call),
    ADD FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject);
ALTER TABLE choices
    DROP CONSTRAINT choices_controller_party_call_subject_fkey,
    ADD FOREIGN KEY (controller, party, call) REFERENCES parties (controller, party, call),
    ADD FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject);
ALTER TABLE parties DROP CONSTRAINT parties_controller_party_call_subject_key;

-- What is written about a party is about the subject that it is at that moment.
CREATE FUNCTION subject_of_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM parties p WHERE p.controller = NEW.controller AND p.party = NEW.party
                   AND p.subject = NEW.subject) THEN
        RAISE foreign_key_violation USING MESSAGE = 'the party is another subject';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER subject_of_party BEFORE INSERT ON asks FOR EACH ROW EXECUTE FUNCTION subject_of_party();
CREATE TRIGGER subject_of_party BEFORE INSERT ON choices FOR EACH ROW EXECUTE FUNCTION subject_of_party();

CREATE TABLE attributions (
    controller    uuid NOT NULL,
    statement     uuid NOT NULL,
    party         uuid NOT NULL,
    call          uuid NOT NULL,
    was           uuid NOT NULL,
    subject       uuid NOT NULL CHECK (subject <> was),
    attributed_at timestamptz NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, party, call) REFERENCES parties (controller, party, call),
    FOREIGN KEY (controller, was) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX attributions_of_party ON attributions (controller, party, attributed_at);
SELECT isolate('attributions', 'SELECT, INSERT');

-- Whose a party or a holding is changes only as an attribution of the same call says.
CREATE FUNCTION changes_as_attributed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subject <> OLD.subject AND NOT EXISTS (
        SELECT FROM attributions a WHERE a.controller = NEW.controller AND a.call = NEW.call
           AND a.was = OLD.subject AND a.subject = NEW.subject) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no attribution says so';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER changes_as_attributed BEFORE UPDATE OF subject ON parties
    FOR EACH ROW EXECUTE FUNCTION changes_as_attributed();
CREATE TRIGGER changes_as_attributed BEFORE UPDATE OF subject ON holdings
    FOR EACH ROW EXECUTE FUNCTION changes_as_attributed();

-- What opens a commitment that was made under another person's key, sealed under the key of the one whose it is now.
CREATE TABLE carried_openings (
    controller uuid NOT NULL,
    statement  uuid NOT NULL,
    subject    uuid NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, subject) REFERENCES subject_keys (controller, subject)
);
SELECT isolate('carried_openings', 'SELECT, INSERT, UPDATE');

-- The seal of the evidence is made anew under another key; the ledger's commitment shows that what is sealed stayed the same.
GRANT UPDATE (subject) ON parties TO rightcall_app;
GRANT UPDATE (subject) ON holdings TO rightcall_app;
GRANT UPDATE (sealed_evidence) ON choices TO rightcall_app;
CREATE INDEX grant_keys_of_party ON grant_keys (controller, party);
