"""What the record counts: what is kept for each purpose, and how it was used."""
