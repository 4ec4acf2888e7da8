"""How much is held of a person."""
