"""Calls that are like this: by their line, by who took them, by what was said and kept of them."""
