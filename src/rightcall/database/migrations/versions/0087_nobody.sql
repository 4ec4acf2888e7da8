-- `nobody_since`: since when nothing tells of this person any more. A record had made them, and it was about somebody else: they are nobody
-- until a record is linked to them again, and are not counted.
ALTER TABLE subjects ADD COLUMN nobody_since timestamptz;
GRANT UPDATE (nobody_since) ON subjects TO rightcall_app;
ALTER TABLE subjects NO FORCE ROW LEVEL SECURITY;
ALTER TABLE links NO FORCE ROW LEVEL SECURITY;
ALTER TABLE known_clues NO FORCE ROW LEVEL SECURITY;
ALTER TABLE identifiers NO FORCE ROW LEVEL SECURITY;
ALTER TABLE parties NO FORCE ROW LEVEL SECURITY;
ALTER TABLE joins NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
UPDATE subjects s SET nobody_since = l.last
  FROM (SELECT controller, subject, max(decided_at) AS last FROM links GROUP BY controller, subject
        HAVING NOT bool_or(state IN ('certain', 'likely')) AND bool_or(state IN ('undone', 'over', 'refused'))) l
 WHERE l.controller = s.controller AND l.subject = s.subject AND l.last IS NOT NULL AND NOT s.ambiguous AND s.split_from IS NULL
   AND NOT EXISTS (SELECT FROM known_clues k WHERE k.controller = s.controller AND k.subject = s.subject)
   AND NOT EXISTS (SELECT FROM identifiers i WHERE i.controller = s.controller AND i.subject = s.subject)
   AND NOT EXISTS (SELECT FROM parties p WHERE p.controller = s.controller AND p.subject = s.subject)
   AND NOT EXISTS (SELECT FROM joins j WHERE j.controller = s.controller AND s.subject IN (j.subject, j.into_subject)
                      AND j.undone_at IS NULL)
   AND NOT EXISTS (SELECT FROM holdings h WHERE h.controller = s.controller AND h.subject = s.subject AND h.gone_at IS NULL);
ALTER TABLE subjects FORCE ROW LEVEL SECURITY;
ALTER TABLE links FORCE ROW LEVEL SECURITY;
ALTER TABLE known_clues FORCE ROW LEVEL SECURITY;
ALTER TABLE identifiers FORCE ROW LEVEL SECURITY;
ALTER TABLE parties FORCE ROW LEVEL SECURITY;
ALTER TABLE joins FORCE ROW LEVEL SECURITY;
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
