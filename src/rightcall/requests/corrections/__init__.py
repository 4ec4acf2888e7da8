"""The right value beside what is held, and where else it is to be put right."""
