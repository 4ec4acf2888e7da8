"""Two subjects that may be one person: proposed from what records tell of them, and decided by a person."""
