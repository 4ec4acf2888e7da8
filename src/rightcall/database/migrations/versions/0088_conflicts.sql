-- Keeping something longer is an act of its own, with a verdict: when a hold is placed, and where a wish to be erased meets it.
ALTER TABLE verdicts
    DROP CONSTRAINT verdicts_act_check,
    ADD CONSTRAINT verdicts_act_check
        CHECK (act IN ('ask', 'capture', 'play', 'read', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share',
                       'erase', 'keep', 'collect', 'call_out', 'activate', 'answer_request', 'refuse_request', 'close_breach',
                       'certify', 'restore'));

ALTER TABLE holds
    ADD COLUMN verdict uuid,
    ADD FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict);
DROP VIEW holds_with_slices;
CREATE VIEW holds_with_slices WITH (security_invoker = true) AS
SELECT h.*,
       ARRAY(SELECT s.holding FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS holdings,
       ARRAY(SELECT s.purpose FROM held_slices s
              WHERE s.controller = h.controller AND s.hold = h.hold ORDER BY s.holding) AS purposes
  FROM holds h;
GRANT SELECT ON holds_with_slices TO rightcall_app;

-- What was decided where a wish to be erased met what a law wants kept for a purpose, or what a hold kept already. Never changed.
CREATE TABLE conflicts (
    controller uuid        NOT NULL,
    request    uuid        NOT NULL,
    subject    uuid        NOT NULL,
    verdict    uuid        NOT NULL,
    purpose    uuid,
    hold       uuid,
    stays      boolean     NOT NULL,
    decided_at timestamptz NOT NULL,
    PRIMARY KEY (controller, request, verdict),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request),
    FOREIGN KEY (controller, subject) REFERENCES subjects (controller, subject),
    FOREIGN KEY (controller, verdict) REFERENCES verdicts (controller, verdict),
    FOREIGN KEY (controller, purpose) REFERENCES purposes (controller, purpose),
    FOREIGN KEY (controller, hold) REFERENCES holds (controller, hold),
    CONSTRAINT of_a_purpose_or_a_hold CHECK (num_nulls(purpose, hold) = 1)
);
SELECT isolate('conflicts', 'SELECT, INSERT');

-- The holds that followed from one.
CREATE TABLE conflict_holds (
    controller uuid NOT NULL,
    request    uuid NOT NULL,
    verdict    uuid NOT NULL,
    hold       uuid NOT NULL,
    PRIMARY KEY (controller, request, verdict, hold),
    FOREIGN KEY (controller, request, verdict) REFERENCES conflicts (controller, request, verdict),
    FOREIGN KEY (controller, hold) REFERENCES holds (controller, hold)
);
SELECT isolate('conflict_holds', 'SELECT, INSERT');

-- Whose conflicts were weighed, once for each request.
CREATE TABLE conflicts_decided (
    controller uuid NOT NULL,
    request    uuid NOT NULL,
    subject    uuid NOT NULL,
    PRIMARY KEY (controller, request, subject),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request)
);
SELECT isolate('conflicts_decided', 'SELECT, INSERT');
