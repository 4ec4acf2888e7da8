"""The six questions that a contact centre should be able to answer at any moment, answered by figures from what runs: why, did
they say yes, what is held, is it safe, is all of it needed, is it right."""
