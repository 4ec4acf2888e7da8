-- What was answered, and what was stopped, over the last days: counted each time that somebody looks at the six questions.
CREATE INDEX choices_in_time ON choices (controller, made_at, answer);
CREATE INDEX verdicts_that_stopped ON verdicts (controller, asked_at, outcome)
    WHERE outcome IN ('not_right', 'unlawful', 'cannot_tell');
-- What was let go, over whole months.
CREATE INDEX holdings_disposed ON holdings (controller, disposed_at) WHERE disposed_at IS NOT NULL;
