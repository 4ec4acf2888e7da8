"""Requests by e-mail: taken as they came, read by a person, and entered as what the person says that they are."""
