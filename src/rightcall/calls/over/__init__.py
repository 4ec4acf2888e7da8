"""Calls that were over long ago, and the end of their record."""
