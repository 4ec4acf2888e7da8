"""Whose is it: what was found, linked to the person it is about."""
