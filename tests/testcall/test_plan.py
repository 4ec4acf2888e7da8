"""What a test call says of words that cannot be, before anybody is called."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from rightcall.errors import Malformed, NotFound
from rightcall.reviews.model import Why
from rightcall.reviews.rules import says
from rightcall.testcall.call import DeskOfCall
from rightcall.testcall.desk import Desk
from rightcall.testcall.plan import Plan, no_answer, sip_address

_KEYPAD = {"keypad": {"yes": "1", "no": "2"}}


class DeskThatTells(Desk):
    """Answers every question with one call."""

    def __init__(self, *roles: str) -> None:
        super().__init__("http://127.0.0.1:1", "token")
        self._told = {"id": "c", "parties": [{"id": str(number), "role": role} for number, role in enumerate(roles)]}

    def find_call(self, *, tel: str, known: frozenset[str] = frozenset()) -> dict[str, Any]:
        return self._told

    def get(self, path: str, **query: str) -> Any:
        return self._told


def plan(pause_at: float | None, resume_at: float | None) -> Plan:
    return Plan(
        asks=(),
        keys="",
        answers={},
        withdrawals={},
        pause_at=pause_at,
        resume_at=resume_at,
        seconds=8,
        language="en",
    )


@pytest.mark.parametrize(("pause_at", "resume_at"), [(3, 1), (3, 3), (None, 1)])
def test_who_resumes_before_the_pause_is_told(pause_at: float | None, resume_at: float) -> None:
    with pytest.raises(Malformed, match="--pause-at"):
        plan(pause_at, resume_at)


@pytest.mark.parametrize("resume_at", [4, None])
def test_a_pause_may_end_later_or_never(resume_at: float | None) -> None:
    assert plan(3, resume_at).pause_at == 3


@pytest.mark.parametrize("word", ["127.0.0.1", "127.0.0.1:", "127.0.0.1:sip", ":5070", "127.0.0.1:0", "127.0.0.1:70000"])
def test_a_sip_address_without_host_and_port_is_told(word: str) -> None:
    with pytest.raises(Malformed, match="--sip HOST:PORT"):
        sip_address(word)


def test_a_sip_address_is_read() -> None:
    assert sip_address("127.0.0.1:5070") == ("127.0.0.1", 5070)


@pytest.mark.parametrize("address", ["127.0.0.1:18740", "localhost:8740", ""])
def test_an_api_address_without_its_scheme_is_told(address: str) -> None:
    with pytest.raises(Malformed, match="http://"):
        Desk(address, "token")


@pytest.mark.parametrize(
    ("digit", "notice", "said"),
    [
        ("1", _KEYPAD, None),
        ("2", _KEYPAD, None),
        ("7", _KEYPAD, "7 does not answer this notice: 1 is yes and 2 is no"),
        ("7", {"keypad": None}, "7 does not answer this notice: it has no keypad"),
    ],
)
def test_a_key_that_is_no_answer_is_told(digit: str, notice: Mapping[str, Any], said: str | None) -> None:
    assert no_answer(digit, notice) == said


def test_a_caller_who_counts_as_staff_is_told() -> None:
    desk = DeskOfCall(DeskThatTells("agent", "agent"), "+4570111111")
    with pytest.raises(Malformed, match="--caller"):
        desk.party("customer")
    with pytest.raises(Malformed, match="--caller"):
        desk.caller()


def test_the_caller_answers_though_the_agent_is_taken_for_a_customer_too() -> None:
    """Whose address is of no domain of the staff."""
    assert DeskOfCall(DeskThatTells("customer", "customer"), "+4570111111").caller() == "0"


def test_the_latest_party_in_a_role_is_named() -> None:
    desk = DeskOfCall(DeskThatTells("customer", "customer"), "+4570111111")
    assert desk.party("customer") == "1"
    with pytest.raises(NotFound, match="agent"):
        desk.party("agent")


class DeskOfLapsed(Desk):
    """Knows one purpose, whose review has lapsed."""

    def __init__(self) -> None:
        super().__init__("http://127.0.0.1:1", "token")

    def purpose(self, key: str) -> dict[str, Any]:
        why = says(Why.EXPIRED)
        return {"id": key, "review": {"in_force": None, "why_not": [{"says": why.says, "instead": why.instead}]}}

    def notice(self, purpose: str, language: str) -> dict[str, Any]:
        return _KEYPAD


def test_of_a_lapsed_purpose_it_is_said_that_a_new_version_is_drafted_first() -> None:
    with pytest.raises(Malformed, match="draft the next version, and have it signed") as refused:
        replace(plan(None, None), asks=("training",)).check(DeskOfLapsed())
    assert "Have its review signed" not in str(refused.value)
