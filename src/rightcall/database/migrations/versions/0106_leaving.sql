-- While the erasure of somebody is not settled: blinds of what they were known by, so that nobody signs meanwhile that nothing is
-- held under it. They go with the certificate that says that everything is let go of. An empty blind: what this person was known
-- by is not known any more, since it was forgotten before these were kept.
CREATE TABLE leaving_identifiers (
    controller uuid NOT NULL,
    erasure    uuid NOT NULL,
    blind      bytea NOT NULL,
    PRIMARY KEY (controller, erasure, blind),
    FOREIGN KEY (controller, erasure) REFERENCES erasures (controller, erasure)
);
CREATE INDEX leaving_identifiers_by_blind ON leaving_identifiers (controller, blind);
SELECT isolate('leaving_identifiers', 'SELECT, INSERT, DELETE');

INSERT INTO leaving_identifiers (controller, erasure, blind)
SELECT e.controller, e.erasure, ''
  FROM erasures e
  LEFT JOIN certificates c ON c.controller = e.controller AND c.certificate = e.certificate
 WHERE e.destroyed_at IS NOT NULL AND (c.grade IS NULL OR c.grade NOT IN ('complete', 'complete_after_backups'));
