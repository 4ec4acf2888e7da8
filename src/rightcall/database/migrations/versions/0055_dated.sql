-- The day in the same row that a finding's term counts from, where the system's use says which field has it. Never a day of birth: no
-- term counts from a field that looks like one.
ALTER TABLE findings ADD COLUMN dated_on date;
