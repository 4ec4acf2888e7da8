"""What was found, in the words of the data map: a reader who goes from a system to the map and back meets one word for one
thing."""

from collections import Counter
from collections.abc import Mapping

from rightcall.discovery.categories import CATEGORIES, category_of
from rightcall.discovery.detection.model import Kind
from rightcall.holdings import saying
from rightcall.holdings.categories import category_named

_SORTS_OF = Counter(CATEGORIES.values())
_SAYS_MORE = frozenset({Kind.BANK_CODE, Kind.MINOR})
"""Sorts whose category alone would not tell what was found."""

SYSTEMS: Mapping[str, str] = {
    "postgresql": "PostgreSQL",
    "mariadb": "MariaDB or MySQL",
    "sqlite": "SQLite",
    "folder": "folder",
    "s3": "bucket",
    "vcons": "vCons",
    "conserver": "vCon conserver",
    "own": "our own protocol",
    "http": "web address",
}
"""Kinds of systems, by the scheme of where one is."""


def sort(type: str) -> str:
    """`phone` as "telephone number"; with the sort too where a word of the map is of several: "national number (dk cpr)"."""
    category = category_of(type)
    words = saying.category(category_named(category))
    is_told = type in set(Kind) and _SORTS_OF[category] == 1 and type not in _SAYS_MORE
    return words if is_told else f"{words} ({type.replace('_', ' ')})"
