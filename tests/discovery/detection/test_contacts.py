"""Numbers that are in use are told as the library of their plans tells them, only faster."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import phonenumbers
import pytest

from rightcall.discovery.detection.contacts import is_valid
from rightcall.discovery.detection.context import headed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.detection.rules import detect

_REGIONS = phonenumbers.COUNTRY_CODE_TO_REGION_CODE


@pytest.mark.parametrize("changed", [0, 1, 2, 5])
def test_a_number_is_in_use_where_the_library_says_so(changed: int) -> None:
    """Each country's own examples of every sort, and the same with a digit made another."""
    numbers = [(code, written) for code in _REGIONS for written in _examples(code) if len(written) > changed]
    told = {(code, rest): is_valid(code, rest) for code, written in numbers for rest in _like(written, changed)}
    assert told == {
        (code, rest): phonenumbers.is_valid_number(phonenumbers.PhoneNumber(country_code=code, national_number=int(rest)))
        for code, rest in told
    }
    assert any(told.values())


def _examples(code: int) -> list[str]:
    if _REGIONS[code] == ("001",):
        found = [phonenumbers.example_number_for_non_geo_entity(code)]
    else:
        found = [phonenumbers.example_number_for_type(region, sort) for region in _REGIONS[code] for sort in range(11)]
    return [str(number.national_number) for number in found if number is not None and not number.italian_leading_zero]


def _like(written: str, changed: int) -> list[str]:
    other = written[:changed] + str((int(written[changed]) + 1) % 10 or 1) + written[changed + 1 :] if changed else written
    return [other, other[:-1]]


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
