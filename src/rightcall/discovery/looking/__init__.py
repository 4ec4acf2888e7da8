"""Looking through one part of a source."""
