-- Of what a person was known by whose erasure is not settled: things that a scan found elsewhere in a system that had called all of it gone.
-- `looked_at`: a person looked at them; what was there by then rings no more.
ALTER TABLE errands
    ADD COLUMN elsewhere integer NOT NULL DEFAULT 0 CHECK (elsewhere >= 0),
    ADD COLUMN looked_at timestamptz;
