-- In which country a number belongs or an address lies, so that a breach can say under whose law people are. The value itself is
-- never kept. What is known already gets it when it is read next.
ALTER TABLE findings ADD COLUMN country text CHECK (country ~ '^[A-Z]{2}(-[A-Z]{2})?$');
