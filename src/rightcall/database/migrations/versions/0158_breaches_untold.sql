-- What waits for a person first: a breach of which somebody is still to be told.
ALTER TABLE escalations
    DROP CONSTRAINT escalations_reason_check,
    ADD CONSTRAINT escalations_reason_check CHECK (reason IN
        ('breach_late', 'breach_untold', 'procedure_failed', 'procedure_waiting', 'erasure_elsewhere', 'request_due',
         'term_outlived', 'processor_order', 'processor_word', 'package_waits', 'hold_waits'));
