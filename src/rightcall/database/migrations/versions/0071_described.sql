-- What other systems keep is for what its system says now: that may be said anew.
GRANT UPDATE (purposes, basis) ON holdings TO rightcall_app;
