-- A customer's words lay under the customer's key too, so an erasure darkened them and told whose they were. From now on they lie
-- under the concern's key alone, and the customer is found with the case code. What there is, the worker lays anew.
ALTER TABLE concerns
    DROP CONSTRAINT concerns_check5,
    ADD CHECK (sealed_subject IS NULL OR raised_as = 'customer'),
    ADD COLUMN words_of_subject boolean NOT NULL DEFAULT false CHECK (NOT words_of_subject OR sealed_subject IS NOT NULL);
UPDATE concerns SET words_of_subject = true WHERE sealed_subject IS NOT NULL;
CREATE INDEX concerns_of_subjects ON concerns (controller) WHERE words_of_subject;

-- The raiser, with the case code, wants the words gone before the term.
ALTER TABLE concerns ADD COLUMN forget_asked_on date;

-- Which overrides stood for the whole purpose when a review was written: who signed has seen those, and no others.
ALTER TABLE reviews ADD COLUMN asides uuid[] NOT NULL DEFAULT '{}';
