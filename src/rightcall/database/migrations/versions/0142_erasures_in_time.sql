-- All erasures of whole people, the newest first, however many there were.
CREATE INDEX erasures_in_time ON erasures (controller, begun_at, erasure) WHERE part_of IS NULL;
