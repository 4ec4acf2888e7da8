-- The DPO overrules the reader of words: these rules of faults, by which a yes to this notice was void, are not so in it. It only
-- grows, and what is found in the notice beside them is not covered.
CREATE TABLE words_judged (
    controller uuid NOT NULL,
    statement  uuid NOT NULL,
    notice     uuid NOT NULL,
    misread    text[] NOT NULL CHECK (cardinality(misread) > 0),
    judged_by  uuid NOT NULL,
    judged_as  text NOT NULL,
    judged_at  timestamptz NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, notice) REFERENCES notices (controller, notice)
);
CREATE INDEX words_judged_of_notice ON words_judged (controller, notice);
SELECT isolate('words_judged', 'SELECT, INSERT');

-- A yes is weighed anew too when its words were judged, and when another yes of the party came with it.
ALTER TABLE weighings
    DROP CONSTRAINT weighings_cause_check,
    ADD CONSTRAINT weighings_cause_check CHECK (cause IN ('chosen', 'marked', 'told', 'asked', 'judged', 'beside', 'restored'));
