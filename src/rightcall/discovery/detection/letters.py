"""Who writes: what of a letter or a note is the writer's own and what is quoted in it, and which name in it speaks of itself.

Quoted is what stands behind `>`, and all that follows a line that says who wrote it (`On … wrote:`, `Den … skrev …:`). A name
speaks of itself where it says so (`Lars her`, `my name is`), and where the letter ends with it.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.written.lexicon import Role
from rightcall.discovery.detection.written.resources import role_of

_MARKED = re.compile(r"^[ \t]*>.*$", re.M)
_WROTE = re.compile(
    r"^[ \t]*(?:(?:on|den|am|le|op|el|il|d\.|på)\b[^\n]{4,200}(?:\n[^\n]{1,120})?"
    r"\b(?:wrote|skrev|schrieb|a écrit|schreef|escribió|ha scritto)\b[^\n:]{0,120}(?:\n[^\n:]{1,80})?[ ]?:"
    r"|-{2,}[ ]?(?:original message|oprindelig meddelelse|ursprüngliche nachricht|message d['’]origine"
    r"|ursprungligt meddelande|originalmeddelande)[ ]?-{2,})[ \t]*$",
    re.I | re.M,
)
_CLAUSE = r"(?:^|[.!?\n,;:(–-]\s*|\b(?:hi|hello|hey|hej|hejsa|hallo|bonjour|moin|again|igen|morning|afternoon|day|tag|dag)[ ]+)"
_BEFORE_IT = re.compile(_CLAUSE + r"$", re.I)
_IS_HERE = re.compile(
    r"[ ](?:her|here|hier|här|ici|speaking|am apparat|à l['’]appareil|i telefonen)"
    r"(?=\s*(?:[.,!;:)–-]|$|\n)|[ ](?:again|igen|fra|från|from|von|de|and|og|och|und|et)\b)",
    re.I,
)
_SAYS_SO = re.compile(
    r"(?:my name(?: is|['’]s)|mein name ist|ich heiße|je m['’]appelle|mon nom est|mit navn er|jeg hedder|mitt namn är|jag heter)"
    r"[ ]$",
    re.I,
)
_MAY_SAY_SO = re.compile(
    r"(?:this is|i(?:['’]m| am)|it['’]?s|hier (?:ist|spricht)|ich bin|je suis|c['’]est|jeg er|det er|jag är|det (?:här )?är)[ ]$",
    re.I,
)
_ENDS_SO = re.compile(r"(?=\s*(?:[.,!;:)–-]|$|\n)|[ ](?:again|igen|here|her|fra|från|from|von|calling)\b)", re.I)
_SIGNS = re.compile(
    r"(?:\b(?:mvh|m\.v\.h\.|vh|kh|vg|lg|mfg|hilsen|hilsner|hälsningar|regards|wishes|cordialement|gruß|grüße|grüßen|sincerely)"
    r"[ \t,.!-]*|^[ \t]*[-–—/~][ \t]*)$",
    re.I | re.M,
)
_LINE_ENDS = re.compile(r"[ \t.,!]*(?:\r?$|\n)", re.M)
_NAME = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?(?:[ ][^\W\d_]+)?")
_LOOK_BACK, _MOST_BELOW = 40, 4


class Letter:
    """A short text of one writer."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._quotes = _quotes(text)
        self._begins = [start for start, _ in self._quotes]
        self._own = [] if self._is_all_quoted() else [(s, e) for s, e in _lines(text) if not self._within(s)]
        if not self._own:
            self._quotes, self._begins = [], []

    @property
    def is_answer(self) -> bool:
        return bool(self._quotes)

    def is_quoted(self, place: int) -> bool:
        return self._within(place)

    def is_own_name(self, start: int, end: int) -> bool:
        """Whether the name there speaks of itself."""
        return not self._within(start) and (says_own_name(self._text, start, end) or self._signs(start, end))

    def signed(self, found: Sequence[Finding]) -> Iterator[Finding]:
        """The name with which it ends, of what is not found yet."""
        if len(self._own) < 2:
            return
        start, end = self._own[-1]
        match = _NAME.fullmatch(self._text[start:end].rstrip(" \t\r.,!"))
        if match is None or any(each.start < end and start < each.end for each in found):
            return
        words = match[0].split()
        if all(word[0].isupper() for word in words) and role_of(words[0]) & Role.GIVEN:
            yield Finding(
                start=start,
                end=start + len(match[0]),
                type=Kind.PERSON_NAME,
                confidence=0.6,
                why="a known given name; a letter ends with it",
            )

    def _signs(self, start: int, end: int) -> bool:
        """Alone on one of the last lines, or behind a word that takes leave."""
        if _LINE_ENDS.match(self._text, end) is None:
            return False
        line = self._text.rfind("\n", 0, start) + 1
        if _SIGNS.search(self._text, line, start):
            return True
        is_alone = not self._text[line:start].strip()
        below = [at for at, _ in self._own if at > start]
        return is_alone and self._own[0][0] < line and len(below) <= _MOST_BELOW

    def _within(self, place: int) -> bool:
        number = bisect_right(self._begins, place) - 1
        return number >= 0 and place < self._quotes[number][1]

    def _is_all_quoted(self) -> bool:
        return all(self._within(start) for start, _ in _lines(self._text))


def says_own_name(text: str, start: int, end: int) -> bool:
    """Whether the name there is told by whoever it is the name of: `Lars her`, `my name is Lars`."""
    low = max(0, start - _LOOK_BACK)
    before = text[low:start] if low else "\n" + text[:start]
    if _SAYS_SO.search(before):
        return True
    if _MAY_SAY_SO.search(before):
        return _ENDS_SO.match(text, end) is not None
    return _IS_HERE.match(text, end) is not None and _BEFORE_IT.search(before) is not None


def _quotes(text: str) -> list[tuple[int, int]]:
    """In order. What follows `… wrote:` is marked line by line, or all of it is quoted."""
    found = [match.span() for match in _MARKED.finditer(text)]
    for match in _WROTE.finditer(text):
        if any(start <= match.start() < end for start, end in found):
            continue
        if not text[match.end() :].lstrip().startswith(">"):
            return [*(each for each in found if each[1] <= match.start()), (match.start(), len(text))]
        found = sorted([*found, match.span()])
    return found


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Those with something on them, without what is blank before and behind it."""
    for match in re.finditer(r"[^\n]+", text):
        line = match[0]
        if bare := line.strip():
            start = match.start() + line.index(bare[0])
            yield start, start + len(bare)
