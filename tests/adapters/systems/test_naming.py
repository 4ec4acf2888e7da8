"""Names of tables and keys of rows as text: two that differ never look the same, and each leads back to what it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.adapters.systems.tables.naming import key_of, name_of, path_of, values_of
from rightcall.errors import Malformed

VALUES = st.lists(st.none() | st.text(alphabet='ab[]",\\\x00n ull') | st.text(), min_size=1, max_size=3)
PATHS = st.lists(st.text(alphabet='ab."$ ', min_size=1) | st.text(min_size=1), min_size=1, max_size=3)


@given(VALUES)
def test_a_key_leads_back_to_its_values(values: list[str | None]) -> None:
    assert values_of(key_of(values), len(values)) == tuple(values)


@given(PATHS)
def test_a_name_leads_back_to_its_path(path: list[str]) -> None:
    assert path_of(name_of(path)) == tuple(path)


@pytest.mark.parametrize("key", ["[1]", '["a","b"]', "[", '{"a": 1}'])
def test_what_is_no_key_is_a_mistake(key: str) -> None:
    with pytest.raises(Malformed):
        values_of(key, 3)


@pytest.mark.parametrize("name", ["", ".", "a.", '"', 'a"b', '"a"b', "a..b"])
def test_what_is_no_name_is_a_mistake(name: str) -> None:
    with pytest.raises(Malformed):
        path_of(name)
