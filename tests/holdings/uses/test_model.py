"""Only what looks like the name of a field in a schema is kept as one."""

import pytest

from rightcall.errors import Malformed
from rightcall.holdings.uses.model import FieldName, Stretch, UseAct
from rightcall.policy.model import Act


@pytest.mark.parametrize("name", ["tel", "address.city", "Address_Line_2", "sha256", "iso3166_code", "_id"])
def test_a_field_is_told_by_its_name(name: str) -> None:
    assert FieldName(text=name).text == name


@pytest.mark.parametrize(
    "name",
    ["", "ada@example.com", "+4511122233", "Ada Lovelace", "call_20261125", ".a", "naïve", "a" * 64, "a\n"],
)
def test_what_may_be_somebodys_is_not(name: str) -> None:
    with pytest.raises(Malformed, match="plain name") as raised:
        FieldName(text=name)
    assert not name or name not in str(raised.value)


@pytest.mark.parametrize("ends", [(-1, None), (5, 5), (5, 4)])
def test_a_stretch_goes_forward(ends: tuple[int, int | None]) -> None:
    with pytest.raises(Malformed):
        Stretch(from_ms=ends[0], until_ms=ends[1])


def test_each_act_of_the_log_is_one_that_a_verdict_is_asked_for() -> None:
    assert {act.value for act in UseAct} <= {act.value for act in Act}
