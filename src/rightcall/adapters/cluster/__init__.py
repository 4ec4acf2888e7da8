"""Scanning on many machines at once."""
