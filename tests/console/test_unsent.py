"""What was written while a session ended is not lost: it is sent again by whoever signs in, and by nobody else."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from lxml import html

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.controllers.model import Controller
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.actions import form_token
from tests.api.fakes import RealHouse
from tests.console.people import Console, console_of
from tests.standing import SetClock

NEW = "/console/own-concerns/new"
WROTE = {"about": "call", "words": "They were told\nthat they had to <b>agree</b>."}


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def kept_in(page: str) -> dict[str, str]:
    """What the form on a page has in it, for the address that it was written for."""
    [form] = html.fromstring(page).xpath("//section[@aria-labelledby='kept']//form")
    assert form.get("action") == NEW
    # The first line end of a textarea is no part of what stands in it (HTML 13.2.6.4.7); this parser does not know.
    return {str(name): str(value).removeprefix("\n") for name, value in form.form_values()}


def test_a_session_that_ends_loses_nothing_that_was_written(console: Console) -> None:
    member = console.hire(Role.AGENT)
    over = console.session_of(member.id)
    with console.house.database.transaction(console.company.id) as tx:
        sessions.end_all(tx, console.house.clock, member.id)
    with console.client(over) as client:
        answer = client.post(NEW, data=WROTE | {"form": form_token(over)})
    assert answer.status_code == 401
    assert "What you wrote is not lost" in answer.text
    kept = kept_in(answer.text)
    assert kept == WROTE | {"form": ""}, "without the token of a session that is over"
    secret = console.session_of(member.id)
    with console.client(secret) as client:
        again = client.post(NEW, data=kept)
        assert again.status_code == 403, "it is looked at once more, and sent by who is signed in now"
        assert kept_in(again.text) == WROTE | {"form": form_token(secret)}
        assert client.post(NEW, data=kept_in(again.text)).status_code == 200
    with console.client(secret, origin="https://elsewhere.example") as client:
        forged = client.post(NEW, data=kept)
        assert (forged.status_code, "had to" in forged.text) == (403, False)


def test_what_asks_to_sign_in_again_keeps_what_was_written(console: Console, set_clock: SetClock) -> None:
    console.hire(Role.ADMINISTRATOR)
    secret = console.session_of(console.hire(Role.ADMINISTRATOR, "Ben Holm").id)
    set_clock.at = SystemClock().now() + timedelta(minutes=16)
    with console.client(secret) as client:
        answer = client.post(
            "/console/staff/tokens", data={"form": form_token(secret), "role": "dpo", "label": "CRM in Aarhus, for case files"}
        )
        assert answer.status_code == 403
        assert "CRM in Aarhus, for case files</textarea>" in answer.text
        assert client.post("/console/staff/members/0/suspend", data={"form": form_token(secret)}).status_code == 404


def test_who_may_not_is_shown_the_other_rooms(console: Console) -> None:
    secret = console.session_of(console.hire(Role.ADMINISTRATOR).id)
    with console.client(secret) as client:
        refused, lost, desk = (client.get(place) for place in ("/console/requests", "/console/nowhere", "/desk"))
    assert [each.status_code for each in (refused, lost, desk)] == [403, 404, 403]
    assert all('href="/console/staff"' in each.text for each in (refused, lost))
    assert "Other calls" not in desk.text
    assert 'href="/console"' in desk.text
