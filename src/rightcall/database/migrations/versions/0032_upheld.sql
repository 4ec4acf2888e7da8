-- A review ends too when a concern about its purpose is upheld.
ALTER TABLE review_ends
    DROP CONSTRAINT review_ends_why_check,
    ADD CONSTRAINT review_ends_why_check
        CHECK (why IN ('withdrawn', 'expired', 'purpose_changed', 'notice_changed', 'rules_changed', 'use_changed',
                       'concern_upheld'));
