"""The two faults that make a yes none, whatever else is said: taking silence for it, and making the service depend on it.

A notice with one does not enter the register, so only what is certain is one. Words that a fair notice has as well as a void
one (`if you say nothing …`) are told apart by what follows from them and by what denies them; where that cannot be told
either, the fault is a `perhaps`, which is said and refuses nothing.
"""

from collections.abc import Iterable, Iterator

from rightcall.purposes.cues import Span, words_of
from rightcall.purposes.room import KEY, Room, overlap

_NEAR_BEFORE, _NEAR_AFTER, _NEAR_MEANING, _SHORT = 3, 2, 5, 3
_NEAR_SERVING = 5
_FAIR, _PERHAPS, _CERTAIN = range(3)


def opt_out(room: Room) -> list[Span]:
    return [span for span, weight in _opt_outs(room) if weight == _CERTAIN]


def perhaps_opt_out(room: Room) -> list[Span]:
    return _perhaps(_opt_outs(room))


def conditional(room: Room) -> list[Span]:
    return [span for span, weight in _conditionals(room) if weight == _CERTAIN]


def perhaps_conditional(room: Room) -> list[Span]:
    return _perhaps(_conditionals(room))


def _perhaps(found: Iterator[tuple[Span, int]]) -> list[Span]:
    """The first; none beside what is certain, which is said already."""
    weighed = list(found)
    is_certain = any(weight == _CERTAIN for _, weight in weighed)
    return [] if is_certain else [span for span, weight in weighed if weight == _PERHAPS][:1]


def is_denied_here(room: Room, sign: str, span: Span) -> bool:
    """A word of no in it or right beside it: `you do not wait longer`, `warten Sie nicht länger`."""
    if not room.cues.is_affirmative(sign, room.words(span)):
        return _is_denied_at_once(room, span)
    before, after = _around(room, span)
    near = words_of(before)[-_NEAR_BEFORE:]
    first = words_of(after)[:_NEAR_AFTER]
    beside = before[near[0].start :] if near else ""
    behind = after[: first[-1].end] if first else ""
    inside = without_the_answer(room, span)
    return any(room.cues.has("not", words) for words in (beside, inside, behind)) or _means_not(room, span)


def _opt_outs(room: Room) -> Iterator[tuple[Span, int]]:
    """Asking only for objections is opt-out too, where nobody is asked for a yes. What follows from silence is looked for where
    its sentence is not found already."""
    found = [(each, _weight_of_opt_out(room, each)) for each in room.find("opt_out")]
    yield from found
    for each in [] if room.has("say_yes") else room.find("objection"):
        yield each, _FAIR if room.records_nothing(each) else _CERTAIN
    for each in room.find("already"):
        yield each, _weight_of_recording(room, "already", each)
    for sign in ("starts", "counts_yes"):
        for each in room.find(sign):
            sentence = room.sentence_of(each)
            is_found = any(overlap(span, sentence) for span, weight in found if weight == _CERTAIN)
            if not is_found and room.cues.has("silence", room.words(sentence)):
                yield each, _weight_of_recording(room, sign, each)


def _weight_of_opt_out(room: Room, span: Span) -> int:
    rest = room.text[span.start : room.sentence_of(span).end]
    counts_no, says_yes = room.cues.has("counts_no", rest), room.cues.has("consent", _blanked(room, rest, ("counts_no",)))
    is_fair = room.records_nothing(span) or _is_denied(room, "opt_out", span) or _is_without_yes(room, span)
    if is_fair or (counts_no and not says_yes):
        return _FAIR
    goes_on = says_yes or any(room.cues.has(sign, room.words(room.sentence_of(span))) for sign in ("starts", "record"))
    is_bare = not goes_on and _is_only_if(room, room.words(span))
    return _PERHAPS if counts_no or is_bare or _may_be_denied(room, "opt_out", span) else _CERTAIN


def _is_only_if(room: Room, words: str) -> bool:
    """`If you say nothing …`, `if you stay …`: what then, is not in these words."""
    is_short = room.cues.has("in_case", words) and len(words_of(words)) <= _SHORT
    return is_short or room.cues.has("silence", words)


def _is_without_yes(room: Room, span: Span) -> bool:
    """`Unless you say yes, …`: no silence is taken for it; whether the service depends on it is another fault."""
    clause = room.text[span.end : room.clause_of(span).end]
    first = words_of(clause)[:_NEAR_AFTER]
    return bool(first) and room.cues.has("unless", room.words(span)) and room.cues.has("consent", clause[: first[-1].end])


def _weight_of_recording(room: Room, sign: str, span: Span) -> int:
    """That it runs, or starts by itself: not where it does so only after something, or after a yes."""
    sentence = room.words(room.sentence_of(span))
    is_fair = room.records_nothing(span) or _is_denied(room, sign, span) or room.cues.has("only", sentence)
    if is_fair or room.words(room.sentence_of(span)).endswith("?"):
        return _FAIR
    after_yes = room.cues.has("say_yes", sentence) and not room.cues.has("say_yes", room.words(span))
    return _PERHAPS if after_yes or _may_be_denied(room, sign, span) else _CERTAIN


def _conditionals(room: Room) -> Iterator[tuple[Span, int]]:
    for each in room.find("conditional"):
        yield each, _weight_of_condition(room, "conditional", each)
    for each in room.find("worse"):
        if _is_of_a_no(room, each):
            yield each, _weight_of_condition(room, "worse", each)
    for each in room.find("later"):
        if _is_of_a_no(room, each):
            yield each, min(_PERHAPS, _weight_of_condition(room, "later", each))
    for each in room.find("serve"):
        if _is_of_a_no(room, each) and _is_withheld(room, each):
            yield each, _CERTAIN
    yield from _only_for_a_yes(room)


def _only_for_a_yes(room: Room) -> Iterator[tuple[Span, int]]:
    """`We only advise people who have agreed`, `help is given only after a yes`; where the help is named last, it may be a use of
    the recording that depends on the yes. Not where what depends on it is the recording."""
    usual = room.find("consequence")
    for each in room.find("only"):
        sentence = room.sentence_of(each)
        words = room.words(sentence)
        yes = next((span for span in room.find("consent") if each.end <= span.start < sentence.end), None)
        helps = [span for span in room.find("serve") if overlap(span, sentence)]
        is_near = yes is not None and len(words_of(room.text[each.end : yes.start])) <= _NEAR_SERVING
        is_both = words.endswith("?") or room.cues.has("say_no", words)
        is_other = is_both or room.cues.has("record", words) or any(overlap(each, span) for span in usual)
        if yes is not None and is_near and helps and not is_other and not _is_denied_at_once(room, each):
            yield each, _CERTAIN if helps[0].start < yes.start else _PERHAPS


def _is_withheld(room: Room, span: Span) -> bool:
    """Help, and a word of no beside it: `we won't be able to help you`, `wird nicht bedient`. Not where what is denied is that it
    is less (`we help you no less`), that anything changes or hinders it, or what is done with the recording."""
    before, after = _around(room, span)
    near, first = words_of(before)[-_NEAR_SERVING:], words_of(after)[:_NEAR_BEFORE]
    beside = before[near[0].start :] if near else ""
    behind = after[: first[-1].end] if first else ""
    clause = room.words(room.clause_of(span))
    if not any(room.cues.has("not", words) for words in (beside, behind)) or _means_not(room, span):
        return False
    unchanged = any(room.cues.has("not", clause[each.start : each.end]) for each in room.cues.find("consequence", clause))
    return not unchanged and not any(room.cues.has(sign, clause) for sign in ("less", "record"))


def _weight_of_condition(room: Room, sign: str, span: Span) -> int:
    if _is_denied(room, sign, span) or room.records_nothing(span) or _is_only_recording(room, span) or _is_of_course(room, span):
        return _FAIR
    return _PERHAPS if _may_be_denied(room, sign, span) else _CERTAIN


def _is_of_course(room: Room, span: Span) -> bool:
    """It says when, or that there is none, and makes nothing depend on a no: `when you hang up`, `you can hang up`."""
    before = room.text[room.sentence_of(span).start : span.start]
    signs = ("no_harm",) if _is_of_a_no(room, span) else ("no_harm", "may_do")
    return any(not before[each.end :].strip() for sign in signs for each in room.cues.find(sign, before))


def _is_only_recording(room: Room, span: Span) -> bool:
    """`We record only if you say yes`: what depends on the yes is the recording, and no service."""
    if not room.cues.has("only", room.words(span)):
        return False
    clause = room.words(room.clause_of(span))
    whole = clause if room.cues.has("record", clause) else room.words(room.sentence_of(span))
    return room.cues.has("record", whole) and not room.cues.has("serve", whole)


def _is_of_a_no(room: Room, span: Span) -> bool:
    """What is worse is so for whoever says no, or presses its key."""
    sentence = room.sentence_of(span)
    words = room.words(sentence)
    names_key = KEY.search(words) is not None and not room.cues.has("say_yes", words)
    return names_key or any(room.cues.has(sign, words) for sign in ("say_no", "on_no")) or _starts_with_no(room, sentence)


def _starts_with_no(room: Room, sentence: Span) -> bool:
    return any(overlap(each, sentence) for each in room.find("objection"))


def _is_denied(room: Room, sign: str, span: Span) -> bool:
    return is_denied_here(room, sign, span)


def _is_denied_at_once(room: Room, span: Span) -> bool:
    """The word right before it, unless that is the answer: `säger du nej kan vi inte hjälpa dig`."""
    clause = room.clause_of(span)
    last = words_of(room.text[clause.start : span.start].rstrip())[-1:]
    before, _ = _around(room, span)
    return any(room.cues.has("no", before[each.start : each.end]) for each in last)


def _may_be_denied(room: Room, sign: str, span: Span) -> bool:
    """A word of no further off in the same clause: it may deny this, or something else."""
    before, _ = _around(room, span)
    return room.cues.is_affirmative(sign, room.words(span)) and room.cues.has("not", before)


def _means_not(room: Room, span: Span) -> bool:
    """`It does not mean that you wait longer`, with few words between."""
    before = room.text[room.sentence_of(span).start : span.start]
    return any(len(words_of(before[each.end :])) <= _NEAR_MEANING for each in room.cues.find("not_mean", before))


def _around(room: Room, span: Span) -> tuple[str, str]:
    """What stands before it and after it in its clause, without the words that are an answer of no."""
    clause = room.clause_of(span)
    return without_the_answer(room, Span(clause.start, span.start)), without_the_answer(room, Span(span.end, clause.end))


def without_the_answer(room: Room, span: Span) -> str:
    """`if you do not agree`, `if you say nothing`: these deny nothing, they are a no."""
    return _blanked(room, room.words(span), ("say_no", "on_no", "silence"))


def _blanked(room: Room, words: str, signs: Iterable[str]) -> str:
    """With spaces where these signs stand, so that every letter stays in its place."""
    for each in [span for sign in signs for span in room.cues.find(sign, words)]:
        words = words[: each.start] + " " * (each.end - each.start) + words[each.end :]
    return words
