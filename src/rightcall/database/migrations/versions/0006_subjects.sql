-- subjects
SELECT 1;
