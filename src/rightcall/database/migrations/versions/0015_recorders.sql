-- recorders
SELECT 1;
