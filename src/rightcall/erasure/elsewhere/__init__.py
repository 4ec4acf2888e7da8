"""Letting go in other systems: planned while the person's key is still there, tried until each confirms, and read back by us."""
