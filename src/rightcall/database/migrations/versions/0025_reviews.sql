-- Reviews: why a purpose, whether it is right, who could be hurt. Written once, in versions; never changed, never removed.
-- The words are the controller's own about a purpose and hold no personal data. `digest` is what is signed.
CREATE TABLE reviews (
    controller  uuid        NOT NULL,
    review      uuid        NOT NULL,
    purpose     uuid        NOT NULL,
    version     integer     NOT NULL CHECK (version >= 1),
    content     jsonb       NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    acts        text[]      NOT NULL CHECK (cardinality(acts) > 0),
    entry       bytea       NOT NULL CHECK (octet_length(entry) = 32),
    notices     bytea[]     NOT NULL,
    rules       bytea       NOT NULL CHECK (octet_length(rules) = 32),
    digest      bytea       NOT NULL CHECK (octet_length(digest) = 32),
    author      uuid        NOT NULL,
    author_role text        NOT NULL CHECK (author_role <> ''),
    drafted_at  timestamptz NOT NULL,
    expires_on  date        NOT NULL,
    statement   uuid        NOT NULL,
    PRIMARY KEY (controller, review),
    UNIQUE (controller, purpose, version),
    UNIQUE (controller, review, purpose),
    CHECK (expires_on > (drafted_at AT TIME ZONE 'UTC')::date),
    CHECK (expires_on <= (drafted_at AT TIME ZONE 'UTC')::date + 365),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('reviews', 'SELECT, INSERT');

-- One signature a person. Who may speak for whom is held here too: a row that says otherwise is impossible.
CREATE TABLE review_signatures (
    controller  uuid        NOT NULL,
    review      uuid        NOT NULL,
    signer      uuid        NOT NULL,
    signer_role text        NOT NULL,
    capacity    text        NOT NULL,
    signed_at   timestamptz NOT NULL,
    statement   uuid        NOT NULL,
    PRIMARY KEY (controller, review, signer),
    CONSTRAINT speaks_for CHECK (
        CASE capacity
            WHEN 'for_agents'    THEN signer_role = 'agent'
            WHEN 'for_customers' THEN signer_role IN ('dpo', 'auditor')
            WHEN 'for_the_house' THEN signer_role IN ('supervisor', 'engineer')
            ELSE false
        END),
    FOREIGN KEY (controller, review) REFERENCES reviews (controller, review),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('review_signatures', 'SELECT, INSERT');

-- The last signature that was needed, once. `design`: how the purpose is set up, as the verdict weighed it. `observed_until`: how far the verdicts were read for uses that the review does not name.
CREATE TABLE review_openings (
    controller     uuid        NOT NULL,
    review         uuid        NOT NULL,
    purpose        uuid        NOT NULL,
    opened_at      timestamptz NOT NULL,
    verdict        uuid        NOT NULL,
    active         boolean     NOT NULL,
    design         jsonb       NOT NULL CHECK (jsonb_typeof(design) = 'object'),
    observed_until timestamptz NOT NULL CHECK (observed_until >= opened_at),
    statement      uuid        NOT NULL,
    PRIMARY KEY (controller, review),
    FOREIGN KEY (controller, review, purpose) REFERENCES reviews (controller, review, purpose),
    FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('review_openings', 'SELECT, INSERT, UPDATE (observed_until)');

-- Nothing is opened that people in two roles have not signed, one of them for customers or for agents, and the author not.
CREATE FUNCTION opened_as_signed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT count(DISTINCT signer_role) < 2 OR NOT bool_or(capacity IN ('for_customers', 'for_agents'))
          FROM review_signatures s JOIN reviews r USING (controller, review)
         WHERE s.controller = NEW.controller AND s.review = NEW.review AND s.signer <> r.author) IS NOT FALSE THEN
        RAISE insufficient_privilege USING MESSAGE = 'a review that is not signed opens nothing';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER opened_as_signed BEFORE INSERT ON review_openings FOR EACH ROW EXECUTE FUNCTION opened_as_signed();

-- It was withdrawn, or lapsed: for good.
CREATE TABLE review_ends (
    controller uuid        NOT NULL,
    review     uuid        NOT NULL,
    why        text        NOT NULL CHECK (why IN ('withdrawn', 'expired', 'purpose_changed', 'notice_changed', 'rules_changed',
                                                   'use_changed')),
    ended_at   timestamptz NOT NULL,
    actor      uuid        NOT NULL,
    actor_role text        NOT NULL CHECK ((actor_role = 'system') = (why <> 'withdrawn')),
    statement  uuid        NOT NULL,
    PRIMARY KEY (controller, review),
    FOREIGN KEY (controller, review) REFERENCES reviews (controller, review),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('review_ends', 'SELECT, INSERT');

-- A use that was seen and that the review does not name: an act, a role, or more calls than it said.
CREATE TABLE review_observations (
    controller uuid        NOT NULL,
    review     uuid        NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('act', 'role', 'volume')),
    what       text        NOT NULL CHECK (what ~ '^[a-z][a-z0-9_]{0,30}$'),
    seen_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, review, kind, what),
    FOREIGN KEY (controller, review) REFERENCES reviews (controller, review)
);
SELECT isolate('review_observations', 'SELECT, INSERT');

INSERT INTO housekeeping (name) VALUES ('reviews');

-- Every act of a contact centre is asked about before it is done, the beginning of a purpose too.
ALTER TABLE verdicts
    DROP CONSTRAINT verdicts_act_check,
    ADD CONSTRAINT verdicts_act_check
        CHECK (act IN ('ask', 'capture', 'play', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share', 'erase',
                       'collect', 'call_out', 'activate', 'answer_request', 'refuse_request', 'close_breach', 'certify',
                       'restore'));
ALTER TABLE holding_uses
    DROP CONSTRAINT holding_uses_act_check,
    ADD CONSTRAINT holding_uses_act_check
        CHECK (act IN ('capture', 'play', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share', 'erase'));
