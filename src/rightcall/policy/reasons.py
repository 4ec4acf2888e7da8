"""What counts as a reason and as a case: enough for whoever reads the log afterwards to ask about it (GDPR Art. 5(2)).

Whether a reason is true nobody can tell from its words; one letter says nothing, and that can be told.
"""

import re

WANTED_REASON = "says why in at least two words, ten letters in all, for example: coaching of a new agent"
WANTED_CASE = "is a reference with a digit in it, three characters or more, such as complaint-2026-114"
_LEAST_LETTERS = 10
_WORD = re.compile(r"[^\W\d_]{2,}")
_CASE = re.compile(r"(?=.*[0-9])[A-Za-z0-9][A-Za-z0-9 ./:#_-]{2,199}")


def says_why(text: str | None) -> bool:
    """Two different words, ten letters in all."""
    words = {word.casefold() for word in _WORD.findall(text or "")}
    return len(words) > 1 and sum(map(len, words)) >= _LEAST_LETTERS


def names_case(text: str | None) -> bool:
    """A file reference, as registries and ticket systems write them."""
    return _CASE.fullmatch((text or "").strip()) is not None


def is_blank(text: str | None) -> bool:
    return not (text and text.strip())
