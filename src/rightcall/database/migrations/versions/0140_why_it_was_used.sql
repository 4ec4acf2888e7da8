-- What somebody said that they used something for, sealed under the key of the person whose it is.
CREATE TABLE use_whys (
    controller uuid        NOT NULL,
    statement  uuid        NOT NULL,
    subject    uuid        NOT NULL,
    sealed     bytea       NOT NULL,
    said_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES holding_uses (controller, statement),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject)
);
CREATE INDEX use_whys_in_time ON use_whys (controller, said_at);
SELECT isolate('use_whys', 'SELECT, INSERT, DELETE');

-- It is sealed under the key of whose it was: where a use turns out to be of somebody else, their erasure would not reach it.
CREATE FUNCTION why_stays_behind() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM use_whys w WHERE w.controller = NEW.controller AND w.statement = NEW.statement;
    RETURN NULL;
END $$;
CREATE TRIGGER why_stays_behind AFTER UPDATE OF subject ON holding_uses
    FOR EACH ROW WHEN (NEW.subject <> OLD.subject) EXECUTE FUNCTION why_stays_behind();
