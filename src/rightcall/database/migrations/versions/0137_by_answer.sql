-- Answers of one sort by when they were given: yeses are found among a million noes without passing these.
CREATE INDEX choices_of_answer ON choices (controller, answer, made_at, choice);
