"""Danish telephone numbers beside which nothing says what they are. Danes write them in four pairs or in one piece, with no area
and no zero before, so in a Danish text whatever has their form is one, unless something by it says that it is another number."""

import re
from collections.abc import Iterator
from functools import cache

from rightcall.discovery.detection import numbering
from rightcall.discovery.detection.context import known_words, words_of
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page

_PAIRED, _WHOLE = 0.65, 0.45
_HEARD, _ABOUT = 1500, 60
_MOST_LINKS, _LINES_BACK, _FEW, _LONGEST_LIST, _MOST_OF_AN_ANSWER = 4, 3, 3, 9, 6
OF_EIGHT = rb"[2-9][0-9](?:(?:[ .-][0-9]{2}){3}|[0-9]{2} ?[0-9]{4})\b"
_OF_EIGHT = re.compile(
    r"(?<![\w#+@=])(?<![0-9][ .,:-])(?<![0-9][.,-]{2})[2-9][0-9](?:([ .-])[0-9]{2}\1[0-9]{2}\1[0-9]{2}|[0-9]{2}( ?)[0-9]{4})"
    r"(?![\w@]|[.,-][0-9]|[ ][0-9]{1,4}(?:[ .-][0-9]|(?![0-9]|[.:][0-9]{2}| ?[a-zæøå])))"
)
_WORD = re.compile(r"[^\W\d_]+")
_TOKEN = re.compile(r"[^\W_]+")
_DAY = re.compile(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:19|20)[0-9]{2}|(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]")
HOURS = re.compile(r"(?:[01][0-9]|2[0-4])[0-5][05](?:[01][0-9]|2[0-4])[0-5][05]")
_UNIT = re.compile(
    r" ?(?:kr\b|dkk\b|eur\b|øre\b|,-|stk\b|kwh\b|m3\b|kg\b|%|€"
    r"|er (?:mit |vores |et |en |min |dit |din |jeres )?(?P<named>[^\W\d_]+))",
    re.IGNORECASE,
)
_MONEY = re.compile(r"(?:\b(?:kr|dkk|eur)\.? ?|[€$£] ?)$", re.IGNORECASE)
_LIST = re.compile(r"[ ,;&/\n]*(?:(?:og|eller|samt|og så) )?")
_SLIP = re.compile(r"\+?(?:0[14]|7[135])[ <]{0,2}[0-9]{15}[ +>]{0,3}$")
_OF_ANOTHER = ("nummer", "nummeret", "numre", "nr", "kode", "koden", "id", "ref", "kontonr")
_ENDINGS = ("erne", "ene", "rne", "en", "et", "er", "e", "s")
_CLAUSES = re.compile(r"[,;!?/|]|[.] [A-ZÆØÅ]")
_LETTERS = frozenset("æø")


def numbers(page: Page) -> Iterator[Finding]:
    """None in a table, where each column has a head. What is listed behind another number is what that one is."""
    if page.columns is not None or page.regions:
        return
    text, last, was_other = page.plain, None, False
    for match in _OF_EIGHT.finditer(text):
        start, end = match.span()
        digits = re.sub("[^0-9]", "", match[0])
        if not numbering.is_valid(45, digits) or not is_danish(page):
            continue
        is_listed = last is not None and _is_next(text, last, match)
        is_other = was_other if is_listed else _is_other(page, start, end, digits, is_whole=match[1] is None)
        last, was_other = match, is_other
        if not is_other and not page.is_in_moment(start, end):
            why = "eight digits as Danish telephone numbers have, in a Danish text, and nothing calls them something else"
            yield Finding(start=start, end=end, type=Kind.PHONE, confidence=_PAIRED if match[1] else _WHOLE, why=why)


def _is_next(text: str, last: re.Match[str], match: re.Match[str]) -> bool:
    """In the same groups, with nothing but "and" or a mark between."""
    is_near = match.start() - last.end() <= _LONGEST_LIST and last[1] == match[1]
    return is_near and _LIST.fullmatch(text, last.end(), match.start()) is not None


def is_danish(page: Page) -> bool:
    """More of its small words are Danish than of any other language."""
    if page.is_danish is None:
        words = _WORD.findall(page.text[:_HEARD].lower())
        told = sum(word in words_of("danish", "words") or not _LETTERS.isdisjoint(word) for word in words)
        page.is_danish = told > sum(word in words_of("danish", "none") for word in words)
    return page.is_danish


def is_of_a_slip(text: str, start: int) -> bool:
    """The creditor of a Danish payment slip: `+71<…+86415577`."""
    return _SLIP.search(text, max(0, start - _ABOUT), start) is not None


def _is_other(page: Page, start: int, end: int, digits: str, *, is_whole: bool) -> bool:
    """A day, hours, a sum, or what is called something else before it, right behind it or by the question."""
    text = page.plain
    if len(set(digits)) < _FEW or _DAY.fullmatch(digits) or HOURS.fullmatch(digits) or page.is_numbered(start):
        return True
    unit = _UNIT.match(text, end)
    if unit is not None and (unit["named"] is None or _is_thing(unit["named"].lower())):
        return True
    line = text.rfind("\n", max(0, start - _ABOUT), start) + 1
    before = text[max(line, start - _ABOUT) : start]
    if _MONEY.search(before) is not None or is_of_a_slip(text, start):
        return True
    return _is_named_else(before, is_whole=is_whole) or (len(before.split()) <= _MOST_OF_AN_ANSWER and _is_asked_else(text, line))


def _is_named_else(before: str, *, is_whole: bool) -> bool:
    """The last word before it, small ones left out, is one of a thing that has a number."""
    words = _TOKEN.findall(before.lower())
    for place in range(len(words) - 1, max(-1, len(words) - 1 - _MOST_LINKS), -1):
        word = words[place]
        if word in words_of("danish", "links"):
            continue
        is_owned = is_whole and (word in words_of("danish", "owners") or _is_in_its_clause(before))
        return _is_thing(word) or is_owned or _is_known(words, place)
    return False


def _is_in_its_clause(before: str) -> bool:
    """A thing's number is named a few words ago: "serienr på fyret"."""
    words = _TOKEN.findall(_CLAUSES.split(before.lower())[-1])[-_MOST_LINKS:]
    return any(word.endswith(_OF_ANOTHER) and _is_thing(word) for word in words)


def _is_thing(word: str) -> bool:
    things = words_of("danish", "things")
    if word in things or any(word.endswith(each) and word.removesuffix(each) in things for each in _ENDINGS):
        return True
    return word.endswith(_OF_ANOTHER) and word not in _phones() and word not in words_of("danish", "links")


def _is_known(words: list[str], place: int) -> bool:
    """By its meaning, alone or with the word before it: one for another sort of number."""
    phrases = (" ".join(words[max(0, place - 1) : place + 1]), words[place])
    meanings = next((known for each in phrases if (known := known_words().get(each)) is not None), frozenset())
    return bool(meanings) and Kind.PHONE not in meanings


def _is_asked_else(text: str, line: int) -> bool:
    """The lines before ask for another number, or head one."""
    above = text[max(0, line - _ABOUT * _LINES_BACK) : max(0, line - 1)].split("\n")[-_LINES_BACK:]
    for each in reversed(above):
        words = _TOKEN.findall(each.lower())
        if any(word in _phones() and word not in words_of("danish", "links") for word in words):
            return False
        is_question = "?" in each or each.rstrip().endswith(":") or len(words) <= _FEW
        if any(map(_is_thing, words)) and is_question:
            return True
        if "?" in each:
            return False
    return False


@cache
def _phones() -> frozenset[str]:
    """Words that are for telephones alone, and what ends in them."""
    return frozenset(word for word, meanings in known_words().items() if meanings == {Kind.PHONE}) | words_of("danish", "phones")
