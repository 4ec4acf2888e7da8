-- What a person wants of everything that is kept of them: that it is kept alone since then, or not used on an interest or a public task
-- since then. Read with the party in the transaction of every verdict.
ALTER TABLE subjects
    ADD COLUMN restricted_at timestamptz,
    ADD COLUMN objected_at timestamptz;
GRANT UPDATE (restricted_at, objected_at) ON subjects TO rightcall_app;

ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'ready', 'limited', 'told_before_lifting', 'lifted', 'begun',
         'extended', 'fulfilled', 'denied'));
