-- What those who look after a system that is not erased in said, once they were told what to let go of. Their word alone makes nothing
-- gone: whether it is shows when the system is scanned again.
ALTER TABLE errands
    ADD COLUMN answered_at   timestamptz,
    ADD COLUMN answer        text CHECK (answer IN ('let_go', 'never_had', 'keeps')),
    ADD COLUMN answered_by   uuid,
    ADD COLUMN answered_role text,
    ADD CHECK (num_nonnulls(answered_at, answer, answered_by, answered_role) IN (0, 4)),
    ADD CHECK (answered_at IS NULL OR told_at IS NOT NULL);
