"""JSON as some programs write it: with `NaN` and `Infinity`, which are no JSON. They say that there is no number, as `null` does,
and are read as that. What stands in a string stays as it is."""

import re
from collections.abc import Iterator

_HELD = re.compile(r"(?:\\+|-?[A-Za-z]{1,8}|-)$")
"""What the next piece may go on with: a word that is cut, a backslash."""
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_REST_OF_STRING = re.compile(r'(?:[^"\\]|\\.)*"?', re.DOTALL)
_STRING_OR_NONE = re.compile(r'"(?:[^"\\]|\\.)*"?|(?<![\w.-])(?:NaN|-?Infinity)(?![\w.])', re.DOTALL)


def as_nulls(pieces: Iterator[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The same text, in pieces that may be cut elsewhere."""
    waiting, is_inside = "", False
    for amount, piece in pieces:
        text = waiting + piece
        held = _HELD.search(text)
        waiting = "" if held is None or not piece else held[0]
        text = text[: len(text) - len(waiting)]
        yield amount, _replaced(text, is_inside=is_inside) if "NaN" in text or "Infinity" in text else text
        is_inside ^= bool(_ESCAPED.sub("", text).count('"') % 2)
    if waiting:
        yield 0, _replaced(waiting, is_inside=is_inside)


def _replaced(text: str, *, is_inside: bool) -> str:
    """`is_inside`: a string was open before it."""
    rest = _REST_OF_STRING.match(text) if is_inside else None
    begins = 0 if rest is None else rest.end()
    return text[:begins] + _STRING_OR_NONE.sub(lambda found: found[0] if found[0].startswith('"') else "null", text[begins:])
