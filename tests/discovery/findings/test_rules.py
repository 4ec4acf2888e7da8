"""Which names of fields may stand in the clear: those that say what a column is, in any language, and of nobody whose it is."""

import pytest

from rightcall.discovery.findings.rules import plain_field
from rightcall.errors import Malformed
from rightcall.holdings.places import Place, is_plain
from rightcall.holdings.uses.model import FieldName


@pytest.mark.parametrize(
    "name",
    [
        "Full Name",
        "E-mail",
        "Phone/Mobile",
        "Téléphone",
        "Straße",
        "Customer's name",
        'Phone "mobile"',
        "customer.phones[].number",
        "Phone (mobile)",
        "Name, first",
        "full_name",
    ],
)
def test_a_head_is_shown_as_it_is(name: str) -> None:
    assert plain_field(name) == name
    assert Place(field=name).field == name


@pytest.mark.parametrize(
    "name", ["", "*", "Ada Lovelace", "Phone of Ada Lovelace", "ada@caller.example", "Phone 4532123456", "Phone\n", "x" * 61]
)
def test_what_may_be_somebodys_is_not(name: str) -> None:
    assert plain_field(name) is None


def test_a_use_names_fields_as_a_schema_does() -> None:
    assert not is_plain("Full Name")
    with pytest.raises(Malformed):
        FieldName(text="Full Name")
