"""Names in the order and the places that lists, forms and records have them in."""

import re

from rightcall.discovery.detection.context import Columns, columns_of
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.written.lexicon import Role, Word
from rightcall.discovery.detection.written.read import Name, lead_to_family
from rightcall.discovery.detection.written.resources import roles_of, words

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_LEAD = 28
_FAMILY_BEFORE = re.compile(rf"(?:^|(?<=[\s(\"';|,:]))((?:(?:van|von|der|den|de|la|da|di|du|des|le|del|dos|al|el) )*)({_WORD}) $")
_LIST_BEFORE = re.compile(rf"({_WORD}), $")
_KEY = re.compile(r"[\"']([a-z]+)(?:_?(?:[nN]ame|by|to))?[\"'] ?: ?[\"']$", re.IGNORECASE)


def family_first(text: str, name: Name) -> Name | None:
    """`Bonnefoy Ghislaine`, `van der berg deborah`: as lists and forms have it."""
    if name.size > 1 or not name.known:
        return None
    at = text.rfind(" ", max(0, name.start - _LEAD), name.start - 1) + 1
    roles = roles_of(text[at : name.start - 1].rpartition("\n")[2])
    if not roles & Role.FAMILY or text[name.start - 1] != " ":
        return None
    before = _FAMILY_BEFORE.search(text, max(0, name.start - _LEAD - _LEAD), name.start)
    if before is None or before[2].islower() == name.is_capital or before[2].lower() in words("not_a_name"):
        return None
    if roles & (Role.GIVEN | Role.TITLE) or (roles & Role.GIVEN_WORD and not before[1]):
        return None
    if before[1] and not before[2][0].isupper() and not lead_to_family(before[1].lower().split(), before[2]):
        return None
    return Name(before.start(1) if before[1] else before.start(2), name.end, known=2, has_family=True)


def is_lone_capital(text: str, name: Name) -> bool:
    """On a line of its own, or between the delimiters of a table, where products and places stand too."""
    before, after = text[name.start - 1 : name.start], text[name.end : name.end + 1]
    if after == "'" and before != "'":
        return False
    if before == "," and after == ",":
        return True
    return before in ("", "\n", "\t", ";", ",", '"', "'", "|") and after in ("", "\n", "\r", "\t", ";", '"', "'", "|")


def is_keyed(text: str, name: Name) -> bool:
    """`"agent": "Rhys"`."""
    match = _KEY.search(text, max(0, name.start - _LEAD), name.start)
    return match is not None and match[1].lower() in words("keys")


def listed(text: str, word: Word) -> Name | None:
    match = _LIST_BEFORE.search(text, max(0, word.start - _LEAD), word.start)
    if match is None or not match[1][0].isupper() or not text[word.start].isupper() or match[1].lower() in words("not_a_name"):
        return None
    roles = roles_of(match[1])
    is_field = text[match.start(1) - 1 : match.start(1)] == '"' == text[word.end : word.end + 1]
    if not roles & Role.FAMILY or (roles & (Role.GIVEN_WORD | Role.GIVEN) and not is_field):
        return None
    return Name(match.start(1), word.end, known=2, has_family=True)


_TABLE = re.compile(r"[\w\"' .-]{1,40}(?P<mark>[;,\t|])[^\n]{2,400}\n[^\n]+(?P=mark)")


def heads_in(text: str) -> Columns | None:
    """A text whose first line heads names and another thing, with as many marks between as the line behind it."""
    if _TABLE.match(text) is None:
        return None
    head, _, rest = text.partition("\n")
    columns = columns_of(head)
    if columns is None or not columns.has(Kind.PERSON_NAME) or sum(label is not None for label in columns.labels) < _FEWEST_HEADS:
        return None
    row = re.sub(r'"[^"]*"', "", rest.partition("\n")[0])
    return columns if row.count(columns.delimiter) == head.count(columns.delimiter) >= _FEWEST_HEADS else None


_FEWEST_HEADS = 2
