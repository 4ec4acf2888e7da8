-- Since when it is known how a system keeps its data: where nobody looked, that no weakness is known says nothing.
ALTER TABLE systems ADD COLUMN safety_looked_at timestamptz;
ALTER TABLE systems NO FORCE ROW LEVEL SECURITY;
ALTER TABLE weaknesses NO FORCE ROW LEVEL SECURITY;
UPDATE systems s SET safety_looked_at = w.last
  FROM (SELECT controller, system, max(last_seen_at) AS last FROM weaknesses GROUP BY controller, system) w
 WHERE w.controller = s.controller AND w.system = s.system;
ALTER TABLE systems FORCE ROW LEVEL SECURITY;
ALTER TABLE weaknesses FORCE ROW LEVEL SECURITY;
