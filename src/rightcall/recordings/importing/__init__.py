"""vCons that somebody else made."""
