"""The same text with the many shapes of digits, spaces and dashes made one, character for character, so that offsets stay true.

Web pages put no-break spaces between the groups of a card number, word processors put long dashes, and digits have many scripts.
"""

import unicodedata

_PLUS = {0xFF0B: "+", 0xFE62: "+"}
_MINUS = 0x2212


class _Plain(dict[int, str]):
    """For `str.translate`: works out each character once."""

    def __missing__(self, code: int) -> str:
        self[code] = answer = _plain(chr(code))
        return answer


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category == "Zs":
        return " "
    if category == "Pd" or ord(character) == _MINUS:
        return "-"
    return _PLUS.get(ord(character), character)


_table = _Plain()


def plain(text: str) -> str:
    return text if text.isascii() else text.translate(_table)
