"""Cues of special categories: a word that tells of health, origin, politics, belief, union, sex life, biometrics or genes (GDPR
Art. 9), of offences (Art. 10), or of a child. What is found is the word itself.

“No allergies” is data about health as much as “allergies”: a word of negation changes the reason, not the finding. Words that are
also said of machines, products and news count only where the sentence speaks of a person.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rightcall.discovery.detection.context import Columns
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.lexicon import Role, Word, fold
from rightcall.discovery.detection.written.resources import file, roles_of, words

KINDS = (
    Kind.HEALTH,
    Kind.ETHNIC_ORIGIN,
    Kind.POLITICAL_OPINION,
    Kind.RELIGION_OR_BELIEF,
    Kind.TRADE_UNION,
    Kind.SEX_LIFE,
    Kind.BIOMETRIC,
    Kind.GENETIC,
    Kind.CRIMINAL_OFFENCE,
    Kind.MINOR,
)
_FILE = "special.toml"
_SENTENCE = 70
_BEFORE = 30
_ASKED = "asked"
_QUESTION = 160
_ONLY_THAT = re.compile(
    r"(?:[\w .]{1,14}: ?)?(?:(?:yes|yeah|uh|um|er|well|oh|it['’]s|i['’]m|i am|i|so|that would be|put|say|down as|as|a"
    r"|ja|ich bin|oui|je suis|jeg er|jag är)[ ,]+){0,4}",
    re.IGNORECASE,
)
"""What may stand before a bare answer."""
_TURN_ENDS = re.compile(r" ?(?:please|thanks|then|i suppose|i guess|i think)?[.,!]?[ \r]*(?=\n|$|[.,])", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_GRAVE = 0.55
_AGES = ("years", "year", "yrs", "yr", "jahre", "ans", "år", "aged")
_GROWN = 18
_NUMBER_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
)
_OLD = re.compile(
    rf"(?<![\w.,-])(?P<age>[0-9]{{1,2}}|{'|'.join(_NUMBER_WORDS)})[ -]"
    r"(?:(?:years?|yrs?)[ -]old|Jahre alt|år gam(?:mel|melt|mal|malt|la|le))(?!\w)",
    re.IGNORECASE,
)
_HAS_YEARS = re.compile(r"(?:\b(?:a|as|ai|âgée? de)|qui a) (?P<age>[0-9]{1,2}) ans(?! de\b| et demi de)", re.IGNORECASE)
_AGED = re.compile(rf"aged? (?P<age>[0-9]{{1,2}}|{'|'.join(_NUMBER_WORDS)})(?![\w.%-])", re.IGNORECASE)
_YOUNG = re.compile(
    r"\b(?:son|daughter|child|kid|boy|girl|grandson|granddaughter|grandchild|nephew|niece|brother|sister|he|she|he's|she's|i'm|im"
    r"|student|pupil|stepson|stepdaughter|baby|sohn|tochter|kind|enkel|enkelin|er|sie|ich|fils|fille|enfant|il|elle|j'ai|neveu|nièce|søn|datter|barn|barnebarn|han"
    r"|hun|jeg|dotter|hon|jag|twins?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Cue:
    phrase: str
    offset: int
    kind: Kind
    part: str

    @property
    def is_sure(self) -> bool:
        return self.part.startswith("sure")


@cache
def cues() -> Mapping[bytes, tuple[_Cue, ...]]:
    """By the rarest word of each phrase: so few places as may be are looked at."""
    found: dict[bytes, list[_Cue]] = {}
    for kind in KINDS:
        for part, phrases in file(_FILE)[kind].items():
            for phrase in phrases:
                start, word = _rarest(phrase)
                found.setdefault(fold(word), []).append(_Cue(phrase, start, kind, part))
    return {word: tuple(sorted(each, key=lambda cue: -len(cue.phrase))) for word, each in found.items()}


def _rarest(phrase: str) -> tuple[int, str]:
    """The longest, small words last; and where it is."""
    tokens = [(match.start(), re.split("['’]", match[0])[0]) for match in _TOKEN.finditer(phrase)]
    return max(tokens, key=lambda token: (token[1] not in words("not_a_name"), len(token[1])))


def triggers() -> Iterator[bytes]:
    yield from cues()
    yield from map(fold, _AGES)


def told(page: Page, word: Word) -> Finding | None:
    text = page.written
    for cue in cues().get(word.folded, ()):
        start = word.start - cue.offset
        end = start + len(cue.phrase)
        is_there = start >= 0 and _is_same(text[start:end], cue.phrase) and _stands_alone(text, start, end)
        if is_there and (found := _weighed(page, start, end, cue)) is not None:
            return found
    return _age(text, word) if word.folded in map(fold, _AGES) else None


def _is_same(written: str, phrase: str) -> bool:
    lower = written.lower().replace("’", "'")
    return lower == phrase or (" " not in phrase and len(written) == len(phrase) and fold(lower) == fold(phrase))


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or (before and before in "/_@#.-$%=<&\\") or (after and after in "/_@=(\\"):
        return False
    return not (after and after in "-.:" and text[end + 1 : end + 2].isalnum())


def _weighed(page: Page, start: int, end: int, cue: _Cue) -> Finding | None:
    text = page.written
    following = _TOKEN.match(text, end + 1)
    if following is not None and following[0].lower() in _words("something_else"):
        return None
    if _TITLED.search(text, start, end) and following is not None and _is_name(following[0]):
        return None
    if cue.part == _ASKED:
        return _answered(text, start, end, cue)
    before, after = _sentence(text, start, end)
    if cue.phrase in file(_FILE)["topic"].get(cue.kind, ()) and _is_asked(before, after):
        return None
    if page.columns is not None:
        before, after = before.rpartition(page.columns.delimiter)[2], after.partition(page.columns.delimiter)[0]
    if any(each in file(_FILE)["said_of"].get(cue.phrase, ()) for each in (*_lower(before), *_lower(after))):
        return None
    person = next((each for each in (*_lower(before)[::-1], *_lower(after)) if each in _words("person")), None)
    if person is None and not cue.is_sure:
        return None
    why = "a word that tells of it by itself" if cue.is_sure else "a word that tells of it where it is said of a person"
    if person is not None:
        why += f"; “{person}” speaks of a person"
    if any(each in _words("negation") or each.endswith("n't") for each in _lower(before[-_BEFORE:])):
        why += "; a word of negation stands before it, which tells as much"
    confidence = (0.8 if person else _GRAVE) if cue.is_sure else 0.5
    return Finding(start=start, end=end, type=cue.kind, confidence=confidence, why=why)


def _is_name(word: str) -> bool:
    return bool(roles_of(word) & (Role.GIVEN | Role.FAMILY)) or word.lower() not in words("not_a_name")


_SPELLED = ("p t s d", "a d h d", "h i v", "c o p d", "o c d", "i b s", "i v f", "m r s a", "p c o s")


def spelled(page: Page) -> Iterator[Finding]:
    """What is known by its letters, as speech is written down."""
    for form in _SPELLED:
        start = page.written.find(form)
        while start >= 0:
            end = start + len(form)
            if _stands_alone(page.written, start, end) and not _is_among_letters(page.written, start, end):
                why = "the letters of a word that tells of it by itself"
                yield Finding(start=start, end=end, type=Kind.HEALTH, confidence=0.7, why=why)
            start = page.written.find(form, start + 1)


def _is_among_letters(text: str, start: int, end: int) -> bool:
    return _LETTER_BEFORE.search(text, max(0, start - 3), start) is not None or _LETTER_BEHIND.match(text, end) is not None


_LETTER_BEFORE = re.compile(r"(?<!\w)[b-hj-z] $")
_LETTER_BEHIND = re.compile(r" [b-hj-z](?!\w)")
_TITLED = re.compile(r"\bms$", re.IGNORECASE)
"""`With ms`: of an illness, or of whom the next word names."""


def _is_asked(before: str, after: str) -> bool:
    """`What is your religion?`, `and your religion?`, and not `his religion was asked for`."""
    said = _lower(before.rpartition(":")[2])
    if words("bare", "before").issuperset(said) and words("bare", "behind").issuperset(_lower(after)) and ":" not in after:
        return True
    said = _lower(before)
    is_ones_own = bool(said) and said[-1] in _words("person")
    return not is_ones_own and not _words("asker").isdisjoint((*said, *_lower(after)))


def _answered(text: str, start: int, end: int, cue: _Cue) -> Finding | None:
    """An answer of one or two words to the question before it: `and your ethnicity?`, `indian`."""
    line = text.rfind("\n", 0, start) + 1
    if line == 0 or _ONLY_THAT.fullmatch(text[line:start]) is None or _TURN_ENDS.match(text, end) is None:
        return None
    asked = _lower(text[max(0, line - _QUESTION) : line - 1].rpartition("\n")[2])
    topic = next((each for each in file(_FILE)["topic"][cue.kind] if _holds(asked, each.split())), None)
    if topic is None:
        return None
    return Finding(start=start, end=end, type=cue.kind, confidence=0.7, why=f"it answers a question about “{topic}”")


def _holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """What of the same sentence stands before and behind."""
    before = re.split(r"[.!?\n](?:\s|$)|\n", text[max(0, start - _SENTENCE) : start])[-1]
    after = re.split(r"[.!?](?:\s|$)|\n", text[end : end + _SENTENCE])[0]
    return before, after


def _lower(piece: str) -> list[str]:
    return [each.lower().replace("’", "'") for each in _TOKEN.findall(piece)]


@cache
def _words(section: str) -> frozenset[str]:
    return frozenset(word for each in file(_FILE)[section].values() for word in each)


def _age(text: str, word: Word) -> Finding | None:
    """An age below eighteen, of somebody."""
    low = max(0, word.start - 14)
    match = next(
        (
            each
            for form in (_OLD, _HAS_YEARS, _AGED)
            if (each := form.search(text, low, word.end + 14)) is not None and each.start() <= word.start < each.end()
        ),
        None,
    )
    if match is None:
        return None
    written = match["age"].lower()
    age = int(written) if written.isdigit() else _NUMBER_WORDS.index(written)
    before, after = _sentence(text, match.start(), match.end())
    if age >= _GROWN or not (_YOUNG.search(before) or _YOUNG.match(after.lstrip(" ,-"))):
        return None
    return Finding(
        start=match.start("age"),
        end=match.end(),
        type=Kind.MINOR,
        confidence=0.75,
        why="an age below eighteen; a word for a person stands beside it",
    )


def in_columns(page: Page, columns: Columns) -> Iterator[Finding]:
    """Fields under heads such as “diagnosis” or “religion”. A no tells as much; only emptiness does not."""
    for kind in KINDS:
        for start, end, head in columns.cells(page.written, kind):
            value = page.written[start:end].lower()
            if value in ("null", "none", "n/a", "na", "nan", "-", "?") or value.replace("_", " ") == head:
                continue
            yield Finding(start=start, end=end, type=kind, confidence=0.75, why=f"the word “{head}” heads its column")
