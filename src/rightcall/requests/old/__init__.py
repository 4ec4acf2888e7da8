"""Requests that were answered long ago, and the end of their record."""
