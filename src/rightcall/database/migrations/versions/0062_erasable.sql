-- A system is for reading alone until somebody wishes it to be erased in: parts of its objects, or whole objects too that tell of
-- one person alone. `sealed_writing`: how to get in for that, where it is another way than for reading.
ALTER TABLE systems
    ADD COLUMN erases         text CHECK (erases IN ('parts', 'whole')),
    ADD COLUMN sealed_writing bytea,
    ADD CHECK (erases IS NULL OR abilities @> ARRAY['erase', 'confirm']),
    ADD CHECK (sealed_writing IS NULL OR erases IS NOT NULL);
