-- What no row stands for here, no worker can claim: it looks as though another one did it, and is never done.
INSERT INTO housekeeping (name) VALUES ('agents'), ('packages'), ('orders'), ('breaches'), ('record') ON CONFLICT DO NOTHING;
