"""Looking through a text: a letter, a list of people, lines that say who speaks."""

from collections.abc import Iterator, Sequence

from rightcall.discovery.detection.entries import Told, entries, entry_at
from rightcall.discovery.detection.letters import Letter
from rightcall.discovery.detection.model import Finding
from rightcall.discovery.detection.roles import is_staff
from rightcall.discovery.detection.rules import REACH
from rightcall.discovery.detection.sides import Lines, is_written_talk
from rightcall.discovery.looking.model import Heard, Rules
from rightcall.discovery.looking.naming import named_again
from rightcall.discovery.looking.reading import Window, windows
from rightcall.discovery.looking.turns import Sides
from rightcall.discovery.looking.whose import in_letter, in_role, in_window, said_in
from rightcall.discovery.model import Found, Read
from rightcall.discovery.parts import Prose
from rightcall.discovery.writers import names_writer

_SHORT_TEXT = 2000
"""Characters up to which a text is one record, unless it is a list of several people."""
_HEAD = "headers"
"""Of a message, which is one record whoever else it went to."""


def prose(part: Prose, rules: Rules) -> Iterator[Found | Read]:
    """A text whose lines say who speaks is one record, however long it is."""
    is_talk = False
    for window in windows(part.pieces, reach=REACH, size=rules.window):
        is_talk = is_talk or (window.offset == 0 and is_written_talk(window.text))
        is_short = window.offset == 0 and window.first == 0 and window.last == len(window.text) <= _SHORT_TEXT
        letter = Letter(window.text) if is_short and not is_talk else None
        heard = list(_roles(part, window, rules, letter, is_talk=is_talk))
        begins = _entries(window.text, heard) if letter is not None and part.field != _HEAD else []
        found = (
            Found(
                object=part.object,
                finding=each.finding.moved(window.offset),
                field=part.field,
                record=_record(window, each.finding.start, begins, is_one=is_short or is_talk),
                clues=each.clues,
                of_staff=each.of_staff,
                of_another=each.of_another,
                of_writer=names_writer(part, window.text, each.finding.start),
            )
            for each in heard
        )
        yield from found if letter is None else named_again((each, said_in(window.text, each.finding)) for each in found)
        yield Read(object=part.object, bytes=window.bytes, is_whole=False)


def _record(window: Window, start: int, begins: Sequence[int], *, is_one: bool) -> str:
    """The entry or the line that a place stands on, by where it begins."""
    if begins:
        return f"@{window.offset + entry_at(begins, start)}"
    return "" if is_one else f"@{window.offset + window.text.rfind(chr(10), 0, start) + 1}"


def _entries(text: str, heard: Sequence[Heard]) -> list[int]:
    told = [(each.finding, [(clue.kind, clue.value) for clue in each.clues]) for each in heard if not each.of_staff]
    return entries(text, [Told(*each) for each in told])


def _roles(part: Prose, window: Window, rules: Rules, letter: Letter | None, *, is_talk: bool) -> Iterator[Heard]:
    found = list(in_window(window, rules, None))
    if part.field is not None and is_staff(part.field):
        yield from (Heard(finding=in_role(each, True), of_staff=True) for each in found)
    elif letter is not None:
        yield from _written(part, window.text, rules, letter, found)
    else:
        lines = Lines(window.text if is_talk else "")
        told = Sides(rules, part.field, [(each, window.text, lines.side_at(each.start)) for each in found])
        yield from (told.of(each, window.text, lines.side_at(each.start)) for each in found)


def _written(part: Prose, text: str, rules: Rules, letter: Letter, found: list[Finding]) -> Iterator[Heard]:
    """Of one writer: what is quoted is told of somebody else."""
    if letter.is_answer or (part.field or "").startswith("body"):
        found = sorted([*found, *letter.signed(found)], key=lambda each: each.start)
    yield from (in_letter(rules, each, text, part.field, letter) for each in found)
