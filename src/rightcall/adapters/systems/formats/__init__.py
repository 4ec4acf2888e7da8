"""What is in a file: one module a format, one table of them (`table`). Content decides what a file is, its name only where
content does not.

A format is a function from bytes that are read forward to parts (`discovery.parts`). It holds no more than `Limits` let it,
writes no file, and whatever is wrong with an object is told by its name and reason (`PassedOver`), never left out in silence.
"""
