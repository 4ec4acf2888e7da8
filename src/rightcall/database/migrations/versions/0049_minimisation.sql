-- A review may be about the purpose as it will be: shorter kept, or with fewer categories. Opening the review makes it so.
-- `change_figures`: SHA-256 of the figures that it was proposed with.
ALTER TABLE reviews
    ADD COLUMN change_term_days integer CHECK (change_term_days >= 1),
    ADD COLUMN change_dropped   text[],
    ADD COLUMN change_proposal  uuid,
    ADD COLUMN change_figures   bytea   CHECK (octet_length(change_figures) = 32),
    ADD CONSTRAINT change_as_one CHECK (num_nulls(change_dropped, change_proposal, change_figures) IN (0, 3)),
    ADD CONSTRAINT a_change_changes_something CHECK (
        change_proposal IS NULL OR change_term_days IS NOT NULL OR cardinality(change_dropped) > 0),
    ADD CONSTRAINT no_term_without_a_change CHECK (change_term_days IS NULL OR change_proposal IS NOT NULL);

-- A purpose only ever becomes narrower, and only as a review says that was opened, signed by people in two roles.
GRANT UPDATE (term_days, data_categories) ON purposes TO rightcall_app;
CREATE FUNCTION narrower_as_reviewed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.term_days > OLD.term_days OR NOT NEW.data_categories <@ OLD.data_categories THEN
        RAISE insufficient_privilege USING MESSAGE = 'a purpose is never widened';
    END IF;
    IF NOT EXISTS (SELECT FROM reviews r JOIN review_openings o USING (controller, review)
                    WHERE r.controller = NEW.controller AND r.purpose = NEW.purpose AND o.active
                      AND r.change_proposal IS NOT NULL AND NEW.term_days = coalesce(r.change_term_days, OLD.term_days)
                      AND NOT NEW.data_categories && r.change_dropped) THEN
        RAISE insufficient_privilege USING MESSAGE = 'no review that was opened narrows this purpose so';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER narrower_as_reviewed BEFORE UPDATE OF term_days, data_categories ON purposes
    FOR EACH ROW EXECUTE FUNCTION narrower_as_reviewed();

ALTER TABLE review_ends
    DROP CONSTRAINT review_ends_why_check,
    ADD CONSTRAINT review_ends_why_check
        CHECK (why IN ('withdrawn', 'expired', 'purpose_changed', 'notice_changed', 'rules_changed', 'use_changed',
                       'concern_upheld', 'figures_changed'));

-- Which tokens read nothing: one probe for each.
CREATE INDEX holding_uses_of_actor ON holding_uses (controller, actor, used_at);

-- What the last look found of each purpose: counts, days, names of fields and categories.
CREATE TABLE minimisation_figures (
    controller uuid        NOT NULL,
    purpose    uuid        NOT NULL,
    looked_at  timestamptz NOT NULL,
    figures    jsonb       NOT NULL CHECK (jsonb_typeof(figures) = 'object'),
    PRIMARY KEY (controller, purpose),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose)
);
SELECT isolate('minimisation_figures', 'SELECT, INSERT, UPDATE (looked_at, figures)');

-- What was proposed, on which figures, and what people answered: either a review of the purpose as it would be, or why not.
-- `reason` are the words of whoever rejected it, about a purpose and never about a person.
CREATE TABLE proposals (
    controller  uuid             NOT NULL,
    proposal    uuid             NOT NULL,
    purpose     uuid             NOT NULL,
    kind        text             NOT NULL CHECK (kind IN ('shorten_term', 'drop_category')),
    term_days   integer          CHECK (term_days BETWEEN 1 AND was_days - 1),
    category    text             CHECK (category <> ''),
    was_days    integer          NOT NULL CHECK (was_days >= 1),
    holdings    bigint           NOT NULL CHECK (holdings > 0),
    uses        bigint           NOT NULL CHECK (uses >= 0),
    late        bigint           NOT NULL CHECK (late BETWEEN 0 AND holdings),
    high        double precision NOT NULL CHECK (high BETWEEN 0 AND 1),
    digest      bytea            NOT NULL CHECK (octet_length(digest) = 32),
    figures     jsonb            NOT NULL CHECK (jsonb_typeof(figures) = 'object'),
    proposed_at timestamptz      NOT NULL,
    statement   uuid             NOT NULL,
    lapsed_at   timestamptz      CHECK (lapsed_at >= proposed_at),
    answered_at timestamptz      CHECK (answered_at >= proposed_at),
    answered_by uuid,
    answered_as text             CHECK (answered_as IN ('supervisor', 'dpo')),
    rejection   text             CHECK (rejection IN ('late_uses_matter', 'law_demands_it', 'not_all_seen', 'changing_use',
    'other')), reason      text             CHECK (reason <> ''),
    review      uuid,
    PRIMARY KEY (controller, proposal),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, review) REFERENCES reviews (controller, review),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    CONSTRAINT one_change CHECK ((kind = 'shorten_term') = (term_days IS NOT NULL) AND (kind = 'drop_category') = (category IS
    NOT NULL)), CONSTRAINT answered_as_one CHECK (num_nulls(answered_at, answered_by, answered_as) IN (0, 3)),
    CONSTRAINT rejected_with_a_reason CHECK ((rejection IS NULL) = (reason IS NULL)),
    CONSTRAINT answered_once CHECK (num_nonnulls(rejection, review) = CASE WHEN answered_at IS NULL THEN 0 ELSE 1 END)
);
CREATE INDEX proposals_in_time ON proposals (controller, proposed_at, proposal);
SELECT isolate('proposals', 'SELECT, INSERT, UPDATE (lapsed_at, answered_at, answered_by, answered_as, rejection, reason,
review)');

INSERT INTO housekeeping (name) VALUES ('minimisation');
-- A use says where it was read; a system tells what is read of it from the first use of it that was logged. All uses of a
-- person, newest first, are one walk along one index, also where many were at one instant.
ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_uses NO FORCE ROW LEVEL SECURITY;
UPDATE holding_uses u SET system = h.system, object = h.object
  FROM holdings h
 WHERE h.controller = u.controller AND h.holding = u.holding AND h.system IS NOT NULL AND u.system IS NULL;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_uses FORCE ROW LEVEL SECURITY;
CREATE INDEX holding_uses_of_system ON holding_uses (controller, system, used_at) WHERE system IS NOT NULL AND NOT refused;
DROP INDEX holding_uses_of_subject;
CREATE INDEX holding_uses_of_subject ON holding_uses (controller, subject, used_at, statement);
