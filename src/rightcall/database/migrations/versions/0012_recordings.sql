-- What is captured of a call, and what is not. A session has one row, whatever becomes of it; only its timeline grows.
--
-- stage:        arriving -> live -> over          (recordings/states.py is the table of what may follow what)
-- waiting_for:  a_yes | resume | unhold, or NULL: something is being captured, or it is over
-- outcome:      ended | lost, once it is over
CREATE TABLE recording_sessions (
    controller    uuid NOT NULL,
    call          uuid NOT NULL,
    recorder      uuid NOT NULL,
    stage         text NOT NULL CHECK (stage IN ('arriving', 'live', 'over')),
    waiting_for   text CHECK (waiting_for IN ('a_yes', 'resume', 'unhold')),
    outcome       text CHECK (outcome IN ('ended', 'lost')),
    pauses        text[] NOT NULL DEFAULT '{}' CHECK (pauses <@ ARRAY['card_data', 'vulnerable', 'other']),
    paused_at     timestamptz,
    pause_held_at timestamptz,
    pause_version bigint,
    version       bigint NOT NULL CHECK (version >= 1),
    opened_at     timestamptz NOT NULL,
    ended_at      timestamptz CHECK (ended_at >= opened_at),
    PRIMARY KEY (controller, call),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call),
    CHECK ((stage = 'over') = (outcome IS NOT NULL)),
    CHECK ((stage = 'over') = (ended_at IS NOT NULL)),
    CHECK (stage <> 'over' OR waiting_for IS NULL),
    CHECK (stage <> 'arriving' OR waiting_for IS NOT DISTINCT FROM 'a_yes'),
    CHECK ((waiting_for IS NOT DISTINCT FROM 'resume') = (pauses <> '{}')),
    CHECK ((pauses = '{}') = (paused_at IS NULL)),
    CHECK ((pauses = '{}') = (pause_version IS NULL)),
    CHECK (pause_held_at IS NULL OR paused_at IS NOT NULL)
);
CREATE INDEX recording_sessions_live ON recording_sessions (recorder) WHERE stage <> 'over';
SELECT isolate('recording_sessions', 'SELECT, INSERT, UPDATE', 'SELECT');

-- What the recording client calls a party (a blind of it), and the wish that the party's phone stated.
CREATE TABLE recording_parties (
    controller uuid NOT NULL,
    party      uuid NOT NULL,
    call       uuid NOT NULL,
    ref        bytea NOT NULL CHECK (octet_length(ref) = 32),
    preference text NOT NULL CHECK (preference IN ('on', 'off', 'pause', 'nopreference')),
    PRIMARY KEY (controller, party),
    FOREIGN KEY (controller, party) REFERENCES parties (controller, party),
    FOREIGN KEY (controller, call) REFERENCES recording_sessions (controller, call)
);
CREATE INDEX recording_parties_of_call ON recording_parties (controller, call);
SELECT isolate('recording_parties', 'SELECT, INSERT, UPDATE (preference)');

-- `party` NULL: several people speak on it. `why`: the present reason for a closed gate; NULL while it is open, or before the
-- first settling. Labels are somebody else's words, so only their blind is kept.
CREATE TABLE recording_streams (
    controller uuid NOT NULL,
    stream     uuid NOT NULL,
    call       uuid NOT NULL,
    party      uuid,
    label      bytea NOT NULL CHECK (octet_length(label) = 32),
    codecs     jsonb NOT NULL,
    held       boolean NOT NULL,
    gone_at    timestamptz,
    why        text CHECK (why IN ('no_yes', 'preference', 'paused', 'held', 'rules', 'stream_gone', 'over')),
    PRIMARY KEY (controller, stream),
    FOREIGN KEY (controller, call) REFERENCES recording_sessions (controller, call),
    FOREIGN KEY (controller, party) REFERENCES parties (controller, party)
);
CREATE UNIQUE INDEX recording_streams_of_call ON recording_streams (controller, call, label) WHERE gone_at IS NULL;
SELECT isolate('recording_streams', 'SELECT, INSERT, UPDATE (party, codecs, held, gone_at, why)');

-- One stretch of one stream under one fixed set of purposes and yeses. Open, then cut, then finished: its bytes are in the store.
CREATE TABLE recording_takes (
    controller  uuid NOT NULL,
    take        uuid NOT NULL,
    call        uuid NOT NULL,
    stream      uuid NOT NULL,
    party       uuid,
    purposes    uuid[] NOT NULL CHECK (cardinality(purposes) > 0),
    locks       bytea NOT NULL CHECK (octet_length(locks) = 32),
    codecs      jsonb NOT NULL,
    object_key  text NOT NULL CHECK (object_key <> ''),
    opened_at   timestamptz NOT NULL,
    cut_at      timestamptz CHECK (cut_at >= opened_at),
    cut_reason  text CHECK (cut_reason IN ('changed', 'no_yes', 'preference', 'paused', 'held', 'rules', 'stream_gone', 'over',
                                           'lost')),
    packets     bigint CHECK (packets >= 0),
    first_at    timestamptz,
    last_at     timestamptz CHECK (last_at >= first_at),
    finished_at timestamptz,
    PRIMARY KEY (controller, take),
    FOREIGN KEY (controller, take) REFERENCES holdings (controller, holding),
    FOREIGN KEY (controller, stream) REFERENCES recording_streams (controller, stream),
    FOREIGN KEY (controller, call) REFERENCES recording_sessions (controller, call),
    CHECK ((cut_at IS NULL) = (cut_reason IS NULL)),
    CHECK (finished_at IS NULL OR cut_at IS NOT NULL),
    CHECK ((finished_at IS NULL) = (packets IS NULL)),
    CHECK ((first_at IS NULL) = (last_at IS NULL)),
    CHECK (coalesce(packets, 0) > 0 OR first_at IS NULL)
);
CREATE UNIQUE INDEX recording_takes_open ON recording_takes (controller, stream) WHERE cut_at IS NULL;
CREATE INDEX recording_takes_unfinished ON recording_takes (call) WHERE finished_at IS NULL;
CREATE INDEX recording_takes_of_call ON recording_takes (controller, call);
SELECT isolate('recording_takes', 'SELECT, INSERT, UPDATE (cut_at, cut_reason, packets, first_at, last_at, finished_at)', 'SELECT');

-- Append-only: there is no right to change or remove a row. `place` keeps the order of one moment. `reason` is the value of an enum, never words.
CREATE TABLE recording_timeline (
    controller uuid NOT NULL,
    entry      uuid NOT NULL,
    place      bigint GENERATED ALWAYS AS IDENTITY,
    call       uuid NOT NULL,
    at         timestamptz NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('arrived', 'joined', 'left', 'preferred', 'opened', 'cut', 'closed', 'paused',
                                             'pause_held', 'resumed', 'held', 'unheld', 'lost', 'ended')),
    party      uuid,
    purpose    uuid,
    stream     uuid,
    take       uuid,
    actor      uuid NOT NULL,
    role       text NOT NULL,
    reason     text CHECK (reason ~ '^[a-z_]{1,40}$'),
    statement  uuid,
    PRIMARY KEY (controller, entry),
    FOREIGN KEY (controller, call) REFERENCES recording_sessions (controller, call)
);
CREATE INDEX recording_timeline_of_call ON recording_timeline (controller, call, at, place);
SELECT isolate('recording_timeline', 'SELECT, INSERT');

-- A choice was made, or a grant opened or ended, in a call that is being recorded: the recorder must look again. Consent knows
-- nothing of recordings, so the database itself leaves the mark, in the same transaction. Marks only grow while the call
-- lives: a session's version is its own count plus its marks, and no order of commits can hide one.
CREATE TABLE recording_marks (
    controller uuid NOT NULL,
    call       uuid NOT NULL,
    mark       uuid NOT NULL DEFAULT gen_random_uuid(),
    PRIMARY KEY (controller, call, mark),
    FOREIGN KEY (controller, call) REFERENCES recording_sessions (controller, call)
);
SELECT isolate('recording_marks', 'SELECT, INSERT, DELETE', 'SELECT');

CREATE FUNCTION mark_of_choice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO recording_marks (controller, call)
    SELECT s.controller, s.call FROM recording_sessions s
    WHERE s.controller = NEW.controller AND s.call = NEW.call AND s.stage <> 'over';
    RETURN NULL;
END $$;
CREATE TRIGGER recorder_looks_again AFTER INSERT ON choices FOR EACH ROW EXECUTE FUNCTION mark_of_choice();

CREATE FUNCTION mark_of_grant() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO recording_marks (controller, call)
    SELECT s.controller, s.call FROM recording_sessions s
    JOIN parties p ON p.controller = s.controller AND p.call = s.call
    JOIN opened_grants g ON g.controller = p.controller AND g.party = p.party
    WHERE g.controller = NEW.controller AND g.grant_id = NEW.grant_id AND s.stage <> 'over';
    RETURN NULL;
END $$;
CREATE TRIGGER recorder_looks_again AFTER INSERT ON opened_grants FOR EACH ROW EXECUTE FUNCTION mark_of_grant();
