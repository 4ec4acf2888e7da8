-- Every use is a use for a purpose, with what of it was read: fields by their plain names in a schema, and stretches of sound.
-- A use may be of what is not on the map, such as the names that a person is known by: then `holding` is NULL. `system`, `object`:
-- where it was read, NULL for Rightcall itself. `age_days`: how old the data was then, NULL where nobody knows.
-- `refused`: somebody asked and the verdict was no; its statement is the verdict's own, and nothing was read.
-- `ground`: what it was for beside the purpose; what answers the person's own request or is read under a hold says nothing about
-- how long a purpose needs its data.
ALTER TABLE holding_uses
    ALTER COLUMN holding DROP NOT NULL,
    ADD COLUMN ground   text          NOT NULL DEFAULT 'purpose'
        CHECK (ground IN ('purpose', 'case', 'own_request', 'hold')),
    ADD COLUMN fields   text[]        NOT NULL DEFAULT '{}'
        CHECK (cardinality(fields) <= 100 AND array_to_string(fields, ' ', '?') ~ '^([A-Za-z_][A-Za-z0-9_.]{0,62}( |$))*$'
               AND array_to_string(fields, ' ') !~ '[0-9]{7}'),
    ADD COLUMN spans    int4multirange NOT NULL DEFAULT '{}',
    ADD COLUMN system   uuid,
    ADD COLUMN object   uuid,
    ADD COLUMN age_days integer       CHECK (age_days >= 0),
    ADD COLUMN refused  boolean       NOT NULL DEFAULT false,
    ADD CONSTRAINT refused_by_a_verdict CHECK (NOT refused OR verdict IS NOT NULL),
    ADD CONSTRAINT an_object_of_a_system CHECK (object IS NULL OR system IS NOT NULL),
    DROP CONSTRAINT holding_uses_act_check,
    ADD CONSTRAINT holding_uses_act_check
        CHECK (act IN ('read', 'capture', 'play', 'export', 'play_held', 'transcribe', 'analyse', 'train_model', 'share',
                       'erase'));
ALTER TABLE holding_uses ALTER COLUMN ground DROP DEFAULT, ALTER COLUMN refused DROP DEFAULT;

ALTER TABLE holdings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE verdicts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_uses NO FORCE ROW LEVEL SECURITY;
UPDATE holding_uses u
   SET subject = h.subject,
       age_days = greatest(0, extract(epoch FROM u.used_at - h.made_at)::bigint / 86400)
  FROM holdings h
 WHERE h.controller = u.controller AND h.holding = u.holding;
UPDATE holding_uses SET ground = 'hold' WHERE act = 'play_held';
UPDATE holding_uses u
   SET ground = CASE WHEN v.facts->'for_speaker' = 'true'::jsonb THEN 'own_request' ELSE 'case' END
  FROM verdicts v
 WHERE v.controller = u.controller AND v.verdict = u.verdict AND u.act <> 'play_held'
   AND (v.facts->'for_speaker' = 'true'::jsonb OR v.facts->'case_given' = 'true'::jsonb);
ALTER TABLE holdings FORCE ROW LEVEL SECURITY;
ALTER TABLE verdicts FORCE ROW LEVEL SECURITY;
ALTER TABLE holding_uses FORCE ROW LEVEL SECURITY;

-- Whose it was, as with the holding itself, may turn out to be another person: its uses go along, so that all uses of a
-- person stay one walk along one index. Nothing else of a line ever changes.
GRANT UPDATE (subject) ON holding_uses TO rightcall_app;
CREATE FUNCTION uses_go_along() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE holding_uses u SET subject = NEW.subject
     WHERE u.controller = NEW.controller AND u.holding = NEW.holding AND u.subject <> NEW.subject;
    RETURN NULL;
END $$;
CREATE TRIGGER uses_go_along AFTER UPDATE OF subject ON holdings
    FOR EACH ROW WHEN (NEW.subject <> OLD.subject) EXECUTE FUNCTION uses_go_along();
-- And nobody moves a use anywhere else.
CREATE FUNCTION use_is_of_its_holding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM holdings h WHERE h.controller = NEW.controller AND h.holding = NEW.holding
                   AND h.subject = NEW.subject) THEN
        RAISE insufficient_privilege USING MESSAGE = 'a use goes where its holding goes';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER use_is_of_its_holding BEFORE UPDATE OF subject ON holding_uses
    FOR EACH ROW EXECUTE FUNCTION use_is_of_its_holding();
