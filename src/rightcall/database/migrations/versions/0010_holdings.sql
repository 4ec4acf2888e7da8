-- holdings
SELECT 1;
