"""Parsers that take long to load are loaded when a content of theirs is first met, so that every other command starts at once."""

from rightcall.adapters.systems.formats.model import Reader
from rightcall.later import later


def parser(module: str) -> Reader:
    """The function `parts` of the module of that name in this folder."""
    return later(f"{__package__}.{module}:parts")
