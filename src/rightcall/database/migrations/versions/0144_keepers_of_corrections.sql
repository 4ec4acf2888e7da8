-- Those who look after a system in which we put nothing right ourselves are told what is wrong there and what is right, by a letter that
-- somebody sends; what they say is kept, and then what stands there is read again.
ALTER TABLE correction_tasks
    ADD COLUMN told_at       timestamptz,
    ADD COLUMN told_by       uuid,
    ADD COLUMN told_role     text,
    ADD COLUMN answered_at   timestamptz,
    ADD COLUMN answer        text CHECK (answer IN ('corrected', 'never_had', 'disagrees')),
    ADD COLUMN answered_by   uuid,
    ADD COLUMN answered_role text,
    ADD CHECK (num_nonnulls(told_at, told_by, told_role) IN (0, 3)),
    ADD CHECK (num_nonnulls(answered_at, answer, answered_by, answered_role) IN (0, 4)),
    ADD CHECK (answered_at IS NULL OR told_at IS NOT NULL),
    DROP CONSTRAINT correction_tasks_why_check,
    ADD CONSTRAINT correction_tasks_why_check CHECK (why IN
        ('read_only', 'away', 'other_value', 'not_taken', 'stands_still', 'unknown_place', 'retired', 'wrong_still'));
GRANT UPDATE (told_at, told_by, told_role, answered_at, answer, answered_by, answered_role) ON correction_tasks TO rightcall_app;
