-- Within what like was held against like: the coarsest of a season's looks. What was added before is called coarsest.
ALTER TABLE parity_accounts
    ADD COLUMN strata text NOT NULL DEFAULT 'queue'
        CHECK (strata IN ('queue_language_day_hour', 'queue_language_day_four_hours', 'queue_language_four_hours',
                          'queue_language', 'queue'));
ALTER TABLE parity_accounts ALTER COLUMN strata DROP DEFAULT;
ALTER TABLE parity_flags
    ADD COLUMN strata text NOT NULL DEFAULT 'queue'
        CHECK (strata IN ('queue_language_day_hour', 'queue_language_day_four_hours', 'queue_language_four_hours',
                          'queue_language', 'queue'));
ALTER TABLE parity_flags ALTER COLUMN strata DROP DEFAULT;

-- A second trial begins only with the answer of another person in another role.
ALTER TABLE parity_answers
    DROP CONSTRAINT parity_answers_answered_as_check,
    ADD CONSTRAINT parity_answers_answered_as_check CHECK (answered_as IN ('dpo', 'supervisor'));
CREATE UNIQUE INDEX parity_answers_one_a_role ON parity_answers (controller, flag, answered_as);
CREATE UNIQUE INDEX parity_answers_one_a_person ON parity_answers (controller, flag, answered_by);
