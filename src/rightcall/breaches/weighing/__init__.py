"""Weighing breaches by the data map, and keeping what came of it."""
