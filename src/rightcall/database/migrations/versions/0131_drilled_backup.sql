-- When the backup was made that a drill tried: what the newest one shows counts, whatever an older one is tried for later.
ALTER TABLE drills ADD COLUMN backup_made_at timestamptz;
