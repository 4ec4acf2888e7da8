-- What was confirmed gone from another system, and a later scan sees there again: a person has to look, and no round does anything.
ALTER TABLE errands
    DROP CONSTRAINT errands_trouble_check,
    ADD CONSTRAINT errands_trouble_check CHECK (trouble IN ('unreachable', 'refused', 'there_still', 'unsure', 'seen_again'));
