-- Like is held against like by the agent who asked, too.
ALTER TABLE parity_accounts
    DROP CONSTRAINT parity_accounts_strata_check,
    ADD CONSTRAINT parity_accounts_strata_check
        CHECK (strata IN ('queue_language_agent_day_hour', 'queue_language_agent_day_four_hours',
                          'queue_language_agent_four_hours', 'queue_language_agent', 'queue_language_day_hour',
                          'queue_language_day_four_hours', 'queue_language_four_hours', 'queue_language', 'queue'));
ALTER TABLE parity_flags
    DROP CONSTRAINT parity_flags_strata_check,
    ADD CONSTRAINT parity_flags_strata_check
        CHECK (strata IN ('queue_language_agent_day_hour', 'queue_language_agent_day_four_hours',
                          'queue_language_agent_four_hours', 'queue_language_agent', 'queue_language_day_hour',
                          'queue_language_day_four_hours', 'queue_language_four_hours', 'queue_language', 'queue'));
