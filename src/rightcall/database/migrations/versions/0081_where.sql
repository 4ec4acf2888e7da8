-- Where a weakness shows: ids of objects and names of columns, never the name of a file. What an id names goes dark with its system.
ALTER TABLE weaknesses ADD COLUMN places jsonb NOT NULL DEFAULT '[]';
GRANT UPDATE (places) ON weaknesses TO rightcall_app;
