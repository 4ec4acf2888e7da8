-- evidence
SELECT 1;
