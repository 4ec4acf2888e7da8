-- Since when somebody who may be the same person, says a proposal that waits, wants what is kept of them to be kept alone, or not used.
-- It counts for this subject until somebody says whether they are one. Read where `restricted_at` and `objected_at` are.
ALTER TABLE subjects
    ADD COLUMN maybe_restricted_at timestamptz,
    ADD COLUMN maybe_objected_at timestamptz;
GRANT UPDATE (maybe_restricted_at, maybe_objected_at) ON subjects TO rightcall_app;

-- What waits already.
WITH RECURSIVE waiting AS (
    SELECT controller, subject AS one, other FROM join_proposals WHERE state = 'waiting'
     UNION
    SELECT controller, other, subject FROM join_proposals WHERE state = 'waiting'
), same AS (
    SELECT controller, one AS subject, one AS member FROM waiting
     UNION
    SELECT s.controller, s.subject, CASE j.subject WHEN s.member THEN j.into_subject ELSE j.subject END
      FROM same s JOIN joins j ON j.controller = s.controller AND s.member IN (j.subject, j.into_subject) AND j.undone_at IS NULL
), found AS (
    SELECT w.controller, mine.member AS subject, min(o.restricted_at) AS restricted_at, min(o.objected_at) AS objected_at
      FROM waiting w
      JOIN same mine ON mine.controller = w.controller AND mine.subject = w.one
      JOIN same theirs ON theirs.controller = w.controller AND theirs.subject = w.other
      JOIN subjects o ON o.controller = w.controller AND o.subject = theirs.member
     GROUP BY w.controller, mine.member
)
UPDATE subjects s SET maybe_restricted_at = f.restricted_at, maybe_objected_at = f.objected_at
  FROM found f WHERE s.controller = f.controller AND s.subject = f.subject;
