"""Texts of a contact centre with labels, for measuring detection: conversations, notes and mails, made by chance from templates
of our own. Nobody in them exists. Two parts: `seen`, which the rules were written on, and `held_out`, which they were not."""
