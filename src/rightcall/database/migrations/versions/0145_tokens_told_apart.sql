-- A token says what it is for, who made it, and when it was last used, so that whoever has to revoke one knows which. `label`: a program,
-- and no person; empty where nobody said. `used_at`: to the hour, for no request is to wait for it.
ALTER TABLE tokens
    ADD COLUMN label text NOT NULL DEFAULT '' CHECK (length(label) <= 100),
    ADD COLUMN made_by uuid,
    ADD COLUMN made_by_role text,
    ADD COLUMN used_at timestamptz,
    ADD CONSTRAINT maker_as_one CHECK ((made_by IS NULL) = (made_by_role IS NULL));
-- Who made those that there are stands in the ledger.
UPDATE tokens t
   SET made_by = (l.leaf ->> 'actor')::uuid, made_by_role = l.leaf ->> 'role'
  FROM (SELECT controller, convert_from(leaf, 'UTF8')::jsonb AS leaf FROM statements WHERE kind = 'staff.token_created') l
 WHERE l.controller = t.controller AND (l.leaf ->> 'token')::uuid = t.token;
GRANT UPDATE (used_at) ON tokens TO rightcall_system;
