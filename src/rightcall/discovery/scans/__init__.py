"""Scans of other systems: durable, resumed where they were cut off, incremental, and shared by as many workers as there are."""
