-- vCons of others of which something was kept. The row stays when what came in it is gone, so that the same vCon sent again does
-- not bring back what was erased or withdrawn. `content` is a blind of the document, `signed_by` the SHA-256 of the certificate.
CREATE TABLE vcons_received (
    controller  uuid NOT NULL,
    vcon        uuid NOT NULL,
    content     bytea NOT NULL CHECK (octet_length(content) = 32),
    signed_by   bytea NOT NULL CHECK (octet_length(signed_by) = 32),
    call        uuid NOT NULL,
    received_at timestamptz NOT NULL,
    actor       uuid NOT NULL,
    actor_role  text NOT NULL CHECK (actor_role <> ''),
    statement   uuid NOT NULL,
    PRIMARY KEY (controller, vcon),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, statement) REFERENCES statements (controller, statement)
);
SELECT isolate('vcons_received', 'SELECT, INSERT');

-- A recording that came in a vCon, sealed as the file that it was. `dialog` is its place there. `party` NULL: several are heard.
CREATE TABLE vcon_sounds (
    controller  uuid NOT NULL,
    holding     uuid NOT NULL,
    vcon        uuid NOT NULL,
    dialog      smallint NOT NULL CHECK (dialog >= 0),
    call        uuid NOT NULL,
    party       uuid,
    purposes    uuid[] NOT NULL CHECK (cardinality(purposes) > 0),
    started_at  timestamptz NOT NULL,
    duration_ms bigint CHECK (duration_ms >= 0),
    PRIMARY KEY (controller, holding),
    UNIQUE (controller, vcon, dialog),
    FOREIGN KEY (controller, vcon) REFERENCES vcons_received (controller, vcon),
    FOREIGN KEY (controller, holding) REFERENCES holdings (controller, holding),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, party) REFERENCES parties (controller, party)
);
CREATE INDEX vcon_sounds_of_call ON vcon_sounds (controller, call, dialog);
SELECT isolate('vcon_sounds', 'SELECT, INSERT');
