"""A statement has one form of bytes, and no field that could carry words gets in."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest

from rightcall.errors import Breach, Malformed
from rightcall.ids import ControllerId
from rightcall.ledger.codec import leaf_of, read_leaf
from rightcall.ledger.model import Commitment, Digest, Statement
from rightcall.personal import Personal
from tests.cast import ADA_TEL, MONDAY
from tests.ledger.fakes import observed, statement_id

CONTROLLER = ControllerId(statement_id(9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose(Statement):
    """Typed as anything, which the test of all statements would not let through."""

    KIND: ClassVar[str] = "tests.loose"

    value: object


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguised(Statement):
    KIND: ClassVar[str] = "tests.disguised"

    kind: int


def test_the_leaf_is_canonical_json() -> None:
    assert leaf_of(statement_id(1), observed(CONTROLLER, 5)) == (
        b'{"at":1795426200000,"commitment":"' + b"01" * 32 + b'","controller":"00000000-0000-0000-0000-000000000009",'
        b'"count":5,"digest":"' + b"00" * 32 + b'","id":"00000000-0000-0000-0000-000000000001","is_sure":true,'
        b'"kind":"tests.observed","seen":[],"thing":"00000000-0000-0000-0000-000000000007","until":null,"weather":"fair"}'
    )


def test_a_leaf_reads_back() -> None:
    leaf = leaf_of(statement_id(1), observed(CONTROLLER))
    assert read_leaf(leaf)["kind"] == "tests.observed"
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=1795426200000) == MONDAY


@pytest.mark.parametrize("value", [ADA_TEL, Personal(ADA_TEL), ADA_TEL.encode(), 1.5, 2**53, [1], {"a": 1}, (ADA_TEL,), object()])
def test_words_are_a_breach_and_are_not_repeated_in_it(value: object) -> None:
    with pytest.raises(Breach) as caught:
        leaf_of(statement_id(1), Loose(at=MONDAY, controller=CONTROLLER, value=value))
    assert ADA_TEL not in str(caught.value)


WELCOME = [None, True, 7, 2**53 - 1, MONDAY, date(2026, 1, 2), (1, (2, None)), Digest(bytes(32)), statement_id(3)]


@pytest.mark.parametrize("value", WELCOME)
def test_what_may_be_there_is_there(value: object) -> None:
    assert b'"value":' in leaf_of(statement_id(1), Loose(at=MONDAY, controller=CONTROLLER, value=value))


def test_a_field_cannot_pass_for_the_kind() -> None:
    with pytest.raises(Breach):
        leaf_of(statement_id(1), Disguised(at=MONDAY, controller=CONTROLLER, kind=1))


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(Breach):
        leaf_of(statement_id(1), Loose(at=MONDAY, controller=CONTROLLER, value=(10**9,) * 7000))


@pytest.mark.parametrize(
    "wrong", [b"", b"{}", b"[]", b'{"kind":"x"}', b'{"id":"a","kind":7}', b'{ "id":"a","kind":"b"}', b"\xff"]
)
def test_a_leaf_in_another_form_is_refused(wrong: bytes) -> None:
    with pytest.raises(Malformed):
        read_leaf(wrong)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_digests_and_commitments_are_32_bytes(length: int) -> None:
    for wrapper in (Digest, Commitment):
        with pytest.raises(Malformed, match=re.escape("32 bytes")):
            wrapper(bytes(length))
