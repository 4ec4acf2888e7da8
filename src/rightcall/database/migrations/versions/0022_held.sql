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
