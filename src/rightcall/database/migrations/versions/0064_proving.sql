-- Who asks is shown before anything is done. A request waits until its proof stands, its mandate where somebody asks for another, and the
-- person's own copy where they are to be erased; then it is ready. What was received before was entered on the word of who works here.
--
--   open [proved] [mandated] -> ready -> in progress -> answered
ALTER TABLE requests
    ADD COLUMN behalf text NOT NULL DEFAULT 'self' CHECK (behalf IN ('self', 'representative', 'parent')),
    ADD COLUMN mandate_until date,
    ADD COLUMN mandate_who bytea,
    ADD COLUMN mandate_evidence text CHECK (mandate_evidence IN
        ('power_of_attorney', 'signed_permission', 'court_order', 'birth_record', 'custody_record')),
    ADD COLUMN proof text CHECK (proof IN ('recognised', 'call_back', 'code', 'receipt', 'signed_in', 'vouched')),
    ADD COLUMN ready_at timestamptz;
UPDATE requests SET proof = 'vouched', ready_at = received_at;
ALTER TABLE requests
    ALTER COLUMN behalf DROP DEFAULT,
    ADD CONSTRAINT mandate_as_one CHECK (num_nulls(mandate_until, mandate_who, mandate_evidence) IN (0, 3)),
    ADD CONSTRAINT ready_is_proved CHECK (ready_at IS NULL OR (proof IS NOT NULL AND (behalf = 'self' OR mandate_until IS NOT NULL))),
    ADD CONSTRAINT done_is_ready CHECK (ready_at IS NOT NULL OR (stage <> 'in_progress' AND outcome IS DISTINCT FROM 'fulfilled'));
CREATE INDEX requests_not_begun ON requests (controller, ready_at) WHERE stage = 'open';
GRANT UPDATE (mandate_until, mandate_who, mandate_evidence, proof, ready_at) ON requests TO rightcall_app;

ALTER TABLE request_steps
    DROP CONSTRAINT request_steps_step_check,
    ADD CONSTRAINT request_steps_step_check CHECK (step IN
        ('received', 'acknowledged', 'proved', 'proof_refused', 'mandated', 'ready', 'begun', 'extended', 'fulfilled', 'denied')),
    ADD COLUMN detail text CHECK (detail <> '');
