"""What a holding, a hold and its name can be at all."""

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.clock import day_of
from rightcall.errors import Malformed
from rightcall.holdings.holds.model import HoldName, Slice
from rightcall.holdings.holds.rules import MOST_SLICES, check_hold
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.ids import HoldingId, PurposeId, SubjectId, new_id
from rightcall.purposes.model import LawfulBasis
from tests.cast import ADA_TEL, MONDAY
from tests.policy.facts import SUPERVISOR

TODAY = day_of(MONDAY)
TRAINING = PurposeId(new_id())


def new_holding(**changes: object) -> NewHolding:
    ordinary = NewHolding(
        id=HoldingId(new_id()),
        subject=SubjectId(new_id()),
        kind=HoldingKind.STREAM,
        terms=(Term(purpose=TRAINING, last_day=TODAY),),
        mediatype="application/vnd.rightcall.rtp",
        provenance=Provenance(source=Source.SIPREC, actor=SUPERVISOR, at=MONDAY, basis=LawfulBasis.CONSENT),
        object_key="a/b",
    )
    return dataclasses.replace(ordinary, **changes)  # type: ignore[arg-type]  # any field, by name


def test_a_holding_needs_a_purpose_and_each_once() -> None:
    with pytest.raises(Malformed):
        new_holding(terms=())
    with pytest.raises(Malformed):
        new_holding(terms=(Term(purpose=TRAINING, last_day=TODAY), Term(purpose=TRAINING, last_day=TODAY)))


def test_derived_names_its_origin_and_nothing_else_does() -> None:
    first_hand = new_holding().provenance
    with pytest.raises(Malformed):
        dataclasses.replace(first_hand, source=Source.DERIVED)
    with pytest.raises(Malformed):
        dataclasses.replace(first_hand, derived_from=(HoldingId(new_id()),))
    itself = HoldingId(new_id())
    with pytest.raises(Malformed):
        new_holding(id=itself, provenance=dataclasses.replace(first_hand, source=Source.DERIVED, derived_from=(itself,)))


@pytest.mark.parametrize(
    "text", ["", "ab", "Dispute", "7-dispute", "a dispute", "call-4532123456", ADA_TEL, "ada@caller", "a--b", "x" * 61]
)
def test_a_hold_is_not_named_after_a_person_or_a_number(text: str) -> None:
    with pytest.raises(Malformed) as raised:
        HoldName(text=text)
    assert text == "" or text not in str(raised.value)


@given(st.from_regex(r"[a-z]{3,10}(-[a-z0-9]{1,6}){0,5}", fullmatch=True))
def test_a_file_reference_is_a_name(text: str) -> None:
    assert str(HoldName(text=text)) == text


def test_a_hold_is_small_and_dated() -> None:
    slices = [Slice(holding=HoldingId(new_id()), purpose=TRAINING) for _ in range(MOST_SLICES + 1)]
    for wrong, until in (([], TODAY), (slices, TODAY), ([slices[0]] * 2, TODAY), ([slices[0]], TODAY - timedelta(days=1))):
        with pytest.raises(Malformed):
            check_hold(wrong, {}, until, TODAY)
    with pytest.raises(Malformed, match="not for ever"):
        check_hold([slices[0]], {}, date(9999, 12, 31), TODAY)
