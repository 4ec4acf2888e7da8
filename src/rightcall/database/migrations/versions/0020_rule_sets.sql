-- The texts behind the digests in `verdicts.rule_set`, so that a verdict can be given again by the rules that gave it. Rules are the
-- deployment's own and hold nobody's data, so they belong to no controller. Never changed, never removed.
-- `words` are the facts and words that questions had when these rules were in force: what was not yet a fact then cannot be known of
-- a verdict of that time. The same rules under other words are another row.
CREATE TABLE rule_sets (
    rule_set   bytea       NOT NULL CHECK (octet_length(rule_set) = 32),
    vocabulary bytea       NOT NULL CHECK (octet_length(vocabulary) = 32),
    words      text[]      NOT NULL CHECK (cardinality(words) > 0),
    rules      jsonb       NOT NULL CHECK (jsonb_typeof(rules) = 'array'),
    kept_at    timestamptz NOT NULL,
    PRIMARY KEY (rule_set, vocabulary)
);
GRANT SELECT ON rule_sets TO rightcall_app;
GRANT SELECT, INSERT ON rule_sets TO rightcall_system;
