-- Reading what was not said in a call is an act of its own, and a kind of playing for the rules that do not say otherwise.
ALTER TABLE verdicts
    DROP CONSTRAINT verdicts_act_check,
    ADD CONSTRAINT verdicts_act_check
        CHECK (act IN ('ask', 'capture', 'play', 'read', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share',
                       'erase', 'collect', 'call_out', 'activate', 'answer_request', 'refuse_request', 'close_breach', 'certify',
                       'restore'));
