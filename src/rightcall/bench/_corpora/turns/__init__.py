"""A part of the corpora that is heavy in numbers told aloud: telephones, accounts and numbers of people in the ways of five
languages, over turns, begun again, mended and read back; and in what callers let fall about health, children, unions and origin.
Its writer had read neither the rules nor what of other parts is missed. Rules may be made on it."""
