"""Telephone numbers beside dates and times of day, and addresses in brackets."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import pytest

from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.rules import detect

_AT = datetime(2026, 10, 27, 2, 1, 3, 48392)  # noqa: DTZ001  # as a database without zones tells it
_FORMS: Mapping[str, Callable[[datetime], str]] = {
    "postgresql": lambda at: f"{at.isoformat(' ')}+00",
    "behind utc": lambda at: f"{at.isoformat(' ')}-05",
    "iso": lambda at: f"{at.isoformat()}+02:00",
    "zulu": lambda at: f"{at.isoformat()}Z",
    "log": lambda at: at.strftime("%d/%m/%Y %H:%M:%S.%f"),
    "dots": lambda at: at.strftime("%d.%m.%Y %H.%M.%S"),
    "time": lambda at: at.strftime("%H:%M:%S.%f"),
    "comma": lambda at: at.strftime("%H:%M:%S,%f"),
    "digits": lambda at: at.strftime("%Y%m%d%H%M%S"),
    "epoch": lambda at: str(int(at.timestamp())),
    "fraction": lambda at: f"0.{at.toordinal()}{at.microsecond:06}",
}


@pytest.mark.parametrize("form", _FORMS)
@pytest.mark.parametrize("head", ["x", "started_at", "called at", "mobile_seen", "account_opened"])
def test_no_number_begins_or_ends_within_a_date_or_a_time_of_day(form: str, head: str) -> None:
    moments = [_AT + timedelta(seconds=7919 * number, microseconds=104729 * number) for number in range(150)]
    text = "\n".join(f"{number}\t{_FORMS[form](at)}\tx" for number, at in enumerate(moments))
    found = detect(text, regions=("DK", "DE", "GB", "FR"), columns=headed(("id", head, "note"), "\t"))
    assert [text[each.start : each.end] for each in found] == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("phone 020 7946 0018 2026-10-03 09:14:03", "020 7946 0018"),
        ("2026-10-03 09:14:03 phone 020 7946 0018", "020 7946 0018"),
        ("09:14 +45 32 12 34 56", "+45 32 12 34 56"),
        ("ring +45 2012-10-03", "+45 2012-10-03"),
    ],
)
def test_a_number_beside_a_date_is_told_without_it(text: str, number: str) -> None:
    assert [text[each.start : each.end] for each in detect(text, regions=("DK", "GB")) if each.type == Kind.PHONE] == [number]


def test_an_address_in_brackets_is_told_as_it_would_be_written() -> None:
    (found,) = detect("write to jones [at] caller (dot) example please")
    assert found.written is not None
    assert found.written.reveal("see how it is written") == "jones@caller.example"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("deal with me from now on: Vera Lind, v.lind@yahoo.example.com, 07700 900284.", "07700 900284"),
        ("3;Vera Young;646-555-0122;v.young@mail.example.com;25", "646-555-0122"),
        ("så ringer en tekniker til dig er det stadig 32 12 89 64", "32 12 89 64"),
        ("contact wife Lorraine 00353209108270", "00353209108270"),
        ("VM left @ 00353209102377. rpt fault", "00353209102377"),
    ],
)
def test_numbers_beside_addresses_names_and_small_words(text: str, number: str) -> None:
    assert number in [text[each.start : each.end] for each in detect(text) if each.type == Kind.PHONE]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("sent to +4531240101: hello", ["+4531240101"]),
        ("+4531240101: hej", ["+4531240101"]),
        ("phone: +4531240101: x", ["+4531240101"]),
        ("2026-10-27 02:01:03 +4531240101:queued", ["+4531240101"]),
        ("sms to +442079460105: code", ["+442079460105"]),
        ("mobile 07911123456: y", ["07911123456"]),
        ("mobile 07911123456:\nmoved", ["07911123456"]),
        ("mobile 07911123456:8080", []),
        ("phone 20010db8:0425:2334:1111", []),
    ],
)
def test_a_colon_behind_a_number_ends_it(text: str, numbers: list[str]) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == Kind.PHONE] == numbers


@pytest.mark.parametrize(
    "text", ["ref 00353209102377 was closed", "item 0035320910237 in stock", "case 0000000012345678 is open"]
)
def test_numbers_with_zeros_that_are_none(text: str) -> None:
    assert not [each for each in detect(text) if each.type == Kind.PHONE]


@pytest.mark.parametrize(
    ("text", "plates"),
    [
        ("Three vehicles to add: VC23 KPR, RS18LJA and FE71WEP.", ["VC23 KPR", "RS18LJA", "FE71WEP"]),
        ("Vehicle DJ18CPG, keeper known, parked in bay 17", ["DJ18CPG"]),
        ("the hire car was GN18MAS", ["GN18MAS"]),
        ("firmware AB12CDE for part XY34ZZZ", []),
        ("vehicle order AAB12CDE", []),
    ],
)
def test_plates_without_their_space_stand_behind_a_word_for_a_vehicle(text: str, plates: list[str]) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == Kind.VEHICLE_PLATE] == plates


@pytest.mark.parametrize(
    "text",
    [
        "Speaker A: Og hvilken IP står der under netværk?\nSpeaker B: 10.14.0.183\nSpeaker A: Jeg genstarter.\n",
        "A: et l'adresse IP dans le menu réseau ?\nB: 10.14.0.183\n",
        "Rep: which address does it show?\nB: 10.14.0.183\n",
        "The subnet 10.14.0.183 belongs to the shop, the router is 0.0.4.",
    ],
)
def test_a_mark_of_something_else_does_not_make_an_address_less_of_one(text: str) -> None:
    assert [text[each.start : each.end] for each in detect(text) if each.type == "ip_address"] == ["10.14.0.183"]
