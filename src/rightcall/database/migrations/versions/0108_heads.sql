-- A field may have a table's head for its name, such as `Full Name` or `Téléphone`: words of any language that heads are known by. Who
-- writes it down has seen to it that it tells of nobody; here is its form.
ALTER TABLE holdings
    DROP CONSTRAINT holdings_field_check,
    ADD CONSTRAINT holdings_field_check CHECK (field ~ '^[^0-9[:cntrl:]][^[:cntrl:]]{0,62}$' AND field !~ '[0-9]{7}');
ALTER TABLE findings
    DROP CONSTRAINT findings_field_check,
    ADD CONSTRAINT findings_field_check CHECK (field ~ '^[^0-9[:cntrl:]][^[:cntrl:]]{0,59}$' AND field !~ '[0-9]{7}');
