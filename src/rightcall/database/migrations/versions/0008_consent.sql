-- Every table here only grows: the application may not change or remove a row, so all past states stay.

-- A notice was put to a party, when it had made `after_sequence` choices about the purpose. The next one, whatever it is, closes
-- the ask; until then, and until `expires_at`, its keypad counts.
CREATE TABLE asks (
    controller     uuid NOT NULL,
    ask            uuid NOT NULL,
    party          uuid NOT NULL,
    call           uuid NOT NULL,
    subject        uuid NOT NULL,
    purpose        uuid NOT NULL,
    notice         uuid NOT NULL,
    language       text NOT NULL,
    notice_digest  bytea NOT NULL,
    asked_by       uuid NOT NULL,
    asked_as       text NOT NULL,
    asked_at       timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL CHECK (expires_at > asked_at),
    after_sequence integer NOT NULL CHECK (after_sequence >= 0),
    statement      uuid NOT NULL,
    PRIMARY KEY (controller, ask),
    UNIQUE (controller, ask, party, purpose, notice),
    FOREIGN KEY (controller, party, call, subject) REFERENCES parties (controller, party, call, subject),
    FOREIGN KEY (controller, notice, purpose, language, notice_digest)
        REFERENCES notices (controller, notice, purpose, language, digest)
);
CREATE INDEX asks_of_party ON asks (controller, party, purpose);
CREATE INDEX asks_of_call ON asks (controller, call);
SELECT isolate('asks', 'SELECT, INSERT');

-- A grant key that a party's yes, or another basis, opened in the vault. Living: no withdrawal names it.
CREATE TABLE opened_grants (
    controller uuid NOT NULL,
    grant_id   uuid NOT NULL,
    party      uuid NOT NULL,
    purpose    uuid NOT NULL,
    basis      text NOT NULL CHECK (basis IN ('consent', 'contract', 'legal_obligation', 'vital_interests',
                                              'public_task', 'legitimate_interests')),
    opened_at  timestamptz NOT NULL,
    PRIMARY KEY (controller, grant_id),
    UNIQUE (controller, grant_id, party, purpose),
    FOREIGN KEY (controller, party) REFERENCES parties (controller, party),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
CREATE INDEX opened_grants_of_party ON opened_grants (controller, party, purpose);
SELECT isolate('opened_grants', 'SELECT, INSERT');

-- granted:   was asked, with evidence, and stands on a grant.
-- refused:   no notice, ask or evidence needed; has no grant.
-- withdrawn: ends the grant of the yes before it.
CREATE TABLE choices (
    controller          uuid NOT NULL,
    choice              uuid NOT NULL,
    party               uuid NOT NULL,
    call                uuid NOT NULL,
    subject             uuid NOT NULL,
    purpose             uuid NOT NULL,
    sequence            integer NOT NULL CHECK (sequence >= 1),
    answer              text NOT NULL CHECK (answer IN ('granted', 'refused', 'withdrawn')),
    notice              uuid,
    notice_digest       bytea,
    language            text,
    channel             text NOT NULL CHECK (channel IN ('keypad', 'voice_heard_by_agent', 'web', 'api',
                                                         'siprec_preference')),
    made_by             uuid NOT NULL,
    made_as             text NOT NULL,
    ask                 uuid,
    evidence_kind       text NOT NULL CHECK (evidence_kind IN ('key_pressed', 'words_heard', 'form_sent', 'reference',
                                                               'preference', 'word_of_actor')),
    sealed_evidence     bytea NOT NULL,
    evidence_commitment bytea NOT NULL CHECK (octet_length(evidence_commitment) = 32),
    subject_commitment  bytea NOT NULL CHECK (octet_length(subject_commitment) = 32),
    grant_id            uuid,
    outcome             text CHECK (outcome IN ('opened', 'renewed', 'destroyed', 'kept')),
    idempotency         bytea CHECK (octet_length(idempotency) = 32),
    made_at             timestamptz NOT NULL,
    statement           uuid NOT NULL,
    PRIMARY KEY (controller, choice),
    UNIQUE (controller, party, purpose, sequence),
    UNIQUE (controller, ask),
    UNIQUE (controller, idempotency),
    UNIQUE (controller, statement),
    CHECK ((notice IS NULL) = (notice_digest IS NULL) AND (notice IS NULL) = (language IS NULL)),
    CHECK (notice IS NOT NULL OR (answer = 'refused' AND ask IS NULL)),
    CHECK (answer <> 'granted' OR (ask IS NOT NULL AND evidence_kind <> 'word_of_actor' AND channel <> 'siprec_preference')),
    CHECK (answer <> 'withdrawn' OR sequence > 1),
    CHECK ((outcome IS NULL) = (grant_id IS NULL)),
    CHECK (CASE answer WHEN 'granted' THEN outcome IS NOT NULL AND outcome IN ('opened', 'renewed')
                       WHEN 'withdrawn' THEN outcome IS NOT NULL AND outcome IN ('destroyed', 'kept')
                       ELSE outcome IS NULL END),
    FOREIGN KEY (controller, party, call, subject) REFERENCES parties (controller, party, call, subject),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, notice, purpose, language, notice_digest)
        REFERENCES notices (controller, notice, purpose, language, digest),
    FOREIGN KEY (controller, ask, party, purpose, notice) REFERENCES asks (controller, ask, party, purpose, notice),
    FOREIGN KEY (controller, grant_id, party, purpose) REFERENCES opened_grants (controller, grant_id, party, purpose)
);
CREATE UNIQUE INDEX choices_end_a_grant_once ON choices (controller, grant_id) WHERE answer = 'withdrawn';
CREATE UNIQUE INDEX choices_open_a_grant_once ON choices (controller, grant_id) WHERE outcome = 'opened';
CREATE INDEX choices_of_subject ON choices (controller, subject);
CREATE INDEX choices_of_call ON choices (controller, call);
SELECT isolate('choices', 'SELECT, INSERT');
