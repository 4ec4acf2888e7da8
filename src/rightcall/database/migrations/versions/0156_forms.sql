-- Whose form it was that came too late: the digest of the token that its page put into it. None for those that began before.
ALTER TABLE sessions ADD COLUMN form_digest bytea UNIQUE CHECK (octet_length(form_digest) = 32);
ALTER TABLE visits
    ADD COLUMN form_digest bytea CHECK (octet_length(form_digest) = 32),
    ADD UNIQUE (controller, form_digest);
