-- A system may be registered so that what is wrong there is put right by us: only where it can, and hands out what lies there, so
-- that it is read back. Its address for writing serves both.
ALTER TABLE systems
    ADD COLUMN corrects boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT systems_abilities_check,
    ADD CONSTRAINT systems_abilities_check CHECK (abilities <@ ARRAY['find', 'export', 'erase', 'confirm', 'correct']),
    ADD CONSTRAINT corrects_what_is_read_back CHECK (NOT corrects OR abilities @> ARRAY['export', 'correct']),
    DROP CONSTRAINT systems_check2,
    ADD CONSTRAINT writing_to_change_something CHECK (sealed_writing IS NULL OR erases IS NOT NULL OR corrects);

-- What stood there before, sealed as the right value is: where the correction came from, and how it is told from other values.
ALTER TABLE corrections ADD COLUMN sealed_was bytea;
GRANT UPDATE (sealed_was) ON corrections TO rightcall_app;

-- `why`: what we did not put right ourselves, when it was last tried; a person does.
ALTER TABLE correction_tasks
    ADD COLUMN tried_at timestamptz,
    ADD COLUMN why text CHECK (why IN ('read_only', 'away', 'other_value', 'not_taken', 'stands_still', 'unknown_place')),
    ADD CONSTRAINT tried_as_one CHECK (num_nulls(tried_at, why) IN (0, 2));
GRANT UPDATE (tried_at, why) ON correction_tasks TO rightcall_app;
