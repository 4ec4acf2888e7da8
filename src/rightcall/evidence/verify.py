"""Checking a proof with nothing but the file and the ledger's public key."""
