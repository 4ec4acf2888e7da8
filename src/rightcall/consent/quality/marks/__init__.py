"""Marks on a yes: that it was pressed for, as somebody says."""
