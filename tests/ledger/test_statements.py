"""No statement of any room can carry words: every field of every statement is walked by its type."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import ClassVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

import rightcall
from rightcall.ids import SubjectId
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.personal import Personal
from tests.ledger.fakes import Observed

_PLAIN = (UUID, datetime, date, int, bool, Digest, Commitment, NoneType)
_KIND = re.compile(r"[a-z_]+\.[a-z_]+")


def statement_classes() -> list[type[Statement]]:
    """Every subclass in every room; the tests' own are planted, not walked."""
    for module in pkgutil.walk_packages(rightcall.__path__, "rightcall."):
        if module.name.endswith(".statements"):
            importlib.import_module(module.name)
    classes = [each for each in below(Statement) if each.__module__.startswith("rightcall.")]
    # A dataclass with slots is a second class of the same name; the first lingers, and is not what anybody can make.
    finished = {(each.__module__, each.__qualname__) for each in classes if "__slots__" in vars(each)}
    return [each for each in classes if "__slots__" in vars(each) or (each.__module__, each.__qualname__) not in finished]


def below(parent: type[Statement]) -> Iterator[type[Statement]]:
    for child in parent.__subclasses__():
        yield child
        yield from below(child)


def wordy_fields(statement: type[Statement]) -> list[str]:
    hints = get_type_hints(statement)
    return [name for name, hint in hints.items() if get_origin(hint) is not ClassVar and not is_wordless(hint)]


def is_wordless(hint: object) -> bool:
    hint = getattr(hint, "__supertype__", hint)
    if get_origin(hint) in (Union, UnionType, tuple):
        return all(part is Ellipsis or is_wordless(part) for part in get_args(hint))
    return isinstance(hint, type) and (hint in _PLAIN or issubclass(hint, StrEnum))


def test_there_are_statements_to_walk() -> None:
    assert len(statement_classes()) > 5


def test_no_statement_can_carry_words() -> None:
    assert {each.__qualname__: wordy_fields(each) for each in statement_classes() if wordy_fields(each)} == {}


def names_a_person(hint: object) -> bool:
    return hint is SubjectId or any(names_a_person(part) for part in get_args(hint))


def test_no_statement_names_a_person_but_by_a_commitment() -> None:
    named = {
        each.__qualname__: [n for n, hint in get_type_hints(each).items() if names_a_person(hint)] for each in statement_classes()
    }
    assert {statement: fields for statement, fields in named.items() if fields} == {}
    assert names_a_person(SubjectId | None)
    assert names_a_person(tuple[SubjectId, ...])


def test_no_field_takes_the_name_of_what_every_leaf_has() -> None:
    assert [each.__qualname__ for each in statement_classes() if {"kind", "id"} & set(get_type_hints(each))] == []


def test_every_statement_is_a_frozen_dataclass_in_a_statements_file_with_a_kind_of_its_own() -> None:
    classes = statement_classes()
    kinds = [each.KIND for each in classes]
    assert sorted(kinds) == sorted(set(kinds))
    for each in classes:
        assert _KIND.fullmatch(each.KIND), each
        assert is_dataclass(each), each
        assert "__slots__" in vars(each), each
        assert each.__dataclass_params__.frozen, each  # type: ignore[attr-defined]  # what dataclass leaves on a class
        assert each.__module__.endswith(".statements"), each


@pytest.mark.parametrize(
    "hint",
    [str, bytes, float, object, dict, list[int], Personal[str], str | None, tuple[str, ...], tuple[int, str], StrEnum | str],
)
def test_a_planted_word_is_found(hint: object) -> None:
    @dataclass(frozen=True, slots=True, kw_only=True)
    class Planted(Statement):
        KIND: ClassVar[str] = "tests.planted"
        words: hint  # type: ignore[valid-type]  # the planted violation

    assert wordy_fields(Planted) == ["words"]


def test_what_is_allowed_is_not_found() -> None:
    assert wordy_fields(Observed) == []
