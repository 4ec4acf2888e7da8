"""Texts of a contact centre with labels, for measuring detection: conversations, notes and mails, made by chance from templates
of our own. Nobody in them exists. Four parts. Rules may be made on three: `seen`, which the first rules were written on,
`held_out`, and `fresh`, which somebody wrote who had not read the rules. `unseen` judges: rules are never made on it."""
