-- calls
SELECT 1;
