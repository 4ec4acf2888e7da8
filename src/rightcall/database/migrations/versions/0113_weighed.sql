-- A doubt of which nobody has said anything keeps its id as long as its record may be about its person: weighed anew it is the same row.
-- Where it is no doubt any more it is over, without anybody's decision, so that whoever noted its id is told; and waits again, as the same
-- row, where it is one again. `weighed`: an id as of when it was last weighed, so that what was linked since has a higher one; null where
-- that was when it was made.
ALTER TABLE links ADD COLUMN weighed uuid;
CREATE UNIQUE INDEX links_undecided ON links (controller, record, subject) WHERE state IN ('doubtful', 'over') AND decided_at IS NULL;
GRANT UPDATE (score, aspects, outcomes, bits, household, others, weighed) ON links TO rightcall_app;
