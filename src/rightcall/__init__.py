"""Rightcall: the privacy and ethics system of a contact centre. No yes, no recording."""
