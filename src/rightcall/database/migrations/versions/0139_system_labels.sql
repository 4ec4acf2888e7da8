-- What customers read instead of a system's name, by language; and in which language those who look after it are written to: NULL is
-- the controller's.
ALTER TABLE systems
    ADD COLUMN labels           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(labels) = 'object'),
    ADD COLUMN keepers_language text CHECK (keepers_language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
