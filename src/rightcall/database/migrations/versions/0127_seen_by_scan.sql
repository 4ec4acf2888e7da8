-- What a system called gone and a later scan saw: nothing that the system says ends that, only a scan that sees it no more.
ALTER TABLE erasure_places
    ADD COLUMN seen_again boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT erasure_places_seen_check CHECK (NOT seen_again OR state <> 'confirmed');
UPDATE erasure_places p SET seen_again = true
  FROM errands e
 WHERE e.controller = p.controller AND e.erasure = p.erasure AND e.system = p.system AND e.trouble = 'seen_again'
   AND p.state = 'there_still';
