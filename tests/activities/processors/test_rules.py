"""What a processor says, however oddly it says it, breaks nothing: what cannot be kept or read is as though it were not said."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from rightcall.activities.processors import rules
from rightcall.activities.processors.model import Address, Heard, Order, OrderId, OrderKind, OrderState, Trouble
from rightcall.adapters.opendsr import dial
from rightcall.errors import Malformed
from rightcall.ids import RecipientId, new_id
from rightcall.personal import Personal


def heard(**more: object) -> Heard:
    said = {"subject_request_id": str(new_id()), "request_status": "in_progress"} | more
    found = rules._heard(json.loads(json.dumps(said)))
    assert found is not None
    return found


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-12-07T09:30:00", "never"])
def test_a_day_that_no_calendar_has_is_none(at: str) -> None:
    found = heard(expected_completion_time=at)
    assert (found.expected_at, found.state) == (None, OrderState.IN_PROGRESS)


def test_a_far_day_that_it_names_is_waited_for_no_longer_than_the_law_gives_us() -> None:
    """Else one that names the year 9999 would be waited for without a word for ever."""
    asked_at = datetime(2026, 7, 1, tzinfo=UTC)
    order = Order(
        id=OrderId(new_id()), recipient=RecipientId(new_id()), kind=OrderKind.ERASURE, asked_for=new_id(), subject=None,
        submitted_at=asked_at, state=OrderState.PENDING, called_back=None, round=1, due_at=asked_at, failures=0,
        failing_since=None, trouble=None, escalated_at=None, accepted_at=asked_at,
        expected_at=datetime(9999, 12, 31, tzinfo=UTC), settled_at=None,
    )  # fmt: skip
    said = heard()
    assert rules.trouble_of(order, said, asked_at + timedelta(days=90)) is None
    assert rules.trouble_of(order, said, asked_at + timedelta(days=91)) is Trouble.OVERDUE


@pytest.mark.parametrize("url", ["https://processor.example/\ud800", "https://processor.example/\x00"], ids=["half", "nul"])
def test_a_place_that_cannot_be_written_down_is_none(url: str) -> None:
    found = heard(results_url=url)
    assert found.results is None


@pytest.mark.parametrize("url", ["https://[", "https://other.example/cert", "nothing"])
def test_a_certificate_that_lies_nowhere_is_refused_in_words(url: str) -> None:
    document = {"api_version": "2.0", "processor_certificate": url}
    with pytest.raises(Malformed, match="lies at another host"):
        rules.offer_of(json.dumps(document).encode(), host="processor.example")


@pytest.mark.parametrize("url", ["https://[", "https://processor.example:port", "https://a@processor.example", "ftp://a", ""])
def test_an_address_that_is_none_is_refused_in_words(url: str) -> None:
    with pytest.raises(Malformed, match="address is https"):
        dial(Address(url=Personal(url), authorization=None))
    with pytest.raises(Malformed, match="goes into a header"):
        dial(Address(url=Personal("https://processor.example/v2"), authorization=Personal("Bearer ä\r\n")))
