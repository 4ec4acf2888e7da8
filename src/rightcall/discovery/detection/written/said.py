"""Postal addresses as they are said: a street with figures and letters in words, and what answers the question for one."""

import re

from rightcall.discovery.detection.spoken.numerals import vocabulary
from rightcall.discovery.detection.written.resources import places, words
from rightcall.discovery.detection.written.turns import TURN

_MOST_TOKENS, _MOST_OF_A_TOWN, _FEWEST_OF_A_CODE = 34, 4, 3
_OTHER_ADDRESS = re.compile(r"\b(?:e-?mail|mail|ip|web|mac|mejl|courriel|router|gateway|server|host)\b", re.IGNORECASE)
_HEADS_A_COLUMN = re.compile(r"[\";\t|]|,(?! )")
_QUESTION = re.compile(rf"[^\n:]{{0,40}}\n{TURN}")
_LEADS_IN = re.compile(
    r"(?:(?:yes|yeah|yep|sure|so|ok|okay|um|uh|er|well|of course|it['’]?s|that['’]?s|that is|it is|i live at|i['’]m at"
    r"|we['’]re at|at|my address is|ja|jo|das ist|die|ist|ich wohne|in der|in|oui|alors"
    r"|c['’]est|j['’]habite|au|det er|jeg bor på|jeg bor i"
    r"|jeg bor|på|i|det är|jag bor på|jag bor i|jag bor|still)[ ,]+){0,4}",
    re.IGNORECASE,
)
_LINE = re.compile(r"[^\n]{0,140}")
_ENDS = re.compile(r"[.?!](?:\s|$)|\n|$")


def is_figure(word: str) -> bool:
    return word.isdigit() or word in places("numbers") or word in vocabulary() or _is_compound(word)


def _is_compound(word: str) -> bool:
    return "-" in word and all(part in vocabulary() or part in places("numbers") for part in word.split("-"))


def _is_of_a_code(word: str) -> bool:
    """A figure, a letter, or a word for one."""
    if is_figure(word) or (len(word) == 1 and word.isalpha()) or word in words("alphabets") or word in words("slips", "doubled"):
        return True
    return len(word) <= _MOST_OF_A_TOWN and any(map(str.isdigit, word))


def asked(text: str, end: int) -> tuple[int, int] | None:
    """What answers a question for an address, whose word for it ends here."""
    match = _QUESTION.match(text, end) if _HEADS_A_COLUMN.match(text, end) is None else None
    if match is None or _OTHER_ADDRESS.search(text, text.rfind("\n", 0, end) + 1, match.end()):
        return None
    start = _LEADS_IN.match(text, match.end())
    first = start.end() if start is not None else match.end()
    line = _LINE.match(text, first)
    if line is None or _MARKED.search(line[0]) or " dot " in line[0]:
        return None
    last = _ENDS.search(text, first, line.end())
    return _if_address(text, first, last.start() if last is not None else line.end())


def _if_address(text: str, start: int, end: int) -> tuple[int, int] | None:
    """It begins with a number or a flat and has a street, or with a street that has a number."""
    tokens = [(match.start(1), match.end(1), match[1].lower()) for match in _WORDS.finditer(text, start, end)]
    if not tokens:
        return None
    figures = [number for number, (_, _, word) in enumerate(tokens) if is_figure(word) or any(map(str.isdigit, word))]
    names = [number for number, (_, _, word) in enumerate(tokens) if len(word) > 2 and not _is_of_a_code(word)]
    if not figures or not names or figures[0] > _MOST_OF_A_TOWN:
        return None
    if all(tokens[number][2] in _OF_MORE_SENSES for number in figures) or any(word in _DOTS for _, _, word in tokens):
        return None
    named = [word for _, _, word in tokens[: max(figures[0], names[0] + 1)] if not _is_of_a_code(word)]
    if any(word in words("not_a_name") and word not in words("parts", "particles") and word not in _SMALL for word in named):
        return None
    if figures[0] == 0 and len(names) < 2 and len(figures) < _FEWEST_OF_A_CODE:
        return None
    return start, min(end, tokens[min(len(tokens), _MOST_TOKENS) - 1][1])


def stands_behind(text: str, end: int) -> tuple[int, int] | None:
    """`Is it the address at flat three one six zero queensway`: in small letters, with a number or a flat first."""
    match = _AT.match(text, end)
    if match is None:
        return None
    line = _LINE.match(text, match.end())
    first = _WORDS.match(text, match.end())
    if line is None or first is None or not (is_figure(first[1]) or first[1] in places("units")):
        return None
    last = _ENDS.search(text, match.end(), line.end())
    return _if_address(text, match.end(), last.start() if last is not None else line.end())


_AT = re.compile(r" (?:at|is|as|ist|est|er|är)(?: at)? (?=[a-z0-9])")


_DOTS = frozenset(("dot", "point", "punkt", "punktum"))
"""`one nine two dot one six eight`: a host's address."""
_MARKED = re.compile(r"[@|*_`\[\](){}<>=\\]|//|^[-#.]")
_OF_MORE_SENSES = frozenset(
    (
        "to",
        "en",
        "et",
        "ett",
        "ein",
        "eine",
        "eins",
        "un",
        "une",
        "one",
        "o",
        "oh",
        "fire",
        "six",
        "dix",
        "mil",
        "null",
        "nul",
        "zero",
        "a",
    )
)
"""Figures in one language, and something else in another."""
_WORDS = re.compile(r"(?<![\w@.])([^\W_]+(?:['’-][^\W_]+)*)(?![\w@])")
_SMALL = frozenset(
    (
        "the",
        "old",
        "new",
        "am",
        "an",
        "im",
        "zum",
        "zur",
        "auf",
        "unter",
        "in",
        "rue",
        "avenue",
        "boulevard",
        "place",
        "flat",
    )
)
