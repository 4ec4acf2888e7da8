-- Whoever is asked to sign a review may send it back with a word to its author. `words`: about the purpose, as the review itself is.
ALTER TABLE review_ends
    ADD COLUMN words text NOT NULL DEFAULT '' CHECK (length(words) <= 4000),
    DROP CONSTRAINT review_ends_why_check,
    DROP CONSTRAINT review_ends_check,
    ADD CONSTRAINT review_ends_why_check
        CHECK (why IN ('withdrawn', 'expired', 'purpose_changed', 'notice_changed', 'rules_changed', 'use_changed',
                       'concern_upheld', 'figures_changed', 'sent_back')),
    ADD CONSTRAINT review_ends_by_somebody CHECK ((actor_role = 'system') = (why NOT IN ('withdrawn', 'sent_back'))),
    ADD CONSTRAINT sent_back_with_a_word CHECK ((why = 'sent_back') = (words <> ''));
