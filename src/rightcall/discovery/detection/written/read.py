"""A name read on from where it begins, as far as it goes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.page import Page
from rightcall.discovery.detection.written.lexicon import Role, fold
from rightcall.discovery.detection.written.resources import role_of, roles_of, words

_WORD = r"[^\W\d_]+(?:['’-][^\W\d_]+)*"
_MOST_PARTS = 4
_NEXT = re.compile(rf"(?:[ -]|\. )({_WORD})")
_JOINED_BEFORE = frozenset("/\\_.@#$%&=+*<-~^|")
_JOINED_AFTER = frozenset("_@/=\\(*#~^")
_CONFIRMS = 0.15
_NEAR_EMAIL = 400


@dataclass(slots=True)
class Name:
    """A stretch that may be a name: `known` of its words are names and no words, `words` are both, `strange` neither."""

    start: int
    end: int
    known: int = 0
    words: int = 0
    strange: int = 0
    has_family: bool = False
    is_capital: bool = True

    @property
    def size(self) -> int:
        return self.known + self.words + self.strange


def is_free(text: str, start: int, end: int) -> bool:
    """No part of a path, an identifier, an address or a number."""
    before = text[start - 1 : start]
    return not (before and (before in _JOINED_BEFORE or before.isdigit())) and ends_free(text, end)


def ends_free(text: str, end: int) -> bool:
    after, next_one = text[end : end + 1], text[end + 1 : end + 2]
    if after == "(" and next_one.isupper():
        return True
    if after and (after in _JOINED_AFTER or after.isdigit()):
        return False
    return not (after and after in ".:-" and next_one and (next_one.isalnum() or next_one in ":/"))


def read_on(text: str, name: Name, *, is_open: bool) -> Name:
    """The name with the words behind it that belong to it. `is_open`: with capitals, also those that are no known names."""
    while name.size < _MOST_PARTS:
        at, particles = past_particles(text, name.end)
        match = _NEXT.match(text, at)
        if match is None or not _goes_on(text, name, match, particles, is_open=is_open):
            return name
        add(name, match[1])
        name.end = match.end()
        if match[1].lower().endswith(("'s", "’s")):
            name.end -= 2
            return name
        if len(match[1]) == 1 and text[name.end : name.end + 1] == ".":
            name.end += 1
    return name


def past_particles(text: str, at: int) -> tuple[int, list[str]]:
    """`van der`: where they end, and which they are."""
    particles: list[str] = []
    while (match := _NEXT.match(text, at)) is not None and match[1].lower() in words("parts", "particles"):
        particles.append(match[1].lower())
        at = match.end()
    return at, particles


def lead_to_family(particles: Sequence[str], word: str) -> bool:
    """In small letters: `van der berg`, and of a small word that says more, as `de`, only a name that is no word."""
    roles = roles_of(word)
    is_sure = len(particles) > 1 or particles[0] not in words("not_a_name")
    return bool(roles & Role.FAMILY) and (is_sure or not roles & Role.GIVEN_WORD)


def _goes_on(text: str, name: Name, match: re.Match[str], particles: Sequence[str], *, is_open: bool) -> bool:
    word = match[1]
    if match[0].startswith(".") and text[match.start() - 1 : match.start()] != "" and not _is_initial(text, match.start()):
        return False
    is_initial = len(word) == 1 and text[match.end() : match.end() + 1] == "."
    is_no_name = word.lower() in words("not_a_name") and not is_initial and not _is_family_of(name, word)
    if is_no_name or not (is_initial or ends_free(text, match.end(1))) or (len(word) <= 3 and word[1:2] in ("'", "’")):
        return False
    is_capital = word[0].isupper()
    if len(word) == 1:
        return is_capital and is_initial
    if name.is_capital and match[0].startswith("-") and not is_capital:
        return bool(roles_of(word) & (Role.GIVEN | Role.FAMILY))
    if name.is_capital:
        return is_capital and (is_open or bool(role_of(word) & (Role.GIVEN | Role.FAMILY)))
    if is_capital:
        return False
    if particles:
        return lead_to_family(particles, word)
    roles = roles_of(word)
    return is_open or (bool(roles & (Role.GIVEN | Role.FAMILY)) and not roles & Role.GIVEN_WORD)


def _is_family_of(name: Name, word: str) -> bool:
    """`Sarah Hall`: behind a given name that is nothing else."""
    is_named = name.size == 1 and name.known == 1 and name.is_capital and word[0].isupper()
    return is_named and bool(role_of(word) & Role.FAMILY) and word.lower() in words("places", "after")


def _is_initial(text: str, dot: int) -> bool:
    return dot >= 2 and text[dot - 1].isupper() and not text[dot - 2].isalnum()


def add(name: Name, word: str) -> None:
    if len(word) == 1:
        return
    roles = roles_of(word) or _role_of_last_piece(word)
    if roles & Role.GIVEN_WORD:
        name.words += 1
    elif roles & (Role.GIVEN | Role.FAMILY):
        name.known += 1
    else:
        name.strange += 1
    name.has_family |= bool(roles & Role.FAMILY) and name.size > 1


def _role_of_last_piece(word: str) -> int:
    pieces = [piece for piece in re.split("['’-]", word) if len(piece) > 1 or word == piece]
    return role_of(pieces[-1]) if pieces else 0


def start_of(word_start: int, word: str) -> Name:
    name = Name(word_start, word_start + len(word), is_capital=word[0].isupper())
    add(name, word)
    return name


def told(page: Page, name: Name, confidence: float, why: str) -> Finding:
    local = _email_near(page, name)
    if local:
        confidence, why = confidence + _CONFIRMS, f"{why}; an e-mail address nearby has it too"
    return Finding(
        start=name.start, end=name.end, type=Kind.PERSON_NAME, confidence=round(max(0.0, min(confidence, 0.97)), 2), why=why
    )


_LOCALS = re.compile(r"([^\W_][\w.+-]{2,63})@")


def _email_near(page: Page, name: Name) -> bool:
    low, high = max(0, name.start - _NEAR_EMAIL), name.end + _NEAR_EMAIL
    if page.written.find("@", low, high) < 0:
        return False
    parts = {fold(part) for part in re.split(r"[^\w]", page.written[name.start : name.end]) if len(part) > 2}
    return any(
        fold(piece) in parts
        for match in _LOCALS.finditer(page.written, low, high)
        for piece in re.split(r"[._+\d-]+", match[1])
        if len(piece) > 2
    )
