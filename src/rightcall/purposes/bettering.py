"""A better wording for what is wrong with a notice, in the notice's own language and from its own facts.

The sentences are data, one set a language (`[better]` in wording/). What they are made of: the controller's name, the purpose
as the words or the register's title give it, and the keys. Where a fact is not known they leave a gap that says what belongs
there. No fluent lawyer has reviewed them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rightcall.purposes.cues import Cues, cues_of, languages, likely_language, spans_of
from rightcall.purposes.model import MAY_BE_OBJECTED_TO, Keypad, LawfulBasis

_VAGUE_BY_ITSELF = "quality"
_STOP = re.compile(r"[,;/&+]")
_SENTENCE_END = re.compile(r"[.?!;:\n]")
_KEYS = Keypad(yes="1", no="2")
# By rule: which of the sentences below says it better. What is missing here has no wording of its own.
_INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "language.not_read": "whole",
        "language.not_as_named": "whole",
        "ask.no_question_mark": "ask",
        "ask.no_question": "ask",
        "ask.told_not_asked": "ask",
        "choice.opt_out": "clear_yes",
        "choice.conditional": "on_no",
        "choice.perhaps_opt_out": "clear_yes",
        "choice.perhaps_conditional": "on_no",
        "choice.kept_anyway": "withdraw",
        "choice.bundled": "each",
        "choice.perhaps_bundled": "ask",
        "choice.no_refusal": "answer",
        "choice.no_is_harder": "answer",
        "choice.no_is_harder_by_key": "answer",
        "choice.keys_unsaid": "answer",
        "choice.unequal_answers": "answer",
        "choice.pressure": "either",
        "choice.withdrawal_is_harder": "withdraw",
        "informed.no_purpose": "ask",
        "informed.vague_purpose": "ask",
        "informed.nobody_asks": "who",
        "informed.no_name": "who",
        "informed.no_withdrawal": "withdraw",
        "informed.no_consequence": "on_no",
        "tell.fake_choice": "ask",
        "tell.no_objection": "object",
        "plain.too_long": "whole",
        "plain.long_sentence": "whole",
        "plain.hard_to_follow": "whole",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a notice: `sorts` are the sorts of purpose that its words name, `keys` those it is answered with. Where
    `basis` is not consent, what it should say tells and does not ask. Where it `leaves_open` the purpose, there is a gap for it:
    no good wording can be made of the title."""

    cues: Cues
    controller: str | None
    title: str | None
    sorts: Sequence[str]
    keys: Keypad | None
    basis: LawfulBasis = LawfulBasis.CONSENT
    leaves_open: bool = False


def better(rule: str, known: Known) -> str | None:
    """What to say instead of what this rule found."""
    name = _INSTEAD.get(rule)
    return None if name is None else _sentences(known)[name]


def whole(known: Known) -> str:
    """A notice that asks for this purpose, and has none of the faults that are looked for."""
    return _sentences(known)["whole"]


def keys_said(keypad: Keypad | None, said: frozenset[str]) -> Keypad | None:
    """The keys to answer with: the notice's own, or 1 and 2 where the words name keys; None where the answer is spoken."""
    if keypad is not None and keypad.yes != keypad.no and len(keypad.yes) == len(keypad.no) == 1:
        return keypad
    return _KEYS if said or keypad is not None else None


def _sentences(known: Known) -> Mapping[str, str]:
    say = known.cues.better
    who = say["unnamed"] if known.controller is None else _filled(say["who"], controller=known.controller)
    answer = say["voice"] if known.keys is None else _filled(say["keys"], yes=known.keys.yes, no=known.keys.no)
    ask = _open(known) if known.leaves_open else _asked(known, _sort_asked(known))
    each = " ".join(f"{_asked(known, sort)} {answer}" for sort in known.sorts)
    told = [who, ask, *([say["object"]] if known.basis in MAY_BE_OBJECTED_TO else [])]
    asked = [who, ask, answer, say["on_no"], say["withdraw"]]
    return {
        "who": who,
        "ask": ask,
        "each": each,
        "answer": answer,
        "on_no": say["on_no"],
        "withdraw": say["withdraw"],
        "clear_yes": say["clear_yes"],
        "either": f"{say['either']} {answer}",
        "object": say["object"],
        "whole": " ".join(asked if known.basis is LawfulBasis.CONSENT else told),
    }


def _asked(known: Known, sort: str | None) -> str:
    say = known.cues.better
    asks = known.basis is LawfulBasis.CONSENT
    if sort is not None:
        return _filled(say["ask" if asks else "tell"], purpose=known.cues.better_purposes[sort])
    if known.title is not None and _is_clear(known.title, known.cues):
        return _filled(say["titled" if asks else "tell_titled"], title=known.title.rstrip("."))
    return _open(known)


def _open(known: Known) -> str:
    return known.cues.better["untitled" if known.basis is LawfulBasis.CONSENT else "tell_untitled"]


def _is_clear(title: str, cues: Cues) -> bool:
    """A title to ask with: some words and no sentence, in the notice's language, of which somebody knows what they say yes to."""
    is_words = any(letter.isalpha() for letter in title) and not _SENTENCE_END.search(title.rstrip("."))
    return is_words and likely_language(title) in (None, cues.language) and not cues.has("vague", title)


def _sort_asked(known: Known) -> str | None:
    """The sort of the register's purpose; else of the words, the vaguest last."""
    of_title = None if known.title is None else _sort_of(known.title, known.cues.language)
    if of_title is not None or known.title is not None:
        return of_title
    return next((sort for sort in known.sorts if sort != _VAGUE_BY_ITSELF), next(iter(known.sorts), None))


def _sort_of(title: str, language: str) -> str | None:
    """By the cues of all languages: a register's titles are often in one. None where it names several things: to ask for one of
    them would drop the others."""
    sorts = _sorts_of(title)
    named = {sort for part in _parts(title, language) for sort in _sorts_of(part) or [""]}
    return sorts[0] if len(sorts) == 1 and named == set(sorts) else None


def _sorts_of(words: str) -> list[str]:
    known = [cues for each in languages() if (cues := cues_of(each)) is not None]
    return list(dict.fromkeys(sort for cues in known for sort in cues.purposes if cues.names_purpose(sort, words)))


def _parts(title: str, language: str) -> list[str]:
    """What stands between commas and words such as `and`."""
    spoken = [cues for each in (language, likely_language(title)) if each is not None and (cues := cues_of(each)) is not None]
    marks = [*spans_of(_STOP, title), *(mark for cues in spoken for mark in cues.find("and", title))]
    edges = sorted((mark.start, mark.end) for mark in marks)
    starts, ends = [0, *(end for _, end in edges)], [*(start for start, _ in edges), len(title)]
    return [part for start, end in zip(starts, ends, strict=True) if (part := title[start:end]).strip()]


def _filled(sentence: str, **facts: str) -> str:
    """Facts are put in as they are: braces in a name are no places for other facts."""
    for name, fact in facts.items():
        before, place, after = sentence.partition("{" + name + "}")
        sentence = before + fact + after if place else sentence
    return sentence
