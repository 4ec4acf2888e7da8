"""Transcripts that lie in a table, a turn a row: rows of one call that follow each other are heard together.

Such a table has a column for the call, one for what was said, and one for who said it or which turn it is. A table without a
column for the call is heard as one conversation where few speak in it, and who they are says of some on which side they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rightcall.discovery.detection.sides import side_of, sided
from rightcall.discovery.parts import Row, Rows, Turn, Turns

SAID = ("text", "transcript", "utterance", "content", "body", "message", "sentence")
BY = ("speaker", "speaker_id", "speaker_label", "speakerid", "participant", "participant_id", "channel", "role", "party", "from")
_BY_TOO = (*BY, "speaker_name", "speaker_role", "sender", "sender_id", "author", "who", "sprecher", "taler", "talare")
_SAID_TOO = (*SAID, "turn_text", "utterance_text", "message_text", "said", "words", "tekst", "texte")
_OF = "call|conversation|session|interaction|contact|recording|dialog|dialogue|chat|samtal|samtale|opkald|gespräch|appel"
_CALL = re.compile(rf"(?:{_OF})(?:_?(?:id|uuid|no|nr|number|key|ref))?")
_TURN = re.compile(r"(?:turn|seq|sequence|utterance|line|segment|position)(?:_?(?:id|no|nr|number|index|order))?")
_HUMP = re.compile("(?<=[a-z])(?=[A-Z])")
_OF_SOMEBODY = frozenset({"name", "type", "id", "value", "label"})
_LETTERS = frozenset({"subject", "betreff", "objet", "emne", "ämne", "cc", "bcc"})
_MOST_TURNS = 200
_MOST_PARTIES = 8


@dataclass(frozen=True, slots=True)
class Talk:
    """The columns of a table of turns, by number."""

    call: int | None
    said: int
    by: int | None


def talk_in(part: Rows) -> Talk | None:
    """None where its rows are no turns. Letters have lines, and many write them."""
    talk = talk_of(part.heads)
    if talk is not None or (talk := _talk_of_one(part.heads)) is None or talk.by is None:
        return talk
    names = {row.cells[talk.by] or "" for row in part.rows}
    are_told = any(side_of(name) is not None for name in names)
    is_said = not any("\n" in (row.cells[talk.said] or "") for row in part.rows)
    return talk if are_told and is_said and 1 < len(names) <= _MOST_PARTIES else None


def _talk_of_one(heads: Sequence[str]) -> Talk | None:
    """A table that may hold one conversation, by what its columns are called where their paths end."""
    names = [_ends(head) for head in heads]
    said, by = ([number for number, name in enumerate(names) if name in known] for known in (_SAID_TOO, _BY_TOO))
    return Talk(None, said[0], by[0]) if len(said) == 1 and by and not _LETTERS.intersection(names) else None


def _ends(path: str) -> str:
    """`from` of `[].from.name`."""
    steps = [step for step in (each.removesuffix("[]") for each in path.split(".")) if step]
    named = steps[:-1] if len(steps) > 1 and steps[-1].lower() in _OF_SOMEBODY else steps
    return _plain(named[-1] if named else "")


def _plain(head: str) -> str:
    return re.sub(r"[\s-]+", "_", _HUMP.sub("_", head.strip())).lower()


def talk_of(heads: Sequence[str]) -> Talk | None:
    """None where rows are no turns, or where it is not clear which column is what."""
    names = [_plain(head) for head in heads]
    calls, turns = ([number for number, name in enumerate(names) if form.fullmatch(name)] for form in (_CALL, _TURN))
    said, by = ([number for number, name in enumerate(names) if name in known] for known in (_SAID_TOO, _BY_TOO))
    if len(calls) != 1 or len(said) != 1 or not (by or turns):
        return None
    return Talk(calls[0], said[0], by[0] if by else None)


def without(part: Rows, talk: Talk) -> Rows:
    """The same rows without what was said."""
    rows = tuple(Row(row.key, (*row.cells[: talk.said], None, *row.cells[talk.said + 1 :]), row.known_by) for row in part.rows)
    return Rows(object=part.object, heads=part.heads, rows=rows, bytes=part.bytes, measured=part.measured)


def conversations(part: Rows, talk: Talk) -> Iterator[tuple[tuple[Row, ...], Turns]]:
    """Rows and what they say, call by call; a long call in pieces."""
    for _, group in groupby(part.rows, key=lambda row: None if talk.call is None else row.cells[talk.call]):
        rows = tuple(group)
        for first in range(0, len(rows), _MOST_TURNS):
            piece = rows[first : first + _MOST_TURNS]
            yield piece, Turns(object=part.object, turns=sided(tuple(_turns(piece, talk))), bytes=0)


def together(part: Rows, talk: Talk) -> Rows:
    """Rows of one call are one record, wherever they lie in their table. Where nothing says which call it is, each row is one."""
    if talk.call is None:
        return part
    at = talk.call
    rows = tuple(Row(row.key, row.cells, f"call {row.cells[at]}" if row.cells[at] else row.known_by) for row in part.rows)
    return Rows(object=part.object, heads=part.heads, rows=rows, bytes=part.bytes, measured=part.measured)


def _turns(rows: Sequence[Row], talk: Talk) -> Iterator[Turn]:
    """Where nobody knows who speaks, the parties take turns."""
    speakers: dict[str, int] = {}
    for number, row in enumerate(rows):
        name = str(number % 2) if talk.by is None else row.cells[talk.by] or ""
        yield Turn(speakers.setdefault(name, len(speakers)), row.cells[talk.said] or "", None, side_of(name))
