-- More of what waits for a person: a processor that does not do what it was asked, a package that waits for a word, a hold on which somebody has to agree.
ALTER TABLE escalations
    DROP CONSTRAINT escalations_reason_check,
    ADD CONSTRAINT escalations_reason_check CHECK (reason IN
        ('procedure_failed', 'procedure_waiting', 'erasure_elsewhere', 'request_due', 'term_outlived', 'processor_order',
         'package_waits', 'hold_waits'));
