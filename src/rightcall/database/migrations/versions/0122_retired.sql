-- A notice is retired in its language: nobody is asked with it any more, and no version before it takes its place. What was answered to
-- it goes on pointing at it; nothing else of it changes.
ALTER TABLE notices ADD COLUMN retired_at timestamptz CHECK (retired_at >= created_at);
GRANT UPDATE (retired_at) ON notices TO rightcall_app;
