"""Texts of a contact centre with labels, for measuring detection: conversations, notes and mails, made by chance from templates
of our own. Nobody in them exists. Three parts: `seen`, which the rules were written on, `held_out`, which they were not, and
`fresh`, which somebody wrote who had not read the rules, and on which no rule is tuned."""
