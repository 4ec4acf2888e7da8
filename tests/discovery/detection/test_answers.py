"""A number in the form of a telephone's that answers a question for another, or stands in a form behind a word for another."""

import pytest

from rightcall.discovery.detection.rules import detect


def phones(text: str) -> list[str]:
    return [text[each.start : each.end] for each in detect(text) if each.type == "phone"]


@pytest.mark.parametrize(
    "text",
    [
        "A: What's the voucher code?\nC: 0845 3391 7720\n",
        "A: And the order?\nC: 02079460732\n",
        "Invoice: 01434603718\nBooking no: 07551829406\n",
    ],
)
def test_of_another_sort(text: str) -> None:
    assert phones(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "A: I have your booking. Best number?\nC: 07551829406\n",
        "A: And the order?\nC: lost it, but you can always ring 07551829406\n",
        "we are both on the booking 07551829406\n",
    ],
)
def test_a_telephone_stays_one(text: str) -> None:
    assert phones(text) == ["07551829406"]
