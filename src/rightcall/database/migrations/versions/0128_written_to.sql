-- In which language a recipient is written to; NULL is the controller's.
ALTER TABLE recipients ADD COLUMN language text CHECK (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$');
