-- Whoever told somebody of a breach may write it down later than they did, and says why the authority was told after 72 hours (GDPR Art. 33(1)).
ALTER TABLE breaches
    DROP CONSTRAINT breaches_check2,
    DROP CONSTRAINT breaches_check3,
    ADD CONSTRAINT told_once_known CHECK (authority_told_at >= known_at AND people_told_at >= known_at),
    ADD COLUMN late_because text CHECK (late_because IN
        ('looked_into', 'in_phases', 'not_seen_as_one', 'told_late', 'asked_to_wait', 'oversight')),
    ADD CONSTRAINT late_where_told CHECK (late_because IS NULL OR authority_told_at > known_at + interval '72 hours');
GRANT UPDATE (late_because) ON breaches TO rightcall_app;
