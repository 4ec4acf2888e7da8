"""Names behind a title: `Mrs Okonkwo`, `mr anderson`, `Frau Lehmann`."""

import re

from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.lexicon import Role, Word
from rightcall.discovery.detection.written.read import Name, add, is_free, lead_to_family, past_particles, read_on, start_of, told
from rightcall.discovery.detection.written.resources import roles_of, words

_BEHIND_TITLE = re.compile(r"\.? ([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_BEHIND_PARTICLES = re.compile(r" ([^\W\d_]+(?:['’-][^\W\d_]+)*)")
_JOINED = tuple("/\\_.@#$%&=+*<-~^|0123456789")
_LEAD = 28


def from_title(page: Page, word: Word) -> Finding | None:
    """What follows a title. Without capitals only a known name, or anything behind a title that is nothing else."""
    text = page.written
    if text[word.end : word.end + 1] not in (" ", "."):
        return None
    title = text[word.start : word.end]
    match = _BEHIND_TITLE.match(text, word.end)
    if match is None or not is_free(text, match.start(1), match.end(1)) or text[word.start - 1 : word.start] in _JOINED:
        return None
    first = match[1]
    if first.lower() in words("parts", "particles") and (found := _with_particles(page, word, match.start(1))) is not None:
        return found
    roles = roles_of(first)
    if first.lower() in words("not_a_name") or roles & Role.TITLE or not _may_follow(text, word, first, roles):
        return None
    if _is_drive(text, word.start, title) or f"{title} {first}".lower() in words("brands"):
        return None
    name = read_on(text, start_of(match.start(1), first), is_open=first[0].isupper())
    confidence = 0.85 if name.known or name.words else 0.7
    if not first[0].isupper():
        confidence -= 0.2
    return told(page, name, confidence, f"the title “{title.lower()}” stands before it")


def _with_particles(page: Page, word: Word, start: int) -> Finding | None:
    """`Frau von der Leyen`, `mr van der berg`, `un monsieur da silva`."""
    text = page.written
    at, particles = past_particles(text, start - 1)
    match = _BEHIND_PARTICLES.match(text, at)
    if match is None or not particles:
        return None
    if not (match[1][0].isupper() or lead_to_family(particles, match[1])):
        return None
    if match[1].lower() in words("not_a_name") or (match[1][0].isupper() and text[word.start].islower()):
        return None
    name = Name(start, match.end(1), is_capital=match[1][0].isupper(), has_family=True)
    add(name, match[1])
    name = read_on(text, name, is_open=name.is_capital)
    title = text[word.start : word.end].lower()
    return told(page, name, 0.8 if name.is_capital else 0.65, f"the title “{title}” stands before it")


def _may_follow(text: str, word: Word, first: str, roles: int) -> bool:
    title = text[word.start : word.end]
    is_sure = title.lower() in words("titles", "sure")
    if title.islower() and title in words("own", "titles"):
        is_sure = not _is_ones_own(text, word.start)
    is_known = bool(roles & (Role.GIVEN | Role.FAMILY))
    if not first[0].isupper():
        if roles & Role.FAMILY and title.lower() in words("titles", "learned") and first not in words("kin", "verbs"):
            return True
        return (is_sure and len(first) > 2) or (is_known and not roles & Role.GIVEN_WORD)
    if first.isupper():
        return len(first) > 2 and is_known
    return title[0].isupper() or is_sure


def _is_ones_own(text: str, start: int) -> bool:
    """`Meine frau arbeitet` names nobody."""
    before = text[max(0, start - _LEAD) : start].split()
    return bool(before) and before[-1].lower() in words("own", "before")


def _is_drive(text: str, start: int, title: str) -> bool:
    """`12 Oak Dr` is a street."""
    return title.lower() == "dr" and re.search(r"\d+ (?:[^\W\d_]+ ){1,3}$", text[max(0, start - _LEAD) : start]) is not None
