-- Which calls a person is in now, however many they were in before: what an erasure looks up before the keys go.
DROP INDEX parties_of_subject;
CREATE INDEX parties_of_subject ON parties (controller, subject, left_at);
