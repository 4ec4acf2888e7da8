-- Two roles of people more: a reviewer, who is asked for a second opinion, and an administrator, who looks after accounts. An
-- auditor reads all and changes nothing: what auditors signed before stands.
ALTER TABLE tokens DROP CONSTRAINT tokens_role_check;
ALTER TABLE tokens ADD CONSTRAINT tokens_role_check
    CHECK (role IN ('agent', 'supervisor', 'reviewer', 'dpo', 'auditor', 'administrator', 'engineer', 'conserver'));

ALTER TABLE review_signatures DROP CONSTRAINT speaks_for;
ALTER TABLE review_signatures ADD CONSTRAINT speaks_for CHECK (
    CASE capacity
        WHEN 'for_agents'    THEN signer_role = 'agent'
        WHEN 'for_customers' THEN signer_role IN ('dpo', 'reviewer', 'auditor')
        WHEN 'for_the_house' THEN signer_role IN ('supervisor', 'engineer')
        ELSE false
    END);

ALTER TABLE rule_drafts DROP CONSTRAINT rule_drafts_actor_role_check;
ALTER TABLE rule_drafts ADD CONSTRAINT rule_drafts_actor_role_check
    CHECK (actor_role IN ('supervisor', 'reviewer', 'dpo', 'auditor'));
ALTER TABLE rule_signatures DROP CONSTRAINT rule_signatures_actor_role_check;
ALTER TABLE rule_signatures ADD CONSTRAINT rule_signatures_actor_role_check
    CHECK (actor_role IN ('supervisor', 'reviewer', 'dpo', 'auditor'));
