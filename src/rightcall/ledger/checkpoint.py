"""Checkpoints and signed notes (C2SP)."""
