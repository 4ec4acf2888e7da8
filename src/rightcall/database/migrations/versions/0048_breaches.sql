-- Breaches of personal data (GDPR Art. 33(5)): what is known of each now. Earlier circumstances are in the ledger. Nobody is named, and what
-- lay open is read off the data map each time. `system` is NULL for Rightcall itself.
CREATE TABLE breaches (
    controller        uuid NOT NULL REFERENCES controllers (controller),
    breach            uuid NOT NULL,
    system            uuid,
    began_at          timestamptz NOT NULL,
    until             timestamptz NOT NULL CHECK (until > began_at),
    known_at          timestamptz NOT NULL,
    nature            text[] NOT NULL CHECK (cardinality(nature) > 0
                                             AND nature <@ ARRAY['confidentiality', 'integrity', 'availability']),
    reach             text NOT NULL CHECK (reach IN ('nobody', 'known_recipients', 'unknown')),
    malicious         boolean NOT NULL,
    unintelligible    boolean NOT NULL,
    entered_by        uuid NOT NULL,
    entered_as        text NOT NULL CHECK (entered_as <> ''),
    entered_at        timestamptz NOT NULL CHECK (entered_at >= known_at),
    authority_told_at timestamptz CHECK (authority_told_at >= entered_at),
    people_told_at    timestamptz CHECK (people_told_at >= entered_at),
    closed_at         timestamptz CHECK (closed_at >= entered_at),
    verdict           uuid,
    statement         uuid NOT NULL,
    PRIMARY KEY (controller, breach),
    FOREIGN KEY (controller, system) REFERENCES systems (controller, system),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict),
    CONSTRAINT closed_by_a_verdict CHECK ((closed_at IS NULL) = (verdict IS NULL))
);
SELECT isolate('breaches', 'SELECT, INSERT, UPDATE (nature, reach, malicious, unintelligible, authority_told_at, people_told_at,
                                                     closed_at, verdict)');
