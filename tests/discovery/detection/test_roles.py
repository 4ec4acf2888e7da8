"""Heads under which staff stand, in five languages; and that a table of staff is about them."""

import pytest

from rightcall.discovery.detection.roles import is_customer, is_staff, of_staff


@pytest.mark.parametrize(
    "head",
    [
        "agent",
        "Agent name",
        "agent.name",
        "agents[].email",
        "advisor",
        "handler",
        "handled_by",
        "handledBy",
        "created_by",
        "owner",
        "ticket owner",
        "assigned to",
        "customer service rep",
        "Sachbearbeiter",
        "Bearbeiter",
        "Kundenberaterin",
        "angelegt_von",
        "geaendert_von",
        "conseiller",
        "Conseillère",
        "traité par",
        "opérateur",
        "sagsbehandler",
        "behandlet_af",
        "rådgiver",
        "raadgiver",
        "handläggare",
        "handlaggare",
        "skapad_av",
    ],
)
def test_a_head_of_staff(head: str) -> None:
    assert is_staff(head)


@pytest.mark.parametrize(
    "head",
    ["caller", "customer", "name", "kunde", "client", "account_owner", "car owner", "user_agent", "agency", "notes", "navn"],
)
def test_a_head_of_others(head: str) -> None:
    assert not is_staff(head)


def test_staff_are_told_from_the_others_of_their_table_and_have_a_table_of_their_own() -> None:
    assert of_staff(("call_id", "caller", "agent", "customer_no", "notes")) == {2}
    assert of_staff(("call_id", "agent", "Kundennummer")) == {1}
    assert of_staff(("sag", "sagsbehandler", "telefon")) == {1}
    assert of_staff(("id", "employee_name", "employee_email")) == frozenset()
    assert of_staff(("id", "name", "email")) == frozenset()


def test_what_customers_are_called() -> None:
    assert all(is_customer(each) for each in ("Customer", "Caller", "Kunde", "kund", "CLIENT"))
    assert not any(is_customer(each) for each in ("Agent", "Speaker 1", "Anna", ""))
