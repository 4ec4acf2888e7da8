-- What calls are looked for by, so that a list of those that are like this is a walk along an index, however many there are: by
-- the way in, by who took it, by what was answered in it, by whether sound of it was kept, whether it goes on, and whether
-- somebody says that something is wrong with it. Each is told by the rooms' own tables; this keeps it in order of time.
CREATE TABLE call_traits (
    controller uuid        NOT NULL,
    trait      text        NOT NULL CHECK (trait ~ '^(on|concern|sound:(some|none)|said:[a-z]+|(line|agent):[0-9a-f-]{36})$'),
    started_at timestamptz NOT NULL,
    call       uuid        NOT NULL,
    PRIMARY KEY (controller, trait, started_at, call),
    FOREIGN KEY (controller, call) REFERENCES calls (controller, call)
);
SELECT isolate('call_traits', 'SELECT, INSERT, DELETE');

CREATE FUNCTION trait_of_call(of_controller uuid, of_call uuid, what text) RETURNS void LANGUAGE sql
    SET search_path = public, pg_temp AS $$
    INSERT INTO call_traits (controller, trait, started_at, call)
    SELECT c.controller, what, c.started_at, c.call FROM calls c WHERE c.controller = of_controller AND c.call = of_call
    ON CONFLICT DO NOTHING;
$$;
CREATE FUNCTION no_trait_of_call(of_controller uuid, of_call uuid, what text) RETURNS void LANGUAGE sql
    SET search_path = public, pg_temp AS $$
    DELETE FROM call_traits t USING calls c
     WHERE c.controller = of_controller AND c.call = of_call
       AND t.controller = c.controller AND t.trait = what AND t.started_at = c.started_at AND t.call = c.call;
$$;

CREATE FUNCTION traits_of_new_call() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO call_traits (controller, trait, started_at, call)
    SELECT NEW.controller, what, NEW.started_at, NEW.call
      FROM unnest(ARRAY['sound:none', 'line:' || NEW.trunk, CASE WHEN NEW.ended_at IS NULL THEN 'on' END]) AS what
     WHERE what IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER found_by AFTER INSERT ON calls FOR EACH ROW EXECUTE FUNCTION traits_of_new_call();

CREATE FUNCTION traits_of_ended_call() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM no_trait_of_call(NEW.controller, NEW.call, 'on');
    RETURN NULL;
END $$;
CREATE TRIGGER not_on AFTER UPDATE OF ended_at ON calls FOR EACH ROW WHEN (NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION traits_of_ended_call();

CREATE FUNCTION traits_of_party() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NOT EXISTS (SELECT FROM parties p WHERE p.controller = OLD.controller AND p.call = OLD.call
                                                                 AND p.subject = OLD.subject AND p.role = 'agent') THEN
        PERFORM no_trait_of_call(OLD.controller, OLD.call, 'agent:' || OLD.subject);
    END IF;
    PERFORM trait_of_call(NEW.controller, NEW.call, 'agent:' || NEW.subject);
    RETURN NULL;
END $$;
CREATE TRIGGER found_by AFTER INSERT OR UPDATE OF subject ON parties FOR EACH ROW WHEN (NEW.role = 'agent')
    EXECUTE FUNCTION traits_of_party();

CREATE FUNCTION traits_of_choice() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM trait_of_call(NEW.controller, NEW.call, 'said:' || NEW.answer);
    RETURN NULL;
END $$;
CREATE TRIGGER found_by AFTER INSERT ON choices FOR EACH ROW EXECUTE FUNCTION traits_of_choice();

CREATE FUNCTION traits_of_take() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM trait_of_call(NEW.controller, NEW.call, 'sound:some');
    PERFORM no_trait_of_call(NEW.controller, NEW.call, 'sound:none');
    RETURN NULL;
END $$;
CREATE TRIGGER found_by AFTER INSERT ON recording_takes FOR EACH ROW EXECUTE FUNCTION traits_of_take();

CREATE FUNCTION traits_of_concern() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.stage <> 'closed' THEN
        PERFORM trait_of_call(NEW.controller, NEW.call, 'concern');
    ELSIF NOT EXISTS (SELECT FROM concerns o
                       WHERE o.controller = NEW.controller AND o.call = NEW.call AND o.stage <> 'closed') THEN
        PERFORM no_trait_of_call(NEW.controller, NEW.call, 'concern');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER found_by AFTER INSERT OR UPDATE OF stage ON concerns FOR EACH ROW WHEN (NEW.call IS NOT NULL)
    EXECUTE FUNCTION traits_of_concern();

INSERT INTO call_traits (controller, trait, started_at, call)
SELECT controller, what, started_at, call
  FROM calls, unnest(ARRAY['line:' || trunk, CASE WHEN ended_at IS NULL THEN 'on' END]) AS what
 WHERE what IS NOT NULL;
INSERT INTO call_traits (controller, trait, started_at, call)
SELECT c.controller, CASE WHEN EXISTS (SELECT FROM recording_takes t WHERE t.controller = c.controller AND t.call = c.call)
                          THEN 'sound:some' ELSE 'sound:none' END, c.started_at, c.call
  FROM calls c;
INSERT INTO call_traits (controller, trait, started_at, call)
SELECT DISTINCT controller, trait, started_at, call
  FROM (SELECT controller, call, 'agent:' || subject AS trait FROM parties WHERE role = 'agent'
        UNION ALL SELECT controller, call, 'said:' || answer FROM choices
        UNION ALL SELECT controller, call, 'concern' FROM concerns WHERE call IS NOT NULL AND stage <> 'closed') AS found
  JOIN calls USING (controller, call);
