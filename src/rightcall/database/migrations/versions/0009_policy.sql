-- Verdicts as they were given: the facts they rest on, the rules that decided, and who asked. Never changed, never removed.
-- Facts hold roles, answers and bases, and nothing that says who someone is.
CREATE TABLE verdicts (
    controller uuid        NOT NULL REFERENCES controllers (controller),
    verdict    uuid        NOT NULL,
    asked_at   timestamptz NOT NULL,
    act        text        NOT NULL CHECK (act IN ('ask', 'capture', 'play', 'export', 'transcribe', 'erase')),
    purpose    uuid,
    call       uuid,
    stream     uuid,
    holding    uuid,
    actor      uuid        NOT NULL,
    actor_role text        NOT NULL CHECK (actor_role <> ''),
    facts      jsonb       NOT NULL CHECK (jsonb_typeof(facts) = 'object'),
    rule_set   bytea       NOT NULL CHECK (octet_length(rule_set) = 32),
    outcome    text        NOT NULL,
    lawful     boolean,
    is_right   boolean,
    reasons    jsonb       NOT NULL CHECK (jsonb_typeof(reasons) = 'array'),
    duties     jsonb       NOT NULL CHECK (jsonb_typeof(duties) = 'array'),
    missing    text[]      NOT NULL,
    statement  uuid        NOT NULL,
    PRIMARY KEY (controller, verdict),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    -- An outcome is what its two axes make it, and a yes that comes with duties names them.
    CONSTRAINT outcome_follows_axes CHECK (
        CASE outcome
            WHEN 'proceed'             THEN lawful IS TRUE AND is_right IS TRUE AND duties = '[]'::jsonb
            WHEN 'proceed_with_duties' THEN lawful IS TRUE AND is_right IS TRUE AND duties <> '[]'::jsonb
            WHEN 'not_right'           THEN lawful IS TRUE AND is_right IS FALSE
            WHEN 'unlawful'            THEN lawful IS FALSE
            WHEN 'cannot_tell'         THEN (lawful IS NULL OR (lawful IS TRUE AND is_right IS NULL))
                                            AND cardinality(missing) > 0
            ELSE false
        END),
    CONSTRAINT nothing_missing_in_a_yes CHECK (
        outcome NOT IN ('proceed', 'proceed_with_duties') OR (cardinality(missing) = 0 AND reasons <> '[]'::jsonb)),
    CONSTRAINT a_no_has_reasons CHECK (outcome NOT IN ('not_right', 'unlawful') OR reasons <> '[]'::jsonb)
);
CREATE INDEX verdicts_of_call ON verdicts (controller, call, asked_at) WHERE call IS NOT NULL;
CREATE INDEX verdicts_in_time ON verdicts (controller, asked_at);
SELECT isolate('verdicts', 'SELECT, INSERT');
