"""A part of the corpora about values that stand in a text with little said of them: eight Danish figures under a name, a number
in three breaths, a sort code in pairs, a plate in an insurer's form, a Finnish code said in Swedish; and what lies beside them
and is none, with words of illness, unions, children and origin that are said of things. Its texts were written, and measured,
before any rule was made on them."""
