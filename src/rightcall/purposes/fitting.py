"""The fitting room: does a notice ask, and is a yes to it a yes? What is wrong with its words, before anyone hears them.

Rules over cue words (cues.py) and over the form of the text: GDPR Art. 4(11), 7 and 13, EDPB Guidelines 05/2020. They find the
usual faults. They cannot tell that a notice is right: finding nothing is not the same as being fine.
Pure. Deliberately elsewhere: what a notice must be to enter the register (rules.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rightcall.purposes.cues import Cues, Span, cues_of, language_of, spans, spans_of, words_of
from rightcall.purposes.model import Keypad
from rightcall.purposes.rules import fallbacks

WORDS_A_MINUTE = 150
LONGEST_SECONDS = 30
LONGEST_SENTENCE = 25
_SENTENCE = re.compile(r"[^.?!;\s][^.?!;]*[.?!;]*")
_KEY = re.compile(r"(?<![\w*#])[0-9*#](?![\w*#])")


class Severity(StrEnum):
    """`wrong`: a yes to these words is none, or not an informed one. `weak`: it may be one, and the words do not help."""

    WRONG = "wrong"
    WEAK = "weak"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A notice to be tried on. `controller` is the name that should be heard in it, where it is known."""

    text: str
    language: str | None = None
    keypad: Keypad | None = None
    controller: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`start` and `end` are offsets in the text, in characters; the whole text where something is missing from it."""

    rule: str
    severity: Severity
    start: int
    end: int
    says: str
    instead: str
    cite: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitting:
    """`language` is the one whose wording was read, None where it could not be."""

    language: str | None
    words: int
    seconds: int
    faults: tuple[Fault, ...]

    def count(self, severity: Severity) -> int:
        return sum(fault.severity is severity for fault in self.faults)

    @property
    def passes(self) -> bool:
        """Nothing wrong was found, and everything was looked at."""
        return all(fault.severity is Severity.WEAK for fault in self.faults)


def fit(wording: Wording) -> Fitting:
    """What is wrong with it, in the order of the text."""
    language = wording.language or language_of(wording.text)
    cues = None if language is None else cues_of(fallbacks(language)[-1])
    room = _Room(wording, cues)
    rules = [*_OF_ANY_LANGUAGE, *(_OF_WORDING if cues is not None else ())]
    faults = [rule.at(span) for rule in rules for span in rule.find(room)]
    words = len(words_of(wording.text))
    return Fitting(
        language=None if cues is None else language,
        words=words,
        seconds=round(words * 60 / WORDS_A_MINUTE),
        faults=tuple(sorted(faults, key=lambda fault: (fault.start, fault.end, fault.rule))),
    )


class _Room:
    """The text with what several rules look at."""

    def __init__(self, wording: Wording, cues: Cues | None) -> None:
        self.wording = wording
        self.text = wording.text
        self.whole = Span(0, len(wording.text))
        self.sentences = spans_of(_SENTENCE, wording.text)
        self.keys = {wording.text[span.start : span.end] for span in spans_of(_KEY, wording.text)}
        self._cues = cues

    @property
    def is_read(self) -> bool:
        return self._cues is not None

    @property
    def cues(self) -> Cues:
        if self._cues is None:
            raise AssertionError("Rules of wording are for languages that can be read.")
        return self._cues

    def find(self, sign: str) -> list[Span]:
        return list(self.cues.find(sign, self.text))

    def has(self, sign: str) -> bool:
        return self.cues.has(sign, self.text)

    def words(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def sentence_of(self, span: Span) -> Span:
        return next(each for each in self.sentences if each.start <= span.start < each.end)

    def is_denied(self, span: Span) -> bool:
        """A word of no stands before it in its sentence: `not for marketing`."""
        return self.cues.has("no", self.text[self.sentence_of(span).start : span.start])

    def is_denied_at_once(self, span: Span) -> bool:
        """A word of no stands right before it: `we do not end the call`, and not `if you say no, we end the call`."""
        before = self.text[self.sentence_of(span).start : span.start].rstrip()
        words = words_of(before)
        return bool(words) and words[-1].end == len(before) and self.cues.has("no", before[words[-1].start :])


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    severity: Severity
    says: str
    instead: str
    cite: str
    find: Callable[[_Room], Iterable[Span]]

    def at(self, span: Span) -> Fault:
        return Fault(
            rule=self.id,
            severity=self.severity,
            start=span.start,
            end=span.end,
            says=self.says,
            instead=self.instead,
            cite=self.cite,
        )


def _missing(is_there: bool, room: _Room) -> list[Span]:
    return [] if is_there else [room.whole]


def _any_question(room: _Room) -> list[Span]:
    """In a language that cannot be read, a question mark is all there is to go by."""
    return _missing(any("?" in room.words(each) for each in room.sentences) or room.is_read, room)


def _question(room: _Room) -> list[Span]:
    asked = (room.words(each) for each in room.sentences if room.words(each).endswith("?"))
    return _missing(any(room.cues.has("ask", each) for each in asked), room)


def _told(room: _Room) -> list[Span]:
    """Not in a question, nor in what follows from a yes: `May we record this call?`, `If you agree, this call is recorded.`"""
    return [each for each in room.find("told") if not _leaves_open(room, room.words(room.sentence_of(each)))]


def _leaves_open(room: _Room, sentence: str) -> bool:
    return room.cues.has("say_yes", sentence) or (sentence.endswith("?") and room.cues.has("ask", sentence))


def _opt_out(room: _Room) -> list[Span]:
    """Asking only for objections is opt-out too, where nobody is asked for a yes."""
    objections = [] if room.has("say_yes") else room.find("objection")
    return [*room.find("opt_out"), *objections]


def _conditional(room: _Room) -> list[Span]:
    return [each for each in room.find("conditional") if not room.is_denied_at_once(each)]


def _purposes(room: _Room) -> list[Span]:
    """The first mention of each sort of purpose that is not denied."""
    mentions = (
        next((each for each in spans(phrases, room.text) if not room.is_denied(each)), None)
        for phrases in room.cues.purposes.values()
    )
    return sorted((each for each in mentions if each is not None), key=lambda span: span.start)


def _bundled(room: _Room) -> list[Span]:
    return _purposes(room)[1:]


def _no_purpose(room: _Room) -> list[Span]:
    """Sentences that name keys say how to answer, not what for."""
    named = any(
        room.cues.has("purpose_mark", room.words(each))
        for each in room.sentences
        if not any(each.start <= key.start < each.end for key in spans_of(_KEY, room.text))
    )
    return _missing(named or bool(_purposes(room)) or room.has("vague"), room)


def _no_refusal(room: _Room) -> list[Span]:
    keypad = room.wording.keypad
    return _missing(room.has("say_no") or (keypad is not None and keypad.no in room.keys), room)


def _harder(room: _Room) -> list[Span]:
    return room.find("harder")


def _keys(room: _Room) -> list[Span]:
    """A keypad that the words name for a yes only, or on which a no takes more presses."""
    keypad = room.wording.keypad
    if keypad is None:
        return []
    is_as_easy = len(keypad.no) <= len(keypad.yes) and keypad.yes != keypad.no
    return _missing(is_as_easy and (keypad.yes not in room.keys or keypad.no in room.keys), room)


def _keys_unsaid(room: _Room) -> list[Span]:
    keypad = room.wording.keypad
    return _missing(keypad is None or keypad.yes in room.keys, room)


def _is_named(room: _Room) -> bool:
    controller = room.wording.controller
    if controller is not None:
        return controller.casefold() in room.text.casefold()
    return room.has("names")


def _nobody(room: _Room) -> list[Span]:
    return _missing(_is_named(room) or room.has("we"), room)


def _only_we(room: _Room) -> list[Span]:
    return _missing(_is_named(room) or not room.has("we"), room)


def _withdrawal(room: _Room) -> list[Span]:
    return _missing(room.has("withdraw"), room)


def _too_long(room: _Room) -> list[Span]:
    words = words_of(room.text)
    most = LONGEST_SECONDS * WORDS_A_MINUTE // 60
    return [Span(words[most].start, room.whole.end)] if len(words) > most else []


def _long_sentences(room: _Room) -> Iterator[Span]:
    return (each for each in room.sentences if len(words_of(room.words(each))) > LONGEST_SENTENCE)


def _unread(room: _Room) -> list[Span]:
    return _missing(room.is_read, room)


def _misnamed(room: _Room) -> list[Span]:
    seems = language_of(room.text)
    return _missing(seems in (None, room.cues.language), room)


_WRONG, _WEAK, _CANNOT_TELL = Severity.WRONG, Severity.WEAK, Severity.CANNOT_TELL
_OF_ANY_LANGUAGE = (
    _Rule(
        "language.not_read",
        _CANNOT_TELL,
        "The wording could not be checked: it is in a language that cannot be read here, or in too few words to tell which it is."
        " Only its form was checked.",
        "Name the language with --language, and have somebody who speaks it check the wording by docs/howto/check-a-notice.md.",
        "GDPR Art. 7(2), 12(1)",
        _unread,
    ),
    _Rule(
        "ask.no_question_mark",
        _WRONG,
        "Nothing in it is a question.",
        "Ask for exactly one thing, in one question.",
        "GDPR Art. 4(11), 7(2)",
        _any_question,
    ),
    _Rule(
        "choice.no_is_harder_by_key",
        _WRONG,
        "The keypad has a key for no that the words do not name, or a no takes more presses than a yes.",
        "One press for yes, one press for no, both said: Press 1 for yes or 2 for no.",
        "GDPR Art. 7(3); CJEU C-61/19 Orange Romania",
        _keys,
    ),
    _Rule(
        "choice.keys_unsaid",
        _WEAK,
        "The keypad has a key for yes that the words do not name.",
        "Say which key is yes and which is no.",
        "GDPR Art. 12(1)",
        _keys_unsaid,
    ),
    _Rule(
        "plain.too_long",
        _WEAK,
        f"Spoken, it takes more than {LONGEST_SECONDS} seconds. From here on few people listen.",
        "Say who asks, for what, how long, and how to say no and to take it back. Leave the rest to a page or to a person.",
        "GDPR Art. 7(2), 12(1); EDPB Guidelines 05/2020 §3.3",
        _too_long,
    ),
    _Rule(
        "plain.long_sentence",
        _WEAK,
        f"A sentence of more than {LONGEST_SENTENCE} words is hard to follow by ear.",
        "Make two of it.",
        "GDPR Art. 7(2), 12(1)",
        _long_sentences,
    ),
)
_OF_WORDING = (
    _Rule(
        "language.not_as_named",
        _CANNOT_TELL,
        "The words seem to be in another language than the one that is named, so they were read by the wrong cues.",
        "Correct the language, and check it again.",
        "GDPR Art. 7(2), 12(1)",
        _misnamed,
    ),
    _Rule(
        "ask.no_question",
        _WRONG,
        "It tells, and does not ask: no question in it asks for a yes.",
        "Ask: May we record this call to train our agents?",
        "GDPR Art. 4(11), 7(2)",
        _question,
    ),
    _Rule(
        "ask.told_not_asked",
        _WRONG,
        "It says that recording happens anyway. Going on with a call that one was told is recorded is not a yes.",
        "Record nothing until there is a yes, and ask for it.",
        "GDPR Art. 4(11), 6(1)(a); Datatilsynet (DK) v YouSee A/S, 8 April 2019",
        _told,
    ),
    _Rule(
        "choice.opt_out",
        _WRONG,
        "It takes silence, staying on the line, or not objecting for a yes.",
        "Wait for a clear yes. Whoever says nothing has not agreed.",
        "GDPR Art. 4(11), Rec. 32; CJEU C-673/17 Planet49",
        _opt_out,
    ),
    _Rule(
        "choice.conditional",
        _WRONG,
        "It makes the service depend on the yes, so the yes is not free.",
        "Help just the same after a no, and say so.",
        "GDPR Art. 7(4), Rec. 42, 43; EDPB Guidelines 05/2020 §3.1.2",
        _conditional,
    ),
    _Rule(
        "choice.bundled",
        _WRONG,
        "One yes is asked for several purposes. Nobody can say yes to one and no to the other.",
        "Make a purpose and a notice for each, and ask for each by itself.",
        "GDPR Rec. 32, 43; EDPB Guidelines 05/2020 §3.1.3",
        _bundled,
    ),
    _Rule(
        "choice.no_refusal",
        _WRONG,
        "It does not say how to say no.",
        "Name the no beside the yes, as easy to give: Press 1 for yes or 2 for no.",
        "GDPR Art. 4(11), Rec. 42",
        _no_refusal,
    ),
    _Rule(
        "choice.no_is_harder",
        _WRONG,
        "A no takes more effort than a yes.",
        "Take the no in the same way as the yes, with the same effort.",
        "GDPR Art. 7(3); CJEU C-61/19 Orange Romania",
        _harder,
    ),
    _Rule(
        "choice.pressure",
        _WEAK,
        "These words lean on the person to say yes.",
        "Ask plainly, and give a yes and a no the same weight.",
        "GDPR Art. 4(11), 7(4); EDPB Guidelines 05/2020 §3.1",
        lambda room: room.find("pressure"),
    ),
    _Rule(
        "informed.no_purpose",
        _WRONG,
        "It does not say what the recording is for.",
        "Name the one purpose in words a caller understands: to train our agents.",
        "GDPR Art. 5(1)(b), 6(1)(a); EDPB Guidelines 05/2020 §3.3.1",
        _no_purpose,
    ),
    _Rule(
        "informed.vague_purpose",
        _WRONG,
        "This purpose could mean anything, so nobody knows what they say yes to.",
        "Say what is done, by whom: our new agents listen to it to learn.",
        "GDPR Art. 5(1)(b), 6(1)(a); EDPB Guidelines 05/2020 §3.2",
        lambda room: [each for each in room.find("vague") if not room.is_denied(each)],
    ),
    _Rule(
        "informed.nobody_asks",
        _WRONG,
        "It does not say who asks.",
        "Name the company: May Example Energy record this call…",
        "GDPR Art. 13(1)(a), Rec. 42; EDPB Guidelines 05/2020 §3.3.1",
        _nobody,
    ),
    _Rule(
        "informed.no_name",
        _WEAK,
        "It says `we` and no name. Somebody who was put through may not know who that is.",
        "Name the company: May Example Energy record this call…",
        "GDPR Art. 13(1)(a), Rec. 42; EDPB Guidelines 05/2020 §3.3.1",
        _only_we,
    ),
    _Rule(
        "informed.no_withdrawal",
        _WRONG,
        "It does not say that a yes can be taken back.",
        "Say it before they answer: you can change your mind at any moment.",
        "GDPR Art. 7(3); EDPB Guidelines 05/2020 §3.3.1",
        _withdrawal,
    ),
)


def rule_ids() -> list[str]:
    """Every fault there is a rule for."""
    return sorted(rule.id for rule in (*_OF_ANY_LANGUAGE, *_OF_WORDING))
