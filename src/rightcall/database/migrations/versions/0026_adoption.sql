-- House rules of a controller: drafted, replayed, signed by two people in different roles, adopted; and overrides of single ones.

-- What is proposed: the texts of rules and scenarios, and on which adoption the draft builds (none: on the rules that come with
-- Rightcall, or those of the deployment). Never changed; withdrawn once. `in_force_from`: the first day, or NULL for at once.
CREATE TABLE rule_drafts (
    controller     uuid        NOT NULL REFERENCES controllers (controller),
    draft          uuid        NOT NULL,
    house          bytea       NOT NULL CHECK (octet_length(house) = 32),
    files          jsonb       NOT NULL CHECK (jsonb_typeof(files) = 'array' AND files <> '[]'::jsonb),
    scenarios      jsonb       NOT NULL CHECK (jsonb_typeof(scenarios) = 'array'),
    builds_on      uuid,
    in_force_from  date,
    drafted_at     timestamptz NOT NULL,
    actor          uuid        NOT NULL,
    actor_role     text        NOT NULL CHECK (actor_role IN ('supervisor', 'dpo', 'auditor')),
    statement      uuid        NOT NULL,
    withdrawn_at   timestamptz CHECK (withdrawn_at >= drafted_at),
    PRIMARY KEY (controller, draft),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('rule_drafts', 'SELECT, INSERT, UPDATE (withdrawn_at)', 'SELECT');

-- What a replay of the draft showed. `rule_set`: the digest of all rules, law and house, that were tried. Holds counts and ids of
-- verdicts, and the keys of purposes.
CREATE TABLE rule_replays (
    controller  uuid        NOT NULL,
    replay      uuid        NOT NULL,
    draft       uuid        NOT NULL,
    rule_set    bytea       NOT NULL CHECK (octet_length(rule_set) = 32),
    since       timestamptz NOT NULL,
    until       timestamptz NOT NULL CHECK (until > since),
    verdicts    bigint      NOT NULL CHECK (verdicts >= 0),
    changed     bigint      NOT NULL CHECK (changed BETWEEN 0 AND verdicts),
    left_out    bigint      NOT NULL CHECK (left_out BETWEEN 0 AND verdicts),
    drifted     bigint      NOT NULL CHECK (drifted >= 0),
    report      jsonb       NOT NULL CHECK (jsonb_typeof(report) = 'object'),
    replayed_at timestamptz NOT NULL,
    PRIMARY KEY (controller, replay),
    FOREIGN KEY (controller, draft) REFERENCES rule_drafts (controller, draft)
);
CREATE INDEX rule_replays_of_draft ON rule_replays (controller, draft, replayed_at);
SELECT isolate('rule_replays', 'SELECT, INSERT');

-- A yes of one person to one draft. One of a role, and one of a person.
CREATE TABLE rule_signatures (
    controller uuid        NOT NULL,
    draft      uuid        NOT NULL,
    actor      uuid        NOT NULL,
    actor_role text        NOT NULL CHECK (actor_role IN ('supervisor', 'dpo', 'auditor')),
    signed_at  timestamptz NOT NULL,
    statement  uuid        NOT NULL,
    PRIMARY KEY (controller, draft, actor),
    UNIQUE (controller, draft, actor_role),
    UNIQUE (controller, draft, actor, actor_role),
    FOREIGN KEY (controller, draft) REFERENCES rule_drafts (controller, draft),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('rule_signatures', 'SELECT, INSERT');

-- What was adopted, in order, each upon the one before. The newest whose time has come is in force. There is none without two
-- signatures of different people in different roles, and none without a replay.
CREATE TABLE rule_adoptions (
    controller   uuid        NOT NULL,
    adoption     uuid        NOT NULL,
    place        bigint      GENERATED ALWAYS AS IDENTITY,
    draft        uuid        NOT NULL,
    builds_on    uuid        CHECK (builds_on <> adoption),
    house        bytea       NOT NULL CHECK (octet_length(house) = 32),
    rule_set     bytea       NOT NULL CHECK (octet_length(rule_set) = 32),
    replay       uuid        NOT NULL,
    first_actor  uuid        NOT NULL,
    first_role   text        NOT NULL,
    second_actor uuid        NOT NULL CHECK (second_actor <> first_actor),
    second_role  text        NOT NULL CHECK (second_role <> first_role),
    adopted_at   timestamptz NOT NULL,
    in_force_at  timestamptz NOT NULL CHECK (in_force_at >= adopted_at),
    statement    uuid        NOT NULL,
    PRIMARY KEY (controller, adoption),
    UNIQUE (controller, draft),
    FOREIGN KEY (controller, draft) REFERENCES rule_drafts (controller, draft),
    FOREIGN KEY (controller, builds_on) REFERENCES rule_adoptions (controller, adoption),
    FOREIGN KEY (controller, replay) REFERENCES rule_replays (controller, replay),
    FOREIGN KEY (controller, draft, first_actor, first_role) REFERENCES rule_signatures (controller, draft, actor, actor_role),
    FOREIGN KEY (controller, draft, second_actor, second_role) REFERENCES rule_signatures (controller, draft, actor, actor_role),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
CREATE UNIQUE INDEX one_adoption_upon_another
    ON rule_adoptions (controller, coalesce(builds_on, '00000000-0000-0000-0000-000000000000'::uuid));
CREATE INDEX rule_adoptions_in_order ON rule_adoptions (controller, place DESC);
ALTER TABLE rule_drafts ADD FOREIGN KEY (controller, builds_on) REFERENCES rule_adoptions (controller, adoption);
SELECT isolate('rule_adoptions', 'SELECT, INSERT', 'SELECT');

-- The same as `rule_sets`, for rules that hold for one controller alone. `law`: the digest of the rules that were not up for
-- adoption; `house`: of those that were.
CREATE TABLE adopted_rule_sets (
    controller uuid        NOT NULL REFERENCES controllers (controller),
    rule_set   bytea       NOT NULL CHECK (octet_length(rule_set) = 32),
    vocabulary bytea       NOT NULL CHECK (octet_length(vocabulary) = 32),
    law        bytea       NOT NULL CHECK (octet_length(law) = 32),
    house      bytea       NOT NULL CHECK (octet_length(house) = 32),
    words      text[]      NOT NULL CHECK (cardinality(words) > 0),
    rules      jsonb       NOT NULL CHECK (jsonb_typeof(rules) = 'array'),
    kept_at    timestamptz NOT NULL,
    PRIMARY KEY (controller, rule_set, vocabulary)
);
CREATE INDEX adopted_rule_sets_by_house ON adopted_rule_sets (controller, house, law, vocabulary);
SELECT isolate('adopted_rule_sets', 'SELECT, INSERT');

-- One house rule set aside, by one named person, for a while. Name and reason are sealed under a key of the override's own.
-- `rule_digest`: of the rule as it was; a rule that was changed since is another rule.
CREATE TABLE overrides (
    controller    uuid        NOT NULL REFERENCES controllers (controller),
    override      uuid        NOT NULL,
    rule          text        NOT NULL CHECK (rule ~ '^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$'),
    rule_digest   bytea       NOT NULL CHECK (octet_length(rule_digest) = 32),
    value         text        NOT NULL CHECK (value <> ''),
    purpose       uuid,
    call          uuid,
    category      text        NOT NULL CHECK (category IN ('safety', 'person_asked', 'legal_claim', 'inquiry', 'technical', 'other')),
    sealed_name   bytea       NOT NULL,
    sealed_reason bytea       NOT NULL,
    actor         uuid        NOT NULL,
    actor_role    text        NOT NULL CHECK (actor_role = 'dpo'),
    begins_at     timestamptz NOT NULL,
    until         timestamptz NOT NULL,
    ended_at      timestamptz,
    ended_by      uuid,
    ended_by_role text        CHECK (ended_by_role = 'dpo'),
    statement     uuid        NOT NULL,
    PRIMARY KEY (controller, override),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    CONSTRAINT bounded CHECK (until > begins_at AND until <= begins_at + interval '30 days'),
    CONSTRAINT ended_within CHECK (ended_at >= begins_at AND ended_at < until),
    CONSTRAINT ended_by_somebody CHECK (num_nulls(ended_at, ended_by, ended_by_role) IN (0, 3))
);
CREATE INDEX overrides_by_end ON overrides (controller, until);
SELECT isolate('overrides', 'SELECT, INSERT, UPDATE (ended_at, ended_by, ended_by_role)');

-- The verdicts that let something through by an override: what is counted.
CREATE TABLE override_uses (
    controller uuid NOT NULL,
    override   uuid NOT NULL,
    verdict    uuid NOT NULL,
    PRIMARY KEY (controller, override, verdict),
    FOREIGN KEY (controller, override) REFERENCES overrides (controller, override),
    FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict)
);
SELECT isolate('override_uses', 'SELECT, INSERT');

ALTER TABLE verdicts
    ADD COLUMN overrides uuid[] NOT NULL DEFAULT '{}',
    ADD CONSTRAINT nobody_overrides_law CHECK (overrides = '{}' OR lawful IS TRUE);

-- When what the rules say turns by itself: an adoption's day comes, an override begins or ends. The recorder looks once a second,
-- turns what is due, and every live call of that controller is settled anew. For no process is it earlier than the last turn.
CREATE TABLE rule_turns (
    controller uuid        NOT NULL REFERENCES controllers (controller),
    turn       uuid        NOT NULL,
    due_at     timestamptz NOT NULL,
    turned_at  timestamptz CHECK (turned_at >= due_at),
    PRIMARY KEY (controller, turn)
);
CREATE INDEX rule_turns_due ON rule_turns (due_at) WHERE turned_at IS NULL;
CREATE INDEX rule_turns_turned ON rule_turns (controller, due_at DESC) WHERE turned_at IS NOT NULL;
SELECT isolate('rule_turns', 'SELECT, INSERT', 'SELECT, UPDATE (turned_at)');
GRANT UPDATE (version) ON recording_sessions TO rightcall_system;
