"""A part of the corpora that is heavy in telephone numbers and accounts, in most of the ways in which they are written and said
in the lands that call each other. Its writer had read neither the rules nor the texts of the other parts. Rules may be made on
it."""
