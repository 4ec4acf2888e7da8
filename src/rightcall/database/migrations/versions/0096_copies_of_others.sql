-- A package waits for what processors answer.
ALTER TABLE packages
    DROP CONSTRAINT packages_phase_check,
    ADD CONSTRAINT packages_phase_check CHECK (phase IN
        ('heard', 'written', 'calls', 'things', 'uses', 'processors', 'front', 'end'));
CREATE INDEX packages_at_processors ON packages (controller, asked_at) WHERE state = 'making' AND phase = 'processors';
