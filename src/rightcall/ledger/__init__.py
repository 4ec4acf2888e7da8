"""The ledger: an append-only Merkle log of what was decided and done, without personal data (design, section 6)."""
