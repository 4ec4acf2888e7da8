"""The same text with the many shapes of digits, spaces and dashes made one, character for character, so that offsets stay true.

Web pages put no-break spaces between the groups of a card number, word processors put long dashes, and digits have many scripts.
JSON and source code write line ends and letters as escapes, whose letters and digits are none of the text's; query strings write
+ as %2B.
"""

import re
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
_OTHERS = re.compile(r"[^\x00-\x7f\xc0-\u024f]+")
"""The rest is the same in its plain form: letters of Latin script."""
_ESCAPE = re.compile(r"\\(?:[nrtbf]|u([0-9a-fA-F]{4}))")
_PLUS_IN_QUERY = re.compile("%2[Bb]")


def unescaped(text: str) -> str:
    """Escapes as what they stand for. Its offsets are its own."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", text) if "\\" in text else text


def without_escapes(text: str) -> str:
    """A letter's escape as so many letters, any other as so many spaces, %2B as spaces and a +: offsets stay true."""
    if "\\" in text:
        text = _ESCAPE.sub(_stand_in, text)
    return _PLUS_IN_QUERY.sub("  +", text) if "%2" in text else text


def _stand_in(match: re.Match[str]) -> str:
    is_letter = match[1] is not None and chr(int(match[1], 16)).isalpha()
    return ("x" if is_letter else " ") * len(match[0])


def plain(text: str) -> str:
    return text if text.isascii() else _OTHERS.sub(lambda match: match[0].translate(_table), text)
