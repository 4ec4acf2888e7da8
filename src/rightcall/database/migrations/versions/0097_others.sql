-- `of_another`: of somebody else of whom the record tells too, as of the husband, or of whom it quotes. It stands at the person whom the record
-- is about, and is told there as somebody else's.
ALTER TABLE findings ADD COLUMN of_another boolean NOT NULL DEFAULT false;
