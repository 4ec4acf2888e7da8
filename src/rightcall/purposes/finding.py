"""Where each fault of a notice is: one function a rule, over the cue words (cues.py) and over the form of the text.

Pure. Deliberately elsewhere: what a fault is in words and what it weighs (faults.py), what to say instead (bettering.py), and the
check as a whole (fitting.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from rightcall.purposes import reading, voiding
from rightcall.purposes.cues import Span, spans, spans_of, words_of
from rightcall.purposes.model import MAY_BE_OBJECTED_TO
from rightcall.purposes.naming import is_named
from rightcall.purposes.room import KEY, Room, overlap

_SEVERAL, _IN_ONE_BREATH = 2, 20
_QUESTION_MARKS = frozenset("?\u037e\u055e\u061f\u1367\u1945\u2047\u2048\u2049\u2cfa\u2cfb\ua60f\ua6f7\uff1f")
"""Those of every script (Unicode)."""
_GREEK_QUESTION = re.compile(r"[\u0370-\u03ff]\s*;")
"""It is typed as a semicolon."""


def _missing(is_there: bool, room: Room) -> list[Span]:
    return [] if is_there else [room.whole]


def _any_question(room: Room) -> list[Span]:
    """In a language that cannot be read, a question mark is all there is to go by."""
    asks = not _QUESTION_MARKS.isdisjoint(room.text) or _GREEK_QUESTION.search(room.text) is not None
    return _missing(asks or room.is_read, room)


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
        if not _leaves_open(room, room.words(room.sentence_of(each)))
        and not room.cues.has("no", room.words(each))
        and not room.is_denied_at_once(each)
    ]


def _leaves_open(room: Room, sentence: str) -> bool:
    return room.cues.has("say_yes", sentence) or _asks(room, sentence)


def purposes_named(room: Room) -> list[tuple[str, Span]]:
    """The first mention of each sort of purpose that is not denied, in the order of the text."""
    mentions = (
        (sort, next((each for each in spans(phrases, room.text) if not room.is_denied(each)), None))
        for sort, phrases in room.cues.purposes.items()
    )
    return sorted(((sort, span) for sort, span in mentions if span is not None), key=lambda mention: mention[1].start)


def _bundled(room: Room) -> list[Span]:
    return [span for _, span in purposes_named(room)[1:]]


def _perhaps_bundled(room: Room) -> list[Span]:
    """Several uses in one question, of sorts that no cue knows: `to train … and check … and keep …`, `and to …`."""
    return (
        []
        if _bundled(room)
        else [span for each in room.sentences if _asks(room, room.words(each)) for span in _more_uses(room, each)][:1]
    )


def _more_uses(room: Room, sentence: Span) -> list[Span]:
    """From the second on, in a question that says what for."""
    mark = next((each for each in room.find("purpose_mark") if overlap(each, sentence)), None)
    if mark is None:
        return []
    also = [each for each in room.find("also_for") if mark.start < each.start and overlap(each, sentence)]
    ands = [each for each in room.find("and") if mark.start < each.start and overlap(each, sentence)]
    ands = [each for each in ands if len(words_of(room.text[mark.start : each.start])) <= _IN_ONE_BREATH]
    return also or (ands[1:] if len(ands) >= _SEVERAL else [])


def _no_purpose(room: Room) -> list[Span]:
    """Sentences that name keys say how to answer, not what for."""
    named = any(
        room.cues.has("purpose_mark", room.words(each))
        for each in room.sentences
        if not any(each.start <= key.start < each.end for key in spans_of(KEY, room.text))
    )
    return _missing(named or bool(purposes_named(room)) or room.has("vague"), room)


def _no_refusal(room: Room) -> list[Span]:
    keypad = room.keypad
    by_key = keypad is not None and keypad.no in room.keys
    return _missing(by_key or any(not _only_threatens(room, each) for each in room.find("say_no")), room)


def _only_threatens(room: Room, no: Span) -> bool:
    """`If you do not agree, hang up` is no way to say no; `say yes or no, or we hang up` is one, and wrong for another reason."""
    sentence = room.sentence_of(no)
    is_threat = any(overlap(each, sentence) for each in voiding.conditional(room))
    is_way = any(room.cues.has(sign, room.words(sentence)) for sign in ("say_yes", "on_no", "effort"))
    return is_threat and not is_way


def _harder(room: Room) -> list[Span]:
    """Not where it is taking back that is hard: that is a fault of its own. Nor where we are the ones who write, or none must."""
    found = (
        each
        for each in room.find("harder")
        if not room.cues.has("withdraw", room.words(each)) and not room.cues.has("not", voiding.without_the_answer(room, each))
    )
    return [*(each for each in found if not room.is_done_by_us(each)), *_more_presses(room), *_in_person(room)][:1]


def _more_presses(room: Room) -> list[Span]:
    """`For no press 9, then 4`; and not `press 1 for yes, then 2 for no`."""
    return [
        each
        for each in room.find("many_keys")
        if not room.cues.has("say_yes", room.words(each)) and room.cues.has("say_no", room.words(room.sentence_of(each)))
    ]


def _in_person(room: Room) -> list[Span]:
    """To say no one must go somewhere, or bring somebody."""
    return [
        each
        for each in room.find("visit")
        if not voiding.is_denied_here(room, "visit", each)
        and room.cues.has("say_no", room.words(room.sentence_of(each)))
        and not room.cues.has("withdraw", room.words(room.sentence_of(each)))
    ]


def _kept_anyway(room: Room) -> list[Span]:
    """What was recorded stays after the yes is taken back: `even if you change your mind, we keep it`."""
    return [
        each
        for each in room.find("kept")
        if _is_if_withdrawn(room, room.words(room.sentence_of(each))) and not voiding.is_denied_here(room, "kept", each)
    ]


def _is_if_withdrawn(room: Room, sentence: str) -> bool:
    """`If you change your mind …`; and not `we keep it 30 days, and you can change your mind when you like`."""
    last = max((each.start for each in room.cues.find("withdraw", sentence)), default=-1)
    return any(each.end <= last for each in room.cues.find("in_case", sentence))


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
    names_keys = any(sentence.start <= key.start < sentence.end for key in spans_of(KEY, room.text))
    tells_how = names_keys or words.endswith("?") or any(room.cues.has(sign, words) for sign in ("objection", "withdraw"))
    return room.cues.has("on_no", words) and not tells_how and not any(overlap(each, sentence) for each in _harder(room))


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
        return is_named(controller, room.cues.language, room.said)
    return room.has("names") or room.cues.has_inner_name(room.text)


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
    "choice.opt_out": voiding.opt_out,
    "choice.conditional": voiding.conditional,
    "choice.perhaps_opt_out": voiding.perhaps_opt_out,
    "choice.perhaps_conditional": voiding.perhaps_conditional,
    "choice.kept_anyway": _kept_anyway,
    "choice.perhaps_bundled": _perhaps_bundled,
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
