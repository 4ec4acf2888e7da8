-- So many records in other systems may have been the person's, and nobody had said whose they are: when the erasure destroyed their
-- key, and when the request was begun or answered.
ALTER TABLE erasures ADD COLUMN doubtful integer NOT NULL DEFAULT 0 CHECK (doubtful >= 0);
ALTER TABLE requests ADD COLUMN doubtful integer NOT NULL DEFAULT 0 CHECK (doubtful >= 0);
GRANT UPDATE (doubtful) ON requests TO rightcall_app;
