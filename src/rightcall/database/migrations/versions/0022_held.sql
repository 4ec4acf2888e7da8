-- Listening to what a hold keeps is an act of its own: on the hold's ground, and not on a yes.
ALTER TABLE verdicts
    DROP CONSTRAINT verdicts_act_check,
    ADD CONSTRAINT verdicts_act_check
        CHECK (act IN ('ask', 'capture', 'play', 'export', 'play_held', 'transcribe', 'erase'));
ALTER TABLE holding_uses
    DROP CONSTRAINT holding_uses_act_check,
    ADD CONSTRAINT holding_uses_act_check
        CHECK (act IN ('capture', 'play', 'export', 'play_held', 'transcribe', 'erase'));

-- A hold ends by itself after its last day. Until then it may be given a later one.
GRANT UPDATE (until) ON holds TO rightcall_app;
CREATE INDEX holds_standing ON holds (controller, until) WHERE lifted_at IS NULL;
INSERT INTO housekeeping (name) VALUES ('holds');

-- What somebody says afterwards: in this stretch of a call card data was said, or what authenticates a card. `until` NULL: to the
-- end of the call. Never changed, never taken back: a take that overlaps one is neither played nor exported.
CREATE TABLE card_marks (
    controller          uuid        NOT NULL,
    mark                uuid        NOT NULL,
    call                uuid        NOT NULL,
    since               timestamptz NOT NULL,
    until               timestamptz CHECK (until >= since),
    card_data           boolean     NOT NULL,
    authentication_data boolean     NOT NULL CHECK (card_data OR authentication_data),
    marked_at           timestamptz NOT NULL,
    actor               uuid        NOT NULL,
    actor_role          text        NOT NULL,
    statement           uuid        NOT NULL,
    PRIMARY KEY (controller, mark),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call)
);
CREATE INDEX card_marks_of_call ON card_marks (controller, call);
SELECT isolate('card_marks', 'SELECT, INSERT');
