-- recordings
SELECT 1;
