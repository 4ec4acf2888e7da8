-- What lies there and is nobody's: in records that are linked already, it is looked at first.
CREATE INDEX findings_of_nobody ON findings (controller, record) WHERE subject IS NULL AND gone_at IS NULL;
