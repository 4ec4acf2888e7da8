-- The law that demands what a purpose is for: as lawyers cite it, or by the short name that rules go by.
ALTER TABLE purposes
    DROP CONSTRAINT purposes_check,
    ADD CONSTRAINT a_duty_is_some_laws CHECK (legal_duty IS NULL OR (lawful_basis = 'legal_obligation' AND
        (legal_duty ~ '^[a-z][a-z0-9_-]{0,62}$' OR (legal_duty ~ '[0-9]' AND char_length(legal_duty) BETWEEN 3 AND 120))));

-- A duty that the system put under a hold without its law is named by whoever agrees to it.
GRANT UPDATE (law) ON holds TO rightcall_app;
