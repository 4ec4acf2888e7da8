-- ledger
SELECT 1;
