-- What a person wrote to a request at their own page, sealed under their key.
CREATE TABLE request_wishes (
    controller uuid NOT NULL REFERENCES controllers (controller),
    request    uuid NOT NULL,
    sealed     bytea NOT NULL,
    PRIMARY KEY (controller, request),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request)
);
SELECT isolate('request_wishes', 'SELECT, INSERT');
-- Links that show how far one request is, and nothing else: for whoever was erased, and has no page of their own any more.
-- `digest` is of the secret in the link, which is stored nowhere.
CREATE TABLE request_links (
    controller uuid NOT NULL REFERENCES controllers (controller),
    digest     bytea NOT NULL CHECK (octet_length(digest) = 32),
    request    uuid NOT NULL,
    until      timestamptz NOT NULL,
    PRIMARY KEY (controller, digest),
    FOREIGN KEY (controller, request) REFERENCES requests (controller, request)
);
CREATE INDEX request_links_by_age ON request_links (controller, until);
SELECT isolate('request_links', 'SELECT, INSERT, DELETE');
