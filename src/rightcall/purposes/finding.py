"""Where each fault of a notice is: one function a rule, over the cue words (cues.py) and over the form of the text.

Pure. Deliberately elsewhere: what a fault is in words and what it weighs (faults.py), what to say instead (bettering.py), and the
check as a whole (fitting.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from rightcall.purposes import reading
from rightcall.purposes.cues import Cues, Span, spans, spans_of, words_of
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, Keypad, LawfulBasis

_SENTENCE = re.compile(r"[^.?!;\s][^.?!;]*[.?!;]*")
_KEY = re.compile(r"(?<![\w*#])[0-9*#](?![\w*#])")
_LEGAL_FORM = re.compile(
    r"[\s,]+(?:ltd|limited|plc|inc|llc|gmbh|ag|se|kg|a/s|aps|ab|oy|oyj|nv|n\.v\.|bv|b\.v\.|sa|s\.a\.|sas|sarl|sl|s\.l\.)\.?$"
)
_INFLECTED = 6
_ENDINGS: Mapping[str, int] = {"fi": 2}


class Room:
    """The text with what several rules look at."""

    def __init__(
        self,
        text: str,
        *,
        keypad: Keypad | None,
        controller: str | None,
        basis: LawfulBasis,
        cues: Cues | None,
        named: Cues | None,
    ) -> None:
        """`cues`: of the language that the words are in; `named`: of the one that was named."""
        self.text = text
        self.keypad = keypad
        self.controller = controller
        self.basis = basis
        self.named = named
        self.whole = Span(0, len(text))
        self.sentences = spans_of(_SENTENCE, text)
        self.keys = {text[span.start : span.end] for span in spans_of(_KEY, text)}
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

    def records_nothing(self, span: Span) -> bool:
        """What follows from it is that nothing is recorded: `if you say nothing, nothing is recorded`."""
        clauses = self.text[span.start : self.sentence_of(span).end].split(",")
        return any(self.cues.has("not_recorded", clause) for clause in clauses)

    def is_done_by_us(self, span: Span) -> bool:
        """The word right after it is `we`, as in languages that turn the words around: `bei einem Nein schreiben wir es auf`."""
        after = words_of(self.text[span.end :])[:1]
        return any(self.cues.has("we_do", self.text[span.end + word.start : span.end + word.end]) for word in after)

    def is_denied_at_once(self, span: Span) -> bool:
        """A word of no stands right before it: `we do not end the call`, and not `if you say no, we end the call`."""
        before = self.text[self.sentence_of(span).start : span.start].rstrip()
        words = words_of(before)
        return bool(words) and words[-1].end == len(before) and self.cues.has("no", before[words[-1].start :])


def _missing(is_there: bool, room: Room) -> list[Span]:
    return [] if is_there else [room.whole]


def _any_question(room: Room) -> list[Span]:
    """In a language that cannot be read, a question mark is all there is to go by."""
    return _missing(any("?" in room.words(each) for each in room.sentences) or room.is_read, room)


def _question(room: Room) -> list[Span]:
    return _missing(any(_asks(room, room.words(each)) for each in room.sentences), room)


def _asks(room: Room, sentence: str) -> bool:
    """A question that asks for leave, or that names recording at all."""
    return sentence.endswith("?") and (room.cues.has("ask", sentence) or room.cues.has("record", sentence))


def _fake_choice(room: Room) -> list[Span]:
    """Each question that asks, where no answer counts."""
    return [each for each in room.sentences if _asks(room, room.words(each))]


def _no_objection(room: Room) -> list[Span]:
    return _missing(room.basis not in MAY_BE_OBJECTED_TO or room.has("may_object"), room)


def _told(room: Room) -> list[Span]:
    """Not in a question, nor in what follows from a yes: `May we record this call?`, `If you agree, this call is recorded.`
    Nor where it is denied: `Dieses Gespräch wird nicht aufgezeichnet.`"""
    return [
        each
        for each in room.find("told")
        if not _leaves_open(room, room.words(room.sentence_of(each))) and not room.cues.has("no", room.words(each))
    ]


def _leaves_open(room: Room, sentence: str) -> bool:
    return room.cues.has("say_yes", sentence) or _asks(room, sentence)


def _opt_out(room: Room) -> list[Span]:
    """Asking only for objections is opt-out too, where nobody is asked for a yes."""
    objections = [] if room.has("say_yes") else room.find("objection")
    return [each for each in (*room.find("opt_out"), *objections) if not room.records_nothing(each)]


def _conditional(room: Room) -> list[Span]:
    return [each for each in room.find("conditional") if not room.is_denied_at_once(each) and not room.records_nothing(each)]


def purposes_named(room: Room) -> list[tuple[str, Span]]:
    """The first mention of each sort of purpose that is not denied, in the order of the text."""
    mentions = (
        (sort, next((each for each in spans(phrases, room.text) if not room.is_denied(each)), None))
        for sort, phrases in room.cues.purposes.items()
    )
    return sorted(((sort, span) for sort, span in mentions if span is not None), key=lambda mention: mention[1].start)


def _bundled(room: Room) -> list[Span]:
    return [span for _, span in purposes_named(room)[1:]]


def _no_purpose(room: Room) -> list[Span]:
    """Sentences that name keys say how to answer, not what for."""
    named = any(
        room.cues.has("purpose_mark", room.words(each))
        for each in room.sentences
        if not any(each.start <= key.start < each.end for key in spans_of(_KEY, room.text))
    )
    return _missing(named or bool(purposes_named(room)) or room.has("vague"), room)


def _no_refusal(room: Room) -> list[Span]:
    keypad = room.keypad
    by_key = keypad is not None and keypad.no in room.keys
    return _missing(by_key or any(not _only_threatens(room, each) for each in room.find("say_no")), room)


def _only_threatens(room: Room, no: Span) -> bool:
    """`If you do not agree, hang up` is no way to say no; `say yes or no, or we hang up` is one, and wrong for another reason."""
    sentence = room.sentence_of(no)
    is_threat = any(_overlap(each, sentence) for each in _conditional(room))
    is_way = any(room.cues.has(sign, room.words(sentence)) for sign in ("say_yes", "on_no", "effort"))
    return is_threat and not is_way


def _harder(room: Room) -> list[Span]:
    """Not where it is taking back that is hard: that is a fault of its own. Nor where we are the ones who write."""
    found = (each for each in room.find("harder") if not room.cues.has("withdraw", room.words(each)))
    return [each for each in found if not room.is_done_by_us(each)]


def _withdrawal_harder(room: Room) -> list[Span]:
    """The effort, in a sentence that says how to take a yes back."""
    ways = (room.sentence_of(each) for each in room.find("withdraw"))
    return [
        Span(way.start + effort.start, way.start + effort.end)
        for way in dict.fromkeys(ways)
        for effort in room.cues.find("effort", room.words(way))
        if not room.is_denied(Span(way.start + effort.start, way.start + effort.end))
    ][:1]


def _unequal(room: Room) -> list[Span]:
    """A key for yes and none for no, though a no can be said. Where saying it is hard, that is found already."""
    yes = room.find("yes_key")
    is_equal = not yes or room.has("no_key") or len(room.keys) > 1 or not room.has("say_no")
    return [] if is_equal or _harder(room) else yes[:1]


def _consequence(room: Room) -> list[Span]:
    """Where no can be said, what happens then: the same help, or something worse, which is found already."""
    signs = ("consequence", "not_recorded", "conditional")
    is_said = any(room.has(sign) for sign in signs) or any(_says_what_follows(room, each) for each in room.sentences)
    return _missing(is_said or bool(_no_refusal(room)), room)


def _says_what_follows(room: Room, sentence: Span) -> bool:
    """`With a no we write it down`: not how to say it, by a key or to somebody, and not how to take a yes back."""
    words = room.words(sentence)
    names_keys = any(sentence.start <= key.start < sentence.end for key in spans_of(_KEY, room.text))
    tells_how = names_keys or words.endswith("?") or any(room.cues.has(sign, words) for sign in ("objection", "withdraw"))
    return room.cues.has("on_no", words) and not tells_how and not any(_overlap(each, sentence) for each in _harder(room))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _keys(room: Room) -> list[Span]:
    """A keypad that the words name for a yes only, or on which a no takes more presses."""
    keypad = room.keypad
    if keypad is None:
        return []
    is_as_easy = len(keypad.no) <= len(keypad.yes) and keypad.yes != keypad.no
    return _missing(is_as_easy and (keypad.yes not in room.keys or keypad.no in room.keys), room)


def _keys_unsaid(room: Room) -> list[Span]:
    keypad = room.keypad
    return _missing(keypad is None or keypad.yes in room.keys, room)


def _is_named(room: Room) -> bool:
    controller = room.controller
    if controller is not None:
        return _as_spoken(controller, room.cues.language) in room.text.casefold()
    return room.has("names") or room.cues.has_inner_name(room.text)


def _as_spoken(controller: str, language: str) -> str:
    """Without its legal form, which nobody says; and without its last letters, which some languages change."""
    name = _LEGAL_FORM.sub("", controller.casefold()).strip(" ,") or controller.casefold()
    return name if len(name) < _INFLECTED else name[: -_ENDINGS.get(language, 1)]


def _nobody(room: Room) -> list[Span]:
    return _missing(_is_named(room) or room.has("we"), room)


def _only_we(room: Room) -> list[Span]:
    return _missing(_is_named(room) or not room.has("we"), room)


def _withdrawal(room: Room) -> list[Span]:
    return _missing(room.has("withdraw"), room)


def _too_long(room: Room) -> list[Span]:
    words = words_of(room.text)
    late = reading.too_late([room.words(each) for each in words])
    return [] if late is None else [Span(words[late].start, room.whole.end)]


def _long_sentences(room: Room) -> Iterator[Span]:
    return (each for each in room.sentences if len(words_of(room.words(each))) > reading.LONGEST_SENTENCE)


def _hard(room: Room) -> list[Span]:
    words = [room.words(each) for each in words_of(room.text)]
    return _missing(not reading.is_hard(words, len(room.sentences), room.cues.language), room)


def _unread(room: Room) -> list[Span]:
    return _missing(room.is_read, room)


def _misnamed(room: Room) -> list[Span]:
    return _missing(room.named is None or room.named.language == room.cues.language, room)


FINDS: Mapping[str, Callable[[Room], Iterable[Span]]] = {
    "language.not_read": _unread,
    "ask.no_question_mark": _any_question,
    "choice.no_is_harder_by_key": _keys,
    "choice.keys_unsaid": _keys_unsaid,
    "plain.too_long": _too_long,
    "plain.long_sentence": _long_sentences,
    "language.not_as_named": _misnamed,
    "ask.no_question": _question,
    "ask.told_not_asked": _told,
    "tell.fake_choice": _fake_choice,
    "tell.no_objection": _no_objection,
    "choice.opt_out": _opt_out,
    "choice.conditional": _conditional,
    "choice.bundled": _bundled,
    "choice.no_refusal": _no_refusal,
    "choice.no_is_harder": _harder,
    "choice.unequal_answers": _unequal,
    "choice.withdrawal_is_harder": _withdrawal_harder,
    "choice.pressure": lambda room: room.find("pressure"),
    "informed.no_purpose": _no_purpose,
    "informed.vague_purpose": lambda room: [each for each in room.find("vague") if not room.is_denied(each)],
    "informed.nobody_asks": _nobody,
    "informed.no_name": _only_we,
    "informed.no_withdrawal": _withdrawal,
    "informed.no_consequence": _consequence,
    "plain.hard_to_follow": _hard,
}
