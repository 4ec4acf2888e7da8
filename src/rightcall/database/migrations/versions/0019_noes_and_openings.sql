-- A no is written down while the key service is away too: then without evidence, and without the commitments that need the
-- person's key. A yes never is. `made_at` is when it was said, `written_at` when it was written down and its grant opened or ended.
ALTER TABLE choices
    ALTER COLUMN sealed_evidence DROP NOT NULL,
    ALTER COLUMN evidence_commitment DROP NOT NULL,
    ALTER COLUMN subject_commitment DROP NOT NULL,
    ADD COLUMN written_at timestamptz;
UPDATE choices SET written_at = made_at;
ALTER TABLE choices
    ALTER COLUMN written_at SET NOT NULL,
    ADD CHECK (written_at >= made_at),
    ADD CHECK (num_nonnulls(sealed_evidence, evidence_commitment, subject_commitment) IN (0, 3)),
    ADD CHECK (sealed_evidence IS NOT NULL OR (answer <> 'granted' AND evidence_kind = 'word_of_actor'));

-- `not_written`: somebody said no, and it could not be written down.
ALTER TABLE recording_sessions
    DROP CONSTRAINT recording_sessions_pauses_check,
    ADD CONSTRAINT recording_sessions_pauses_check
        CHECK (pauses <@ ARRAY['card_data', 'vulnerable', 'not_written', 'other']);

-- What opens the commitment to the person in `erasure.destroyed` and in its certificates: the person's own key is gone by then.
ALTER TABLE erasures
    ADD COLUMN salt bytea CHECK (octet_length(salt) = 32),
    ADD CHECK ((salt IS NULL) = (destroyed_at IS NULL)) NOT VALID;
