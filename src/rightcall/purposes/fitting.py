"""The fitting room: does a notice ask, and is a yes to it a yes? What is wrong with its words, before anyone hears them.

Rules over cue words (cues.py) and over the form of the text: GDPR Art. 4(11), 7 and 13, EDPB Guidelines 05/2020. They find the
usual faults. They cannot tell that a notice is right: finding nothing is not the same as being fine.
Pure. Deliberately elsewhere: how each fault is found (finding.py), the faults in words (faults.py), what to say instead
(bettering.py), and what a notice must be to enter the register (rules.py).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rightcall.languages import fallbacks
from rightcall.purposes import reading
from rightcall.purposes.bettering import Known, better, keys_said, whole
from rightcall.purposes.cues import Cues, Span, cues_of, foreign_to, language_of, words_of
from rightcall.purposes.faults import (
    IN_ANY_SENTENCE,
    OF_A_CHOICE,
    OF_ANY_LANGUAGE,
    OF_WORDING,
    VOID,
    WITHOUT_A_CHOICE,
    Fault,
    FaultKind,
    Severity,
)
from rightcall.purposes.finding import FINDS, purposes_named
from rightcall.purposes.model import Keypad, LawfulBasis, Notice
from rightcall.purposes.naming import masked
from rightcall.purposes.room import Room


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A notice to be tried on. `controller` is the name that should be heard in it, `purpose` the title of what it is for,
    where they are known; where `basis` is not consent, it should tell and not ask."""

    text: str
    language: str | None = None
    keypad: Keypad | None = None
    controller: str | None = None
    purpose: str | None = None
    basis: LawfulBasis = LawfulBasis.CONSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """`language` is the one whose wording was read, None where it could not be. `lix` is its reading level. `better` is a whole
    notice in its language, from its own facts, without any of the faults."""

    language: str | None
    words: int
    seconds: int
    lix: int
    faults: tuple[Fault, ...]
    better: str | None

    def count(self, severity: Severity) -> int:
        return sum(fault.kind.severity is severity for fault in self.faults)

    @property
    def passes(self) -> bool:
        """Nothing wrong was found, and everything was looked at."""
        return all(fault.kind.severity is Severity.WEAK for fault in self.faults)


def fit(wording: Wording) -> Fitting:
    """What is wrong with it, in the order of the text."""
    room = _room(wording)
    # Where the words cannot be read, in English: somebody who speaks their language can put it into that.
    usual = _known(room, wording, room.cues if room.is_read else _english())
    named = usual if room.named is None else _known(room, wording, room.named)
    faults = [
        _fault(wording, kind, span, named if kind.rule == "language.not_as_named" else usual)
        for kind, span in _found(room, wording.basis)
    ]
    words = [room.words(span) for span in words_of(room.text)]
    return Fitting(
        language=_language(wording, room) if room.is_read else None,
        words=len(words),
        seconds=round(reading.seconds_of(words)),
        lix=round(reading.lix(words, len(room.sentences))),
        faults=tuple(sorted(faults, key=lambda fault: (fault.start, fault.end, fault.kind.rule))),
        better=whole(usual) if room.is_read else None,
    )


def _room(wording: Wording) -> Room:
    seems = language_of(masked(wording.text, wording.controller))
    language = wording.language or seems
    named = None if language is None else cues_of(fallbacks(language)[-1])
    return Room(
        wording.text,
        keypad=wording.keypad,
        controller=wording.controller,
        basis=wording.basis,
        # By the language the words are in: another's cues would find what is not there.
        cues=named if named is None or seems is None else cues_of(seems),
        named=named,
    )


def _language(wording: Wording, room: Room) -> str | None:
    return wording.language or room.cues.language


def _english() -> Cues:
    english = cues_of("en")
    if english is None:
        raise AssertionError("English can be read.")
    return english


def _found(room: Room, basis: LawfulBasis) -> list[tuple[FaultKind, Span]]:
    found = [(kind, span) for kind in _kinds(basis, is_read=room.is_read) for span in FINDS[kind.rule](room)]
    return found + [(kind, span) for kind in _in_any_sentence(basis) for span in _in_others(room, kind)]


def _kinds(basis: LawfulBasis, *, is_read: bool) -> list[FaultKind]:
    """What is looked for: of the words only where they can be read, and of a choice only where there is one."""
    kinds = [*OF_ANY_LANGUAGE, *(OF_WORDING if is_read else ())]
    if basis is LawfulBasis.CONSENT:
        return kinds
    told = [kind for kind in kinds if not kind.rule.startswith(OF_A_CHOICE)]
    return [*told, *(WITHOUT_A_CHOICE if is_read else ())]


def _in_any_sentence(basis: LawfulBasis) -> list[FaultKind]:
    """What is looked for in every language that can be read, whatever language the notice is in or says that it is in."""
    return [kind for kind in OF_WORDING if kind.rule in IN_ANY_SENTENCE] if basis is LawfulBasis.CONSENT else []


def _in_others(room: Room, kind: FaultKind) -> Iterator[Span]:
    """In sentences that are in another language than the notice: whoever speaks it hears them, too."""
    own = room.cues.language if room.is_read else ""
    for sentence in room.sentences:
        for language in foreign_to(own, room.words(sentence)):
            there = FINDS[kind.rule](room.read_as(language))
            yield from (span for span in there if sentence.start <= span.start < sentence.end)


def _fault(wording: Wording, kind: FaultKind, span: Span, known: Known) -> Fault:
    is_whole = span == Span(0, len(wording.text))
    words = "" if is_whole else wording.text[span.start : span.end]
    return Fault(kind=kind, start=span.start, end=span.end, words=words, better=better(kind.rule, known))


def _known(room: Room, wording: Wording, cues: Cues) -> Known:
    """What the better wording is made of: the title only where the notice that is asked with it is as good as with a gap."""
    known = Known(
        cues=cues,
        controller=wording.controller,
        title=wording.purpose,
        sorts=[sort for sort, _ in purposes_named(room)] if room.is_read else [],
        basis=wording.basis,
        keys=keys_said(wording.keypad, frozenset(room.keys)),
    )
    with_gap = replace(known, leaves_open=True)
    is_as_good = known.title is None or _rules(wording, known) <= _rules(wording, with_gap)
    return known if is_as_good else with_gap


def _rules(wording: Wording, known: Known) -> set[str]:
    """What is found in the whole notice that is proposed."""
    proposed = replace(wording, text=whole(known), language=known.cues.language)
    return {kind.rule for kind, _ in _found(_room(proposed), wording.basis)}


def faults_of(
    notice: Notice, controller_name: str, purpose_title: str, basis: LawfulBasis = LawfulBasis.CONSENT
) -> tuple[Fault, ...]:
    """What is wrong with a notice of the register: read again from its words, which never change, and not stored beside them.
    `basis` is what the purpose rests on for customers."""
    wording = Wording(
        text=notice.text,
        language=notice.language,
        keypad=notice.keypad,
        controller=controller_name,
        purpose=purpose_title,
        basis=basis,
    )
    return _faults(wording)


@lru_cache(maxsize=256)
def _faults(wording: Wording) -> tuple[Fault, ...]:
    """Kept, for pages that show many: the same words have the same faults, and reading them takes some hundredths of a second."""
    return fit(wording).faults


def voids(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Those by which a yes to the words is none, whatever else they say: no notice with one enters the register."""
    return tuple(fault for fault in faults if fault.kind.rule in VOID)


def unasked(spoken: Iterable[str], noticed: Iterable[str]) -> tuple[str, ...]:
    """Those of the languages spoken on the trunks in which there is no notice: a region is asked in its language."""
    known = set(noticed)
    return tuple(dict.fromkeys(each for each in spoken if not known.intersection(fallbacks(each))))
