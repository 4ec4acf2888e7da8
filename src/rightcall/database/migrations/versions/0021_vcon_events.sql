-- Who joined, dropped, held or was muted in a call that came in a vCon, as it told. `place` keeps the order of one moment.
CREATE TABLE vcon_events (
    controller uuid NOT NULL,
    vcon       uuid NOT NULL,
    place      integer NOT NULL CHECK (place >= 0),
    call       uuid NOT NULL,
    party      uuid NOT NULL,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('joined', 'left', 'held', 'unheld', 'muted', 'unmuted')),
    PRIMARY KEY (controller, vcon, place),
    FOREIGN KEY (controller, vcon) REFERENCES vcons_received (controller, vcon),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    FOREIGN KEY (controller, party) REFERENCES parties (controller, party)
);
CREATE INDEX vcon_events_of_call ON vcon_events (controller, call, place);
SELECT isolate('vcon_events', 'SELECT, INSERT');
