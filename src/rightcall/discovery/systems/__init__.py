"""The other systems of a controller: which they are, how we get in, what they can do, whose they are and what they are for."""
