-- A request that needs everything about the person waits for somebody's word on records that may be theirs, and for up to `without` of them
-- it waits no longer, for a reason that is its step's detail.
ALTER TABLE requests ADD COLUMN without integer NOT NULL DEFAULT 0 CHECK (without >= 0);
GRANT UPDATE (without) ON requests TO rightcall_app;
CREATE INDEX requests_unready ON requests (controller, request) WHERE stage = 'open' AND ready_at IS NULL AND proof IS NOT NULL;
ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'gone_without', 'ready', 'limited', 'told_before_lifting',
         'lifted', 'begun', 'extended', 'corrected', 'fulfilled', 'denied', 'revoked', 'appealed', 'upheld', 'reopened'));
