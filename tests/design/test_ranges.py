"""What is asked for of something's bytes, and what is answered."""

import pytest

from rightcall.design.ranges import ranged, stretch


@pytest.mark.parametrize(
    ("asked", "status", "body", "said"),
    [
        (None, 200, b"0123456789", None),
        ("bytes=0-", 206, b"0123456789", "bytes 0-9/10"),
        ("bytes=3-5", 206, b"345", "bytes 3-5/10"),
        (" bytes=8-99 ", 206, b"89", "bytes 8-9/10"),
        ("bytes=-3", 200, b"0123456789", None),
        ("bytes=0-1,3-4", 200, b"0123456789", None),
        ("lines=1-2", 200, b"0123456789", None),
    ],
)
def test_one_plain_range_is_a_part_and_anything_else_the_whole(
    asked: str | None, status: int, body: bytes, said: str | None
) -> None:
    answer = ranged(b"0123456789", asked, "audio/wav")
    assert answer is not None
    assert (answer.status_code, answer.body, answer.headers.get("content-range")) == (status, body, said)
    assert answer.headers["accept-ranges"] == "bytes"


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=5-4", f"bytes={'9' * 18}-"])
def test_what_lies_outside_is_nothing(asked: str) -> None:
    assert stretch(asked, 10) is None
    assert ranged(b"0123456789", asked, "audio/wav") is None
