"""The house that a command works in, where it needs more of it than its database: the keys, the rules, what lies outside."""

from collections.abc import Iterator
from contextlib import contextmanager

from rightcall.cli.place import must_be_there, warn_of_misspelt
from rightcall.cli.words import said
from rightcall.settings import Settings
from rightcall.wiring import House, open_house


@contextmanager
def house_of(settings: Settings) -> Iterator[House]:
    """The house that is there already."""
    warn_of_misspelt()
    must_be_there(settings)
    with said("Opening the database and the keys…", open_house(settings, connections=2), "Closing the database…") as house:
        yield house
