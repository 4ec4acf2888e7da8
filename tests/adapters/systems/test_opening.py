"""Addresses that say something else than whoever wrote them meant."""

import pytest

from rightcall.adapters.systems.opening import open_system
from rightcall.discovery.model import SourceGone
from rightcall.errors import Malformed
from rightcall.personal import Personal


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://reader:pa@ss@127.0.0.1:1/crm",
        "postgres://reader:pa/ss@127.0.0.1:1/crm",
        "postgresql://reader:12/pass@127.0.0.1:1/crm",
        "mariadb://reader:pa/ss@127.0.0.1:1/crm",
        "mysql://reader:pa?ss@127.0.0.1:1/crm",
        "postgresql://reader:pa#ss@127.0.0.1:1/crm",
    ],
)
def test_a_password_that_is_not_written_as_addresses_want_it_is_told(address: str) -> None:
    with pytest.raises(Malformed, match="@ as %40, / as %2F") as told:
        open_system(Personal(address))
    assert "ss" not in str(told.value).replace("password", "").replace("address", "")


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://reader:pa%40s%2Fs@127.0.0.1:1/crm",
        "postgresql://127.0.0.1:1/crm?user=a@b",
        "mariadb://reader:pa@ss@127.0.0.1:1/crm",
    ],
)
def test_what_is_written_well_is_asked(address: str) -> None:
    with pytest.raises(SourceGone, match="cannot be reached"):
        open_system(Personal(address))
