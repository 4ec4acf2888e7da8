-- requests
SELECT 1;
