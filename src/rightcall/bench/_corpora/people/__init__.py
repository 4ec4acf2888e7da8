"""A part of the corpora about people in passing: their names in lists, answers and other people's words, how young somebody is,
and words of unions, origin and health; and what only looks like these. It was measured before any rule was made on it."""
