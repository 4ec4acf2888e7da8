-- Who received what was wrong is told what is right (GDPR Art. 19): planned with the correction, told by somebody, answered.
CREATE TABLE correction_notices (
    controller    uuid NOT NULL,
    correction    uuid NOT NULL,
    recipient     uuid NOT NULL,
    told_at       timestamptz,
    told_by       uuid,
    told_role     text,
    answered_at   timestamptz,
    answer        text CHECK (answer IN ('corrected', 'never_had', 'disagrees')),
    answered_by   uuid,
    answered_role text,
    PRIMARY KEY (controller, correction, recipient),
    FOREIGN KEY (controller, correction) REFERENCES corrections (controller, correction),
    FOREIGN KEY (controller, recipient) REFERENCES recipients (controller, recipient),
    CHECK (num_nonnulls(told_at, told_by, told_role) IN (0, 3)),
    CHECK (num_nonnulls(answered_at, answer, answered_by, answered_role) IN (0, 4)),
    CHECK (answered_at IS NULL OR told_at IS NOT NULL)
);
SELECT isolate('correction_notices', 'SELECT, INSERT, UPDATE');
