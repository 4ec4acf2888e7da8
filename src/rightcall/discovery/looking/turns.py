"""Looking through a conversation: each side tells of itself."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rightcall.discovery.detection import dialogue
from rightcall.discovery.detection.letters import says_own_name
from rightcall.discovery.detection.model import Finding, Kind
from rightcall.discovery.detection.sides import is_answered_with, is_own_name
from rightcall.discovery.looking.model import Heard, Rules
from rightcall.discovery.looking.whose import clues_of, in_role, told_of
from rightcall.discovery.model import Found
from rightcall.discovery.parts import Turns

_OPENING = 1
"""Turns before that with which the side that works there begins: whoever is called says hello first."""


def turns_in(part: Turns, rules: Rules) -> Iterator[Found]:
    """A number may be said over several turns: then each of these has its piece of it."""
    for each, said in heard_in(part, rules, part.field):
        yield Found(
            object=part.object,
            finding=each.finding,
            row=str(part.first + said.turn),
            field=part.field,
            at=said.at,
            clues=each.clues,
            of_staff=each.of_staff,
            of_another=each.of_another,
        )


def heard_in(turns: Turns, rules: Rules, field: str | None) -> Iterator[tuple[Heard, dialogue.Said]]:
    """Each piece of each finding with what the whole tells, and where it was said."""
    text = dialogue.text_of(turns)
    found = dialogue.detect_turns(turns, patterns=rules.patterns, regions=rules.regions, least=rules.least)
    pieces = [(finding, dialogue.said(turns, finding)) for finding in found]
    heard = [(finding, said, turns.turns[said[0].turn].is_of_staff) for finding, said in pieces if said]
    told = Sides(rules, field, [(finding, text, side) for finding, _, side in heard])
    for finding, said, side in heard:
        whole = told.of(finding, text, side)
        for each in said:
            yield replace(whole, finding=replace(whole.finding, start=each.start, end=each.end, parts=())), each


class Sides:
    """What each side of a conversation tells of whose it is: the customer's side all that it says; the other only what the
    customer's says too, since it may speak of itself or of the company. A name by which it calls itself is its own."""

    def __init__(self, rules: Rules, field: str | None, heard: Sequence[tuple[Finding, str, bool | None]]) -> None:
        self._rules, self._field = rules, field
        customers = [(finding, text) for finding, text, side in heard if not side]
        if len(customers) == len(heard):
            customers = []
        self._said = {
            (clue.kind, clue.value.reveal("compare clues"))
            for each, text in customers
            for clue in clues_of(rules, each, text, field)
        }
        self._own = {word for finding, text in _introduced(heard) for word in _words(finding, text)} - {
            word for finding, text in customers if finding.type == Kind.PERSON_NAME for word in _words(finding, text)
        }

    def of(self, finding: Finding, text: str, side: bool | None) -> Heard:
        is_name = finding.type == Kind.PERSON_NAME
        if is_name and side is not None and self._own and _words(finding, text) <= self._own:
            return Heard(finding=in_role(finding, True), of_staff=True)
        is_own = side is False and says_own_name(text, finding.start, finding.end)
        clues = clues_of(self._rules, finding, text, self._field, is_own_name=is_own)
        if side:
            clues = [each for each in clues if (each.kind, each.value.reveal("compare clues")) in self._said]
        return told_of(finding, text, clues)


def _introduced(heard: Sequence[tuple[Finding, str, bool | None]]) -> list[tuple[Finding, str]]:
    """Names by which the side that works there calls itself: where it says so, else in the turn with which it answers."""
    names = [(finding, text) for finding, text, side in heard if side and finding.type == Kind.PERSON_NAME]
    said = [(each, text) for each, text in names if is_own_name(text, each.start, each.end)]
    first = [(each, text) for each, text in names if text.count("\n", 0, each.start) <= _OPENING]
    return said or [(each, text) for each, text in first if is_answered_with(text, each.start, each.end)]


def _words(finding: Finding, text: str) -> set[str]:
    return set(" ".join(text[start:end] for start, end in finding.stretches).casefold().split())
