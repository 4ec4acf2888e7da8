-- Who looked at a person, and not at a thing on the map, is told with each view of them: however much of theirs was ever used, that is a walk
-- along the lines that name no thing.
CREATE INDEX holding_uses_looks_of_subject ON holding_uses (controller, subject, used_at, statement) WHERE holding IS NULL;
