-- How far a procedure is, where it tells: so many of so many, of what it works through.
ALTER TABLE procedures
    ADD COLUMN done  bigint CHECK (done >= 0),
    ADD COLUMN total bigint,
    ADD CONSTRAINT done_of_all CHECK (num_nulls(done, total) IN (0, 2) AND done <= total);
