-- What is somebody's and on no map yet is looked for in every system after each scan of one: it is few, whatever else lies there.
CREATE INDEX findings_to_map ON findings (controller, system, finding) WHERE subject IS NOT NULL AND holding IS NULL AND gone_at IS NULL;
