-- erasure
SELECT 1;
