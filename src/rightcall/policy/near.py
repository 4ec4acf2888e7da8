"""What somebody may have meant who wrote a word that there is not."""

from collections.abc import Iterable
from difflib import get_close_matches


def near(word: str, known: Iterable[str]) -> str:
    """` Did you mean …?`, or nothing where no known word is like it."""
    alike = get_close_matches(word, sorted(known), n=1)
    return f" Did you mean {alike[0]}?" if alike else ""
