-- A denial is appealed once; another person decides.
--
--   denied -> appealed -> upheld | reopened (open again)
ALTER TABLE requests ADD COLUMN appealed_at timestamptz;
GRANT UPDATE (appealed_at) ON requests TO rightcall_app;

ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'ready', 'limited', 'told_before_lifting', 'lifted', 'begun',
         'extended', 'fulfilled', 'denied', 'appealed', 'upheld', 'reopened'));
