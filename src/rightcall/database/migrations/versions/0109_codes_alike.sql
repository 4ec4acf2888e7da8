-- A code is written down by the same work whether it goes to somebody or to nobody: a reference would be looked up only where there
-- is one, and so tell a little of who is known. A code lives for a day at most, and whoever spends it is looked up then.
ALTER TABLE request_codes DROP CONSTRAINT request_codes_controller_subject_fkey;
