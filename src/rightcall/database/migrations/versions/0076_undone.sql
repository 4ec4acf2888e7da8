-- A link goes from state to state as `linking.states` says. What is doubtful waits for a person's word, and so does what one undid: by
-- itself nothing is linked then. `over`: it is no question any more, for the record says something else now, another was accepted, or the
-- person was erased.
--
--   certain, likely ── undo ──> undone
--   certain, likely ── end ──> over
--   doubtful, undone, refused, over ── accept ──> certain
--   doubtful, undone ── refuse ──> refused
--   refused ── reopen ──> doubtful
ALTER TABLE links
    DROP CONSTRAINT links_state_check,
    DROP CONSTRAINT links_reason_check,
    DROP CONSTRAINT waits_undecided,
    ADD CONSTRAINT links_state_check CHECK (state IN ('certain', 'likely', 'doubtful', 'refused', 'undone', 'over')),
    ADD CONSTRAINT links_reason_check CHECK (reason IN
        ('person_said_so', 'seen_in_source', 'of_the_household', 'shared_contact', 'same_name', 'wrong_in_source', 'says_otherwise',
         'other'));

-- What of them waits for a word: an undone one as long as its record is linked to nobody else.
CREATE VIEW waiting_links WITH (security_invoker = true) AS
SELECT l.* FROM links l WHERE l.state = 'doubtful'
 UNION ALL
SELECT l.* FROM links l
 WHERE l.state = 'undone'
   AND NOT EXISTS (SELECT FROM links s
                    WHERE s.controller = l.controller AND s.record = l.record AND s.state IN ('certain', 'likely'));
GRANT SELECT ON waiting_links TO rightcall_app;

-- Each decision on a link, in their order, with its statement in the ledger. What was decided before this table is in `links` alone.
CREATE TABLE link_decisions (
    controller   uuid NOT NULL,
    statement    uuid NOT NULL,
    link         uuid NOT NULL,
    was          text NOT NULL,
    now          text NOT NULL,
    reason       text NOT NULL,
    decided_by   uuid NOT NULL,
    decided_role text NOT NULL CHECK (decided_role <> ''),
    decided_at   timestamptz NOT NULL,
    PRIMARY KEY (controller, statement),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement),
    FOREIGN KEY (controller, link) REFERENCES links (controller, link)
);
CREATE INDEX link_decisions_of_link ON link_decisions (controller, link, statement);
SELECT isolate('link_decisions', 'SELECT, INSERT');

-- What stood at a person by a link that was wrong is gone from them: not from where it lies. It comes back with a link.
ALTER TABLE holdings
    ADD COLUMN unlinked_at timestamptz,
    ADD CONSTRAINT unlinked_is_gone CHECK (unlinked_at IS NULL OR (system IS NOT NULL AND gone_at IS NOT NULL));
GRANT UPDATE (unlinked_at) ON holdings TO rightcall_app;
DROP VIEW holdings_with_origins;
CREATE VIEW holdings_with_origins WITH (security_invoker = true) AS
SELECT h.*, CASE WHEN h.generation = 0 THEN '{}'::uuid[]
                 ELSE ARRAY(SELECT DISTINCT d.origin FROM derivations d
                             WHERE d.controller = h.controller AND d.holding = h.holding ORDER BY d.origin)
            END AS derived_from
  FROM holdings h;
GRANT SELECT ON holdings_with_origins TO rightcall_app;
