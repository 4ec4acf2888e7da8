-- A correction that was entered by mistake stands no longer; the row stays, as what happened.
ALTER TABLE corrections ADD COLUMN taken_back_at timestamptz;
GRANT UPDATE (taken_back_at) ON corrections TO rightcall_app;
