-- Giving a purpose a longer term, with what is kept for it already, is an act of its own, with a verdict.
ALTER TABLE verdicts
    DROP CONSTRAINT verdicts_act_check,
    ADD CONSTRAINT verdicts_act_check
        CHECK (act IN ('ask', 'capture', 'play', 'read', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share',
                       'erase', 'keep', 'extend', 'collect', 'call_out', 'activate', 'answer_request', 'refuse_request',
                       'close_breach', 'certify', 'restore'));

-- A review may be about the purpose as it will be: kept for longer than the `longer_was` days of now, as a verdict says it may.
ALTER TABLE reviews
    ADD COLUMN longer_days    integer,
    ADD COLUMN longer_was     integer CHECK (longer_was >= 1),
    ADD COLUMN longer_why     text    CHECK (longer_why <> ''),
    ADD COLUMN longer_law     text    CHECK (longer_law <> ''),
    ADD COLUMN longer_verdict uuid,
    ADD FOREIGN KEY (controller, longer_verdict) REFERENCES verdicts (controller, verdict),
    ADD CONSTRAINT longer_as_one CHECK (num_nulls(longer_days, longer_was, longer_why, longer_verdict) IN (0, 4)),
    ADD CONSTRAINT longer_is_longer CHECK (longer_days > longer_was),
    ADD CONSTRAINT law_of_something_longer CHECK (longer_law IS NULL OR longer_verdict IS NOT NULL),
    ADD CONSTRAINT less_or_longer CHECK (num_nonnulls(change_proposal, longer_verdict) <= 1);

-- What opened reviews have lengthened: from how many days to how many.
CREATE VIEW lengthenings WITH (security_invoker = true) AS
SELECT r.controller, r.purpose, r.review, r.longer_was AS was_days, r.longer_days AS term_days, r.longer_law AS law,
       r.longer_verdict AS verdict, o.opened_at
  FROM reviews r
  JOIN review_openings o USING (controller, review)
 WHERE o.active AND r.longer_verdict IS NOT NULL;
GRANT SELECT ON lengthenings TO rightcall_app;

-- A purpose keeps less, or for longer, only as a review says that was opened, signed by people in two roles.
CREATE OR REPLACE FUNCTION narrower_as_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT NEW.data_categories <@ OLD.data_categories THEN
        RAISE insufficient_privilege USING MESSAGE = 'a purpose is never widened';
    END IF;
    IF NEW.term_days > OLD.term_days THEN
        IF NEW.data_categories <> OLD.data_categories
           OR NOT EXISTS (SELECT FROM lengthenings l
                           WHERE l.controller = NEW.controller AND l.purpose = NEW.purpose
                             AND l.was_days = OLD.term_days AND l.term_days = NEW.term_days) THEN
            RAISE insufficient_privilege USING MESSAGE = 'no review that was opened lengthens this purpose so';
        END IF;
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT FROM reviews r JOIN review_openings o USING (controller, review)
                    WHERE r.controller = NEW.controller AND r.purpose = NEW.purpose AND o.active
                      AND r.change_proposal IS NOT NULL AND NEW.term_days = coalesce(r.change_term_days, OLD.term_days)
                      AND NOT NEW.data_categories && r.change_dropped) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no review that was opened narrows this purpose so';
    END IF;
    RETURN NEW;
END $$;

-- A lock is moved to an earlier day, or to a fresh key of the same; to a later one by no more days than its purpose was lengthened.
CREATE OR REPLACE FUNCTION only_sooner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.last_day > OLD.last_day
       AND NEW.last_day - OLD.last_day > coalesce((SELECT sum(l.term_days - l.was_days) FROM lengthenings l
                                                    WHERE l.controller = NEW.controller AND l.purpose = NEW.purpose), 0) THEN
        RAISE EXCEPTION 'a lock is moved to a later day only as its purpose was lengthened' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
