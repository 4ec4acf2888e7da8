-- vault
SELECT 1;
