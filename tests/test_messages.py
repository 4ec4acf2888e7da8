"""What others send as JSON: who says something twice has said nothing, wherever it is."""

import pytest

from rightcall.messages import object_in


@pytest.mark.parametrize(
    "message",
    [
        b'{"exercise": "access", "exercise": "deletion"}',
        b'{"exercise": "access", "exercise": "access"}',
        b'{"identity": {"email": "a@example.com", "email": "b@example.com"}}',
        b'{"exercise": "access", "\\u0065xercise": "deletion"}',
        b"[]",
        b"{",
    ],
)
def test_what_says_something_twice_is_none(message: bytes) -> None:
    assert object_in(message) is None


def test_what_says_each_thing_once_is_read() -> None:
    assert object_in(b'{"a": {"b": 1}, "c": {"b": 1}}') == {"a": {"b": 1}, "c": {"b": 1}}
