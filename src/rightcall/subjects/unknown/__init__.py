"""People of whom nothing tells any more, and what they were known by."""
