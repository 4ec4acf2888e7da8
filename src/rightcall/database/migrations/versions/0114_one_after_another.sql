-- Requests of one person follow each other. An erasure that is ready and was not begun is put back where something comes up that goes first,
-- and is ready anew later; what is left once the person was erased is answered so.
ALTER TABLE requests
    DROP CONSTRAINT requests_outcome_check,
    ADD CONSTRAINT requests_outcome_check CHECK (outcome IN ('fulfilled', 'denied', 'revoked', 'already_erased'));
ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'gone_without', 'ready', 'put_back', 'limited',
         'told_before_lifting', 'lifted', 'begun', 'extended', 'corrected', 'fulfilled', 'denied', 'revoked', 'already_erased', 'appealed',
         'upheld', 'reopened'));
CREATE INDEX erasures_destroyed ON erasures (controller, subject) WHERE destroyed_at IS NOT NULL;
