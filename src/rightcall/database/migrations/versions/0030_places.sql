-- Whose law applies, and what somebody in the call says of a party. A place is a country or a state, never more.
ALTER TABLE parties
    ADD COLUMN number_place text CHECK (number_place ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
    ADD COLUMN residence    text CHECK (residence ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$'),
    ADD COLUMN age          text NOT NULL DEFAULT 'unmarked' CHECK (age IN ('adult', 'child', 'unmarked')),
    ADD COLUMN in_distress  boolean NOT NULL DEFAULT FALSE,
    ADD COLUMN asks_for_it  boolean NOT NULL DEFAULT FALSE;
GRANT UPDATE (number_place, residence, age, in_distress, asks_for_it) ON parties TO rightcall_app;

-- Which law demands it, by a short key such as mifid.
ALTER TABLE purposes
    ADD COLUMN legal_duty text
        CHECK (legal_duty IS NULL OR (legal_duty ~ '^[a-z][a-z0-9_-]{0,62}$' AND lawful_basis = 'legal_obligation'));

ALTER TABLE recording_timeline
    DROP CONSTRAINT recording_timeline_kind_check,
    ADD CONSTRAINT recording_timeline_kind_check
        CHECK (kind IN ('arrived', 'joined', 'left', 'preferred', 'marked', 'opened', 'cut', 'closed', 'paused', 'pause_held',
                        'resumed', 'held', 'unheld', 'lost', 'ended'));
