"""Durable work: procedures of named steps that survive the death of any process, on the same database as everything else."""
