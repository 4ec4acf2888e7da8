"""Copies that backups, logs, replicas and stores make of what we keep, and until when a key opens them."""
