"""Which trunk a call came by."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.calls.model import Forbidden, NewTrunk, OwnedTrunk, Trunk, TrunkId, Undecided
from rightcall.calls.rules import best, checked
from rightcall.errors import Malformed
from rightcall.ids import ControllerId, new_id

NEW = NewTrunk(name="Copenhagen", sources=("192.0.2.0/24",), default_region="dk", language="da")


def trunk(*sources: str, called: str | None = None) -> OwnedTrunk:
    made = Trunk(
        id=TrunkId(new_id()),
        name="t",
        sources=sources,
        called=called,
        staff=(),
        undecided=Undecided.DROP,
        forbidden=Forbidden.STAY,
        default_region="DK",
        language="da",
    )
    return OwnedTrunk(controller=ControllerId(new_id()), trunk=made)


WIDE, NARROW, NUMBERED = trunk("192.0.0.0/16"), trunk("192.0.2.0/24", "2001:db8::/32"), trunk("192.0.0.0/16", called="srs-b")
ALL = [WIDE, NARROW, NUMBERED]


@pytest.mark.parametrize(
    ("source", "called", "expected"),
    [
        ("192.0.2.9", "srs", NARROW),
        ("192.0.3.9", "srs", WIDE),
        ("192.0.2.9", "srs-b", NUMBERED),
        ("::ffff:192.0.2.9", "srs", NARROW),
        ("2001:db8::5", "srs", NARROW),
        ("203.0.113.1", "srs", None),
        ("not an address", "srs", None),
        ("", "srs", None),
    ],
)
def test_the_trunk_that_fits_best(source: str, called: str, expected: OwnedTrunk | None) -> None:
    assert best(ALL, source, called) == expected


def test_a_draw_is_a_stranger() -> None:
    assert best([trunk("192.0.2.0/24"), trunk("192.0.2.0/24")], "192.0.2.1", "srs") is None


@given(st.ip_addresses(), st.sampled_from(["srs", "srs-b", ""]), st.permutations(ALL))
def test_the_order_of_trunks_is_nothing(source: object, called: str, order: list[OwnedTrunk]) -> None:
    assert best(order, str(source), called) == best(ALL, str(source), called)


def test_a_trunk_is_put_in_its_customary_form() -> None:
    new = checked(replace(NEW, sources=("192.0.2.77/24", "192.0.2.0/24", "2001:DB8::1"), staff=(" Energy.Example ", "")))
    assert new.sources == ("192.0.2.0/24", "2001:db8::1/128")
    assert (new.default_region, new.staff) == ("DK", ("energy.example",))


@pytest.mark.parametrize(
    "wrong",
    [
        replace(NEW, name=" "),
        replace(NEW, sources=()),
        replace(NEW, sources=("sbc.example",)),
        replace(NEW, default_region="Denmark"),
        replace(NEW, default_region="45"),
        replace(NEW, language=" "),
        replace(NEW, language="danish"),
        replace(NEW, called=" "),
    ],
)
def test_a_trunk_that_could_not_work_is_refused(wrong: NewTrunk) -> None:
    with pytest.raises(Malformed):
        checked(wrong)
