"""Where a very long word may break in a table: a compound, a file's name, a key. Whole, three of them would push a table out of
the window; were every word free to break anywhere, tables would squeeze short words to pieces for long sentences."""

import re

_TABLE, _END = '<table class="rows"', "</table>"
_LONG = re.compile(r"(?<=[\s>-])[^\s<>-]{25,}+(?![^<]*(?:>|</(?:option|textarea)))")
"""In text, and neither in a tag nor where nothing but text may stand. A hyphen is a place to break already."""
_SIGN = r"(?:&#?\w+;|[^&])"
_PIECE = re.compile(rf"{_SIGN}{{3,11}}?[._/@:](?={_SIGN})|{_SIGN}{{12}}(?={_SIGN}{{3}})")


def breaking(page: str) -> str:
    """With places to break in the long words of its tables; nobody sees them where nothing has to break, and whoever copies the
    words copies none."""
    parts, at = [], 0
    while (begins := page.find(_TABLE, at)) >= 0:
        ends = page.find(_END, begins)
        parts += [page[at:begins], _LONG.sub(_pieces, page[begins:ends])]
        at = ends
    return "".join([*parts, page[at:]])


def _pieces(found: re.Match[str]) -> str:
    return _PIECE.sub(r"\g<0><wbr>", found[0])
