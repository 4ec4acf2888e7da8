-- What an administrator makes that reads what is held of people opens nothing before a DPO has agreed (docs/adr/0064-a-second-word.md).
-- Those that there are go on.
ALTER TABLE tokens ADD COLUMN waits boolean NOT NULL DEFAULT false;
ALTER TABLE members ADD COLUMN waits boolean NOT NULL DEFAULT false;
GRANT UPDATE (waits) ON tokens, members TO rightcall_app;
