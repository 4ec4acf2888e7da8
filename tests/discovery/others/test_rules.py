"""Whose a name is that stands in a record about Eve Marlowe, who was never called otherwise."""

from uuid import UUID

import pytest

from rightcall.discovery.linking.clues import ClueKind, clues
from rightcall.discovery.linking.model import Blinds
from rightcall.discovery.others.rules import NameThere, names_of_others
from rightcall.ids import FindingId, new_id

NOTE, OTHER_NOTE, ROW = UUID(int=1), UUID(int=2), UUID(int=3)


def told(name: str) -> Blinds:
    found = clues("person_name", name)
    return {kind: frozenset(c.value.reveal("test").encode() for c in found if c.kind is kind) for kind in {c.kind for c in found}}


def there(name: str, record: UUID = NOTE, field: str | None = "note", *, is_alone: bool = False) -> NameThere:
    return NameThere(finding=FindingId(new_id()), record=record, field=field, is_alone=is_alone, clues=told(name))


HERS = there("Eve Marlowe", ROW, "name", is_alone=True)
NOBODY: Blinds = {}


@pytest.mark.parametrize(
    ("name", "tells", "is_anothers"),
    [
        ("Eve Marlowe", True, False),
        ("Ms E. Marlowe", True, False),
        ("MARLOWE, Eve", True, False),
        ("Fay Tumblewick", False, True),
        ("Adam Marlowe", False, True),
        ("F. Marlowe", False, True),
        ("Eve Marlow", False, False),
        ("Eve Tumblewick", True, True),
        ("Evie", False, False),
        ("Evie", True, True),
    ],
    ids=str,
)
def test_a_name_in_a_text_is_hers_where_nothing_of_it_differs(name: str, tells: bool, is_anothers: bool) -> None:
    """`tells`: something else in the note is another's. Then what cannot be told is taken for another's too."""
    asked = there(name)
    found = names_of_others([HERS, asked], NOBODY, known_to_others=(), tell_of_others=[NOTE] if tells else [])
    assert found == (frozenset([asked.finding]) if is_anothers else frozenset())


def test_another_in_a_note_makes_the_rest_of_that_note_doubtful_and_of_no_other() -> None:
    fay, one, two = there("Fay Tumblewick"), there("Evie"), there("Evie", OTHER_NOTE)
    found = names_of_others([HERS, fay, one, two], NOBODY, known_to_others=(), tell_of_others=[])
    assert found == {fay.finding, one.finding}


def test_a_note_that_begins_with_another_makes_nobody_of_that_name() -> None:
    fay = there("Fay Tumblewick", is_alone=True)
    assert names_of_others([HERS, fay], NOBODY, known_to_others=(), tell_of_others=[]) == {fay.finding}


def test_what_a_call_told_and_else_what_stands_alone_is_her_name() -> None:
    eve, fay = there("Eve Marlowe", is_alone=True, field="who"), there("Fay Tumblewick")
    assert names_of_others([eve, fay], NOBODY, known_to_others=(), tell_of_others=[]) == {fay.finding}
    assert names_of_others([fay], told("Eve Marlowe"), known_to_others=(), tell_of_others=[]) == {fay.finding}


def test_of_whom_no_name_is_known_it_is_hers_unless_it_is_anothers_own() -> None:
    fay = there("Fay Tumblewick")
    assert names_of_others([fay], NOBODY, known_to_others=(), tell_of_others=[]) == frozenset()
    assert names_of_others([fay], NOBODY, known_to_others=fay.clues[ClueKind.NAME_FULL], tell_of_others=[]) == {fay.finding}
