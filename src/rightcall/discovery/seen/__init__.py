"""How much of each system is known: what an answer about people has to say beside it."""
