"""Texts of a contact centre with labels, for measuring detection: conversations, notes and mails, made by chance from templates
of our own. Nobody in them exists. Rules may be made on `seen`, which the first rules were written on, `held_out`, `fresh`,
`shown`, `lines`, which is heavy in telephone numbers and accounts, `lives`, which is heavy in what people tell of themselves,
`turns`, which is heavy in numbers told aloud, `ways` and `hours`, which are heavy in the ways of telling them, and `ringing`
and `asides`, which are heavy in what is told with little said of it. `unseen` judges: rules are never made on it."""
