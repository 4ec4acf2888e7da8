-- Asked by the first page each time: erasures that do not get on in another system by themselves.
CREATE INDEX errands_for_a_person ON errands (controller, erasure) WHERE escalated_at IS NOT NULL OR elsewhere > 0;
