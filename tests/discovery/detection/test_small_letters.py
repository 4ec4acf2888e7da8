"""National Insurance numbers and plates typed in a hurry, which something else than their names tells."""

import pytest

from rightcall.discovery.detection.rules import detect


def told(text: str) -> list[tuple[str, str]]:
    kinds = ("uk_nino", "vehicle_plate")
    return [(each.type, text[each.start : each.end]) for each in detect(text) if each.type in kinds]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("p45 attached for jb 20 14 38 c, ta\n", ("uk_nino", "jb 20 14 38 c")),
        ("hmrc want jb201438c back on the old tax code\n", ("uk_nino", "jb201438c")),
        ("A: Which vehicle are you bringing?\nB: ml19 kxo\n", ("vehicle_plate", "ml19 kxo")),
        ("left ml19kxo in your car park, paid till 4\n", ("vehicle_plate", "ml19kxo")),
        ("MOT failed, ML19KXO needs two tyres\n", ("vehicle_plate", "ML19KXO")),
    ],
)
def test_told_by_what_is_spoken_of(text: str, value: tuple[str, str]) -> None:
    assert told(text) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "sku jb201438c, two in stock\n",
        "part ml19kxo for the boiler\n",
        "ref: ml19kxo, your car insurance quote\n",
        "please return the vrn form with the car by 18:00\n",
    ],
)
def test_a_code_of_that_form_is_none(text: str) -> None:
    assert told(text) == []
