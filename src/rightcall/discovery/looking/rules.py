"""The pure scanner: a part of a source in, findings with their places out. Nothing is read, written or asked elsewhere, and no
value that was found leaves it but as a clue, where clues are asked for.

A text's findings count characters in the whole text; those of a table in their cell; those of a conversation in their turn.
"""

from collections.abc import Iterator
from dataclasses import replace

from rightcall.discovery.detection.file_names import told_by_name
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.looking.rows import long_cell, rows_in
from rightcall.discovery.looking.texts import prose
from rightcall.discovery.looking.turns import turns_in
from rightcall.discovery.looking.whose import clues_of
from rightcall.discovery.model import Found, Read
from rightcall.discovery.parts import IN_NAME, Cell, Part, Prose, Rows


def look(part: Part, rules: Rules) -> Iterator[Found | Read]:
    """Its findings, and how much was read so far. Memory stays as bounded as the part is."""
    if isinstance(part, Prose):
        yield from prose(part, rules)
    elif isinstance(part, Rows):
        yield from rows_in(part, rules)
        yield Read(object=part.object, bytes=part.bytes, is_whole=False, rows=len(part.rows))
    elif isinstance(part, Cell):
        yield from long_cell(part, rules)
    else:
        yield from turns_in(part, rules)
        yield Read(object=part.object, bytes=part.bytes, is_whole=False)


def look_at_name(object: str, rules: Rules) -> Iterator[Found]:
    """One's own numbers, and telephone numbers, in the name of an object that is no table: whoever a file is named after, it is
    theirs."""
    for finding in told_by_name(object, rules.patterns, rules.regions) if rules.looks_at_names else ():
        told = replace(finding, why=f"{finding.why}; in the name of its file or folder")
        yield Found(object=object, finding=told, field=IN_NAME, clues=clues_of(rules, finding, object, IN_NAME))
