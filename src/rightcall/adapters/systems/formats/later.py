"""Parsers that take long to load are loaded when a content of theirs is first met, so that every other command starts at once."""

from importlib import import_module

from rightcall.adapters.systems.formats.model import Reader, Told, Within
from rightcall.adapters.systems.formats.stream import Stream


def later(module: str) -> Reader:
    """The function `parts` of the module of that name in this folder."""

    def parts(name: str, stream: Stream, within: Within) -> Told:
        reader: Reader = import_module(f"{__package__}.{module}").parts
        return reader(name, stream, within)

    return parts
