-- `of_staff`: of somebody who works there, and not of whom its record is about: it is linked to nobody by that record.
ALTER TABLE findings ADD COLUMN of_staff boolean NOT NULL DEFAULT false;
