-- staff
SELECT 1;
