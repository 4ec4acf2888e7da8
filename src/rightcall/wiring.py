"""The only place where real things are built."""
