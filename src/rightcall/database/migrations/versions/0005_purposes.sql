-- purposes
SELECT 1;
