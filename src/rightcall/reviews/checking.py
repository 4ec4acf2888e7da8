"""What the words of a review must be before they are written down: said, in sentences, and about a purpose and not a person.

A machine cannot tell whether an answer is good. It can tell an empty one, one word, a placeholder; and an e-mail address or a
number, which has no business in a text about a purpose.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TypeVar

from rightcall.actors import Role
from rightcall.errors import Malformed
from rightcall.reviews.model import Alternative, Answers, Balancing, Content, Declared, Harm, Impact
from rightcall.reviews.rules import USES

LEAST_WORDS = 5
LEAST_HOW = 3
LEAST_NAMED = 2
MOST_LETTERS = 4_000
MOST_SPOKEN = 600
MOST_STEPS = 20
_WORD = re.compile(r"[^\W\d_]{2,}")
_PLACEHOLDER = re.compile(r"\b(tbd|todo|lorem ipsum|to be (?:done|decided|written))\b", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s@]+\s?(?:@|[(\[{]\s?at\s?[)\]}])\s?[^\s@]+(?:\.|\s?[(\[{]\s?dot\s?[)\]}]\s?)[^\s@]+", re.IGNORECASE)
_NUMBER = re.compile(r"(?:\+|\b)\d(?:[ ./()-]{0,2}\d){6,}")
# Two years, a day or a range of them, and what a law or standard is called are no person's number: years are of this century or
# the last, and no other digit stands beside them.
_YEAR = r"(?:19|20)\d{2}"
_ALONE = r"(?<![\d+])(?<!\d[ ./()-]){}(?![ ./()-]{{0,2}}\d)"
_NO_NUMBER = re.compile(
    "|".join(
        _ALONE.format(each)
        for each in (rf"{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", rf"{_YEAR}\s?-\s?{_YEAR}", rf"{_YEAR}/\d{{2,4}}")
    )
)
_MANY: Mapping[int, str] = {
    1: "a word at least",
    LEAST_NAMED: f"{LEAST_NAMED} different words or more",
    LEAST_HOW: f"{LEAST_HOW} different words or more",
    LEAST_WORDS: f"a whole sentence, {LEAST_WORDS} different words or more",
}
QUESTIONS: Mapping[str, str] = {
    "what_for": "For what purpose do we collect this, and who gains by it?",
    "clear_yes": "Do people clearly say yes, to exactly this? If it rests on something else: how do they know, and object?",
    "what_we_hold": "What do we hold for it, and where does it come from?",
    "kept_safe": "Is it stored safely? Who can reach it?",
    "need_all": "Do we need all of it? If not, how does it go?",
    "right_thing": "Are we doing the right thing? Would the people whom it is about say so?",
    "said_aloud": "The sentence that an agent would say to the customer's face.",
}
"""The six questions of the house, asked of one purpose, and the seventh that tells whether the six were answered honestly."""
T = TypeVar("T", Answers, Balancing, Impact)


def checked(content: Content) -> Content:
    """The same, trimmed and in NFC; Malformed names every answer that is none, and how to give it."""
    desk = _Desk()
    if not content.harms:
        desk.fault("Name at least one person or group who could be hurt, and how (harms). Nobody at all is rarely so.")
    if not content.alternatives:
        desk.fault("Name at least one alternative that needs less data (alternatives), and why it was not enough.")
    said = replace(
        content,
        answers=desk.all("answers", content.answers),
        harms=tuple(desk.harm(place, each) for place, each in enumerate(content.harms, start=1)),
        alternatives=tuple(desk.alternative(place, each) for place, each in enumerate(content.alternatives, start=1)),
        declared=desk.declared(content.declared),
        balancing=None if content.balancing is None else desk.all("balancing", content.balancing),
        impact=None if content.impact is None else desk.all("impact", content.impact),
    )
    if desk.faults:
        raise Malformed("\n".join(desk.faults))
    return said


class _Desk:
    """Reads every answer and gathers what is amiss, so that whoever wrote them mends all in one round."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def fault(self, says: str) -> None:
        self.faults.append(says)

    def said(self, where: str, text: str, *, least: int = LEAST_WORDS) -> str:
        try:
            return _said(where, text, least=least)
        except Malformed as error:
            self.fault(str(error))
            return text

    def all(self, part: str, written: T) -> T:
        texts = {each.name: self.said(f"{part}.{each.name}", getattr(written, each.name)) for each in fields(written)}
        return replace(written, **texts)

    def harm(self, place: int, harm: Harm) -> Harm:
        where = f"Number {place} of harms"
        return replace(
            harm,
            who=self.said(f"{where}, who", harm.who, least=1),
            how=self.said(f"{where}, how", harm.how),
            done=self.said(f"{where}, done", harm.done),
        )

    def alternative(self, place: int, alternative: Alternative) -> Alternative:
        where = f"Number {place} of alternatives"
        return replace(
            alternative,
            what=self.said(f"{where}, what", alternative.what, least=LEAST_NAMED),
            why=self.said(f"{where}, why", alternative.why),
        )

    def declared(self, declared: Declared) -> Declared:
        for name in ("steps_to_accept", "steps_to_decline"):
            if not 1 <= getattr(declared, name) <= MOST_STEPS:
                self.fault(f"declared.{name} is how many keys or clicks it takes: from 1 to {MOST_STEPS}.")
        if not declared.acts:
            self.fault("Say in declared.acts what is done for this purpose, such as capture and play.")
        if not declared.acts <= USES:
            self.fault(f"declared.acts are uses: of {', '.join(sorted(USES))}. Asking and erasing need no naming.")
        if not declared.roles <= frozenset(Role) - {Role.SYSTEM, Role.SUBJECT}:
            self.fault("declared.roles are those of people who work here. Rightcall itself and the person need no naming.")
        return replace(
            declared,
            unrecorded_line=self._how("declared.unrecorded_line", declared.unrecorded_line),
            other_proof=self._how("declared.other_proof", declared.other_proof),
        )

    def _how(self, where: str, text: str | None) -> str | None:
        return None if text is None else self.said(where, text, least=LEAST_HOW)


def _said(where: str, text: str, *, least: int = LEAST_WORDS) -> str:
    """The text in NFC and trimmed. What was written is never repeated in the message."""
    said = unicodedata.normalize("NFC", text).strip()
    most = MOST_SPOKEN if where.endswith("said_aloud") else MOST_LETTERS
    words = {word.casefold() for word in _WORD.findall(said)}
    if not said:
        raise Malformed(f"{where} is empty. Answer it in a sentence that a customer would understand.")
    if len(words) < least:
        raise Malformed(f"{where} says too little. Answer it in {_MANY[least]}.")
    if len(said) > most:
        raise Malformed(f"{where} is too long. Say it in {most} characters or less.")
    if any(unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t" for letter in said):
        raise Malformed(f"{where} holds control characters. Give plain text.")
    if _PLACEHOLDER.search(said):
        raise Malformed(f"{where} still holds a placeholder. Replace it by your own answer.")
    if _ADDRESS.search(said) or _NUMBER.search(_NO_NUMBER.sub("", said)):
        raise Malformed(f"{where} holds an address or a number. A review is about a purpose: name nobody in it.")
    return said
