"""What another term of a purpose does to what is on the map of other systems."""

from dataclasses import dataclass

from rightcall.ids import SystemId


@dataclass(frozen=True, slots=True, kw_only=True)
class Redated:
    """So many things of so many people in one system would get another last day. `over`: so many of them one that is over, so
    that somebody has to delete them there at once. `is_all`: False where only the first of what lies there was looked at, so that
    there may be more of each."""

    system: SystemId
    items: int
    people: int
    over: int
    is_all: bool
