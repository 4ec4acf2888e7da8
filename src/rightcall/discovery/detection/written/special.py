"""Cues of special categories: a word that tells of health, origin, politics, belief, union, sex life, biometrics or genes (GDPR
Art. 9), of offences (Art. 10), or of a child. What is found is the word itself.

“No allergies” is data about health as much as “allergies”: a word of negation changes the reason, not the finding. Words that are
also said of machines, products and news count only where the sentence speaks of a person.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from rightcall.discovery.detection.context import Columns
from rightcall.discovery.detection.model import SPECIAL, Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.ages import TRIGGERS, age
from rightcall.discovery.detection.written.belonging import belongs, is_one, widened
from rightcall.discovery.detection.written.cues import ASKED, BODIES, PEOPLE, Cue, cues, listed, topics
from rightcall.discovery.detection.written.lexicon import Role, Word, fold
from rightcall.discovery.detection.written.resources import roles_of, words
from rightcall.discovery.detection.written.turns import TURN

_SENTENCE = 70
_BEFORE = 30
_QUESTION = 160
_ONLY_THAT = re.compile(
    rf"{TURN}(?:(?:yes|yeah|uh|um|er|well|oh|it['’]s|i['’]m|i am|i['’]d|i|so|that would be|put|say|down as|as|a"
    r"|ja|ich bin|oui|je suis|jeg er|jag är)[ ,]+){0,4}",
    re.IGNORECASE,
)
"""What may stand before a bare answer."""
_TURN_ENDS = re.compile(r" ?(?:please|thanks|then|i suppose|i guess|i think)?[.,!]?[ \r]*(?=\n|$|[.,])", re.IGNORECASE)
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_GRAVE = 0.55
_OF_BODIES = (Kind.TRADE_UNION, Kind.POLITICAL_OPINION)
_UNION = " union"
_NAMED_UNION = re.compile(r" (?:[A-ZÀ-Þ]|[0-9][A-Z])[\w&-]*(?:\.\w+)*(?: [A-ZÀ-Þ][\w-]+)?")
"""Which one: `member of the union HK Privat`."""


def triggers() -> Iterator[bytes]:
    yield from cues()
    yield from TRIGGERS


def told(page: Page, word: Word) -> Finding | None:
    text = page.written
    for cue in cues().get(word.folded, ()):
        start = word.start - cue.offset
        end = start + len(cue.phrase)
        is_there = start >= 0 and _is_same(text[start:end], cue.phrase) and _stands_alone(text, start, end, cue.kind)
        if is_there and (found := _weighed(page, start, end, cue)) is not None:
            first, last = widened(text, found.start, found.end, is_body=cue.kind in _OF_BODIES)
            if cue.phrase.endswith(_UNION) and (named := _NAMED_UNION.match(text, last)) is not None:
                last = named.end()
            return found if (first, last) == (found.start, found.end) else replace(found, start=first, end=last)
    return age(text, word) if word.folded in TRIGGERS else None


def _is_same(written: str, phrase: str) -> bool:
    lower = written.lower().replace("’", "'")
    if lower == phrase:
        return True
    if " " in phrase or len(written) != len(phrase) or fold(lower) != fold(phrase) or phrase in listed("accented"):
        return False
    return all(given == asked or (given.isascii() and not asked.isascii()) for given, asked in zip(lower, phrase, strict=True))


def _stands_alone(text: str, start: int, end: int, kind: Kind | None = None) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    if before.isalnum() or after.isalnum() or (before and before in "/_@#.-$%=<&\\") or (after and after in "/_@=(\\"):
        return False
    return not (after and after in "-.:" and text[end + 1 : end + 2].isalnum()) or _is_joined(text, end, kind)


def _is_joined(text: str, end: int, kind: Kind | None) -> bool:
    """`SPD-Mitglied`, `Brustkrebs-OP`."""
    behind = _TOKEN.match(text, end + 1) if text.startswith("-", end) else None
    if behind is None:
        return False
    joins = behind[0].lower()
    return joins in listed("belonging", "behind") or (kind is Kind.HEALTH and joins in listed("illness", "joined"))


def _weighed(page: Page, start: int, end: int, cue: Cue) -> Finding | None:
    text = page.written
    if _is_something_else(text, start, end):
        return None
    if page.columns is None and _heads_a_field(text, start, cue) and (stated := _stated(text, end, cue)) is not None:
        return stated
    if cue.part == ASKED:
        return _answered(text, start, end, cue)
    if cue.is_sure and page.columns is None and (stated := _stated(text, end, cue)) is not None:
        return stated
    before, after = _sentence(text, start, end)
    if cue.phrase in topics(cue.kind) and _is_asked(before, after):
        return _told_behind(text, end, cue) if page.columns is None else None
    if page.columns is not None:
        before, after = before.rpartition(page.columns.delimiter)[2], after.partition(page.columns.delimiter)[0]
    if cue.sort in (PEOPLE, BODIES):
        return _of_somebody(text, start, end, cue, before, after) or _answered(text, start, end, cue)
    return _in_its_sentence(text, start, end, cue, before, after)


def _in_its_sentence(text: str, start: int, end: int, cue: Cue, before: str, after: str) -> Finding | None:
    earlier, later = _lower(before), _lower(after)
    if _is_of_no_person(text, start, cue, earlier, later) or (cue.phrase in listed("vague") and _tells(before, cue.kind)):
        return None
    persons = listed("young" if cue.kind is Kind.MINOR else "person")
    person = next((each for each in (*earlier[::-1], *later) if each in persons), None)
    if person is None and not cue.is_sure and not _is_beside_a_name(cue, before, after):
        said = _of_somebody(text, start, end, cue, before, after) if cue.kind is not Kind.TRADE_UNION else None
        return said or _answered(text, start, end, cue)
    if person is None and cue.kind is Kind.HEALTH and not listed("things").isdisjoint((*earlier, *later)):
        return _answered(text, start, end, cue)
    return _of_whom(start, end, cue, before, person)


def _is_of_no_person(text: str, start: int, cue: Cue, earlier: list[str], later: list[str]) -> bool:
    """It is said of what the sentence names, of an animal, or in a turn of speech."""
    said_of = listed("said_of", cue.phrase) | listed("said_of", fold(cue.phrase).decode("latin-1"))
    if not said_of.isdisjoint((*earlier, *later)):
        return True
    return cue.kind is Kind.HEALTH and (_is_of_an_animal(earlier) or _IDIOM.match(text, start) is not None)


def _is_of_an_animal(earlier: list[str]) -> bool:
    """The last of whom is spoken before it: `my dog's got`, and not `the dog bit my son, who has`, nor `has a guide dog`."""
    plain = [word.removesuffix("'s") for word in earlier]
    known = listed("animals") | listed("person")
    said = [word for before, word in pairwise(("", *plain)) if word in known and not _is_helping(before, word)]
    is_called = len(said) > 1 and said[-1] in ("he", "she")
    return bool(said) and said[-2 if is_called else -1] in listed("animals")


def _is_helping(before: str, word: str) -> bool:
    return word.rstrip("s") == "dog" and before.rpartition("-")[2] in listed("helping")


_IDIOM = re.compile(
    r"(?:sick (?:of|as|to death)|(?:had |having )?(?:a |an )?(?:\w+ )?stroke of|blind (?:date|fitted|fitting|cord|spot)|deaf ears"
    r"|allergic to (?:hold|queu|paying|work|mondays|adverts|your|these|waiting))",
    re.IGNORECASE,
)
"""What is said of no illness."""


def _is_beside_a_name(cue: Cue, before: str, after: str) -> bool:
    """Of the same sentence, as notes have it."""
    near = (*_TOKEN.findall(before), *_TOKEN.findall(after)) if cue.kind is not Kind.MINOR else ()
    return any(each[0].isupper() and roles_of(each) & Role.GIVEN for each in near)


def _of_somebody(text: str, start: int, end: int, cue: Cue, before: str, after: str) -> Finding | None:
    """What somebody is said to be, or to belong to."""
    if cue.sort == BODIES:
        is_said, why = belongs(cue.phrase, before, after), "somebody is said to belong to it"
    else:
        is_colour = cue.phrase in listed("colour") and text[start].islower()
        is_said, why = is_one(before, after, is_colour=is_colour), "somebody is said to be it"
    return Finding(start=start, end=end, type=cue.kind, confidence=0.65, why=why) if is_said else None


def _of_whom(start: int, end: int, cue: Cue, before: str, person: str | None) -> Finding:
    why = "a word that tells of it by itself" if cue.is_sure else "a word that tells of it where it is said of a person"
    if person is not None:
        why += f"; “{person}” speaks of a person"
    if any(each in listed("negation") or each.endswith("n't") for each in _lower(before[-_BEFORE:])):
        why += "; a word of negation stands before it, which tells as much"
    confidence = (0.8 if person else _GRAVE) if cue.is_sure else 0.5
    return Finding(start=start, end=end, type=cue.kind, confidence=confidence, why=why)


def _is_something_else(text: str, start: int, end: int) -> bool:
    """Cancer research; or `with Ms Okonkwo`."""
    following = _TOKEN.match(text, end + 1)
    if following is None:
        return False
    is_other = following[0].lower() in listed("something_else")
    return is_other or (_TITLED.search(text, start, end) is not None and _is_name(following[0]))


def _is_name(word: str) -> bool:
    return bool(roles_of(word) & (Role.GIVEN | Role.FAMILY)) or word.lower() not in words("not_a_name")


_OF_UNIONS = ("n e u", "r m t", "g m b", "c w u", "u c u", "f b u", "r c n", "n a s u w t", "u s d a w")
SPELLED = (
    *_OF_UNIONS,
    "p t s d",
    "a d h d",
    "h i v",
    "c o p d",
    "o c d",
    "i b s",
    "i v f",
    "m r s a",
    "p c o s",
)


def spelled(page: Page) -> Iterator[Finding]:
    """What is known by its letters, as speech is written down."""
    for form in SPELLED:
        start = page.written.find(form)
        while start >= 0:
            end = start + len(form)
            if _stands_alone(page.written, start, end) and not _is_among_letters(page.written, start, end):
                why = "the letters of a word that tells of it by itself"
                kind = Kind.TRADE_UNION if form in _OF_UNIONS else Kind.HEALTH
                yield Finding(start=start, end=end, type=kind, confidence=0.7, why=why)
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
    is_ones_own = bool(said) and said[-1] in listed("person")
    return not is_ones_own and not listed("asker").isdisjoint((*said, *_lower(after)))


def _tells(said: str, kind: Kind) -> bool:
    """Whether a word that tells of it by itself is said."""
    lower = said.lower().replace("’", "'")
    near = (cue for each in _lower(said) for cue in cues().get(fold(each), ()))
    return any(cue.is_sure and cue.kind is kind and f" {cue.phrase}" in lower for cue in near)


def _stated(text: str, end: int, cue: Cue) -> Finding | None:
    """What stands behind its name on a form, or what a paper says: `Religion or belief: Muslim`, `fit note says back pain`."""
    match = _STATED.match(text, end) if cue.phrase in topics(cue.kind) else None
    if match is None:
        return None
    why = f"it is told as “{cue.phrase}”"
    return Finding(start=match.start("value"), end=match.end("value"), type=cue.kind, confidence=0.75, why=why)


def _heads_a_field(text: str, start: int, cue: Cue) -> bool:
    """Of a form: `Union: CSA`, and not `European Union: …`."""
    return cue.phrase in topics(cue.kind) and text[max(0, start - 4) : start].rstrip(" ")[-1:] in ("", "\n", ";", "|")


_STATED = re.compile(
    r"(?: or [a-z]+| \([^)\n]{1,20}\))?(?:[\"']? ?:|,? (?:says|states|reads|cites|gives|lautet auf|indique|lyder på|anger)) ?"
    r"[\"']?(?P<value>[^\W_][^.,;:\n\"']{1,50})"
)


def _answered(text: str, start: int, end: int, cue: Cue) -> Finding | None:
    """An answer of one or two words to the question before it, or to its name on a form: `and your ethnicity?`, `indian`."""
    line = text.rfind("\n", 0, start) + 1
    if _TURN_ENDS.match(text, end) is None:
        return None
    asked = [_lower(head[0])] if (head := _HEAD.search(text, max(line, start - _BEFORE), start)) is not None else []
    if line > 0 and _ONLY_THAT.fullmatch(text, line, start):
        asked.append(_lower(text[max(0, line - _QUESTION) : line - 1].rpartition("\n")[2]))
    topic = next((each for said in asked for each, parts in topics(cue.kind).items() if _holds(said, parts)), None)
    if topic is None:
        return None
    return Finding(start=start, end=end, type=cue.kind, confidence=0.7, why=f"it answers a question about “{topic}”")


def _told_behind(text: str, end: int, cue: Cue) -> Finding | None:
    """What a few words answer in the next turn, whatever they are: `and any allergies`, `penicillin`."""
    match = _NEXT_TURN.match(text, end)
    if match is None:
        return None
    start = match.start("said")
    if opening := _ONLY_THAT.match(text, match.start("turn"), match.end()):
        start = max(start, opening.end())
    said = _lower(text[start : match.end()])
    if not 0 < len(said) <= _MOST_OF_AN_ANSWER or any(each in listed("no_answer") or each in listed("person") for each in said):
        return None
    why = f"the answer to a question about “{cue.phrase}”"
    return Finding(start=start, end=match.end(), type=cue.kind, confidence=_GRAVE, why=why)


_MOST_OF_AN_ANSWER = 3
_NEXT_TURN = re.compile(rf"[^\n.,;:]{{0,16}}\n(?P<turn>{TURN})(?P<said>[^\W\d_][^\n.,;:?0-9]{{1,40}})(?=\.?(?:\n|$))")


_HEAD = re.compile(r"[^\n:;,|]{3,}: ?$")


def _holds(words: list[str], phrase: list[str]) -> bool:
    return any(words[at : at + len(phrase)] == phrase for at in range(len(words) - len(phrase) + 1))


def _sentence(text: str, start: int, end: int) -> tuple[str, str]:
    """What of the same sentence stands before and behind."""
    before = _BEGINS.split(text[max(0, start - _SENTENCE) : start])[-1]
    after = _ENDS.split(text[end : end + _SENTENCE], 1)[0]
    return before, after


_BEGINS, _ENDS = re.compile(r"[.!?\n](?:\s|$)|\n"), re.compile(r"[.!?](?:\s|$)|\n")


def _lower(piece: str) -> list[str]:
    return [each.lower().replace("’", "'") for each in _TOKEN.findall(piece)]


def in_columns(page: Page, columns: Columns) -> Iterator[Finding]:
    """Fields under heads such as “diagnosis” or “religion”. A no tells as much; only emptiness does not."""
    for kind in SPECIAL:
        for start, end, head in columns.cells(page.written, kind):
            value = page.written[start:end].lower()
            if value in ("null", "none", "n/a", "na", "nan", "-", "?") or value.replace("_", " ") == head:
                continue
            yield Finding(start=start, end=end, type=kind, confidence=0.75, why=f"the word “{head}” heads its column")
