"""Findings: where something about a person lies in other systems. Kept with its place sealed; the value is never kept."""
