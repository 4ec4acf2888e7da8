-- No statement looks for rows of the map by what says them in the ledger, and each row that came or went was entered here as well.
DROP INDEX holdings_of_statement;
