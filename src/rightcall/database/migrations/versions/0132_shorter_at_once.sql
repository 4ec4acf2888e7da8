-- A purpose keeps for longer, or collects less, only as a review says that was opened, signed by people in two roles. A shorter term
-- alone is given at once.
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
    IF NEW.term_days < OLD.term_days AND NEW.data_categories = OLD.data_categories THEN
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
