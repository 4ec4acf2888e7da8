-- Who lists the objects of a scan, and until when nobody else may: two lists made at once would be half of each.
ALTER TABLE scans
    ADD COLUMN lister        uuid,
    ADD COLUMN listing_until timestamptz,
    ADD CHECK ((lister IS NULL) = (listing_until IS NULL));
