"""Linked findings go on the data map, with the purpose, basis and term that the register of systems says for their place; what is
gone from a system is gone from the map."""
