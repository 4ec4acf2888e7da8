"""Concerns: what anyone may say about a purpose, a rule, a notice or a call, and be answered, without being known for it."""
