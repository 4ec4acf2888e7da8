"""What was written when a session ended, or was not fresh, goes back sealed: whoever wrote it sends it once they signed in, and
nobody else reads it or sends it as theirs."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser, expect

from rightcall.actors import Role
from rightcall.clock import SystemClock
from rightcall.console.door import COOKIE, FRESH
from rightcall.controllers.model import Controller
from rightcall.ids import MemberId, SubjectId
from rightcall.requests import actions as requests
from rightcall.requests.model import RequestKind
from rightcall.staff.sessions import actions as sessions
from rightcall.staff.sessions.actions import form_token
from rightcall.unsent import LASTS
from tests.api.fakes import RealHouse
from tests.api.scene import ring
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of
from tests.portal.scene import ServedClients
from tests.standing import SetClock

NEW, AGAIN, DESK_AGAIN = "/console/own-concerns/new", "/console/again", "/desk/again"
WROTE = {"about": "call", "words": "They were told\nthat they had to <b>agree</b>."}
READ = "that they had to"


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def over(console: Console, member: MemberId) -> str:
    """The secret of a session that has ended."""
    secret = console.session_of(member)
    with console.house.database.transaction(console.company.id) as tx:
        sessions.end_all(tx, console.house.clock, member)
    return secret


def kept_in(answer: httpx.Response, status: int = 401) -> str:
    """What the answer keeps; it cannot be read there."""
    assert (answer.status_code, READ in answer.text) == (status, False), answer.text
    return "".join(html.fromstring(answer.text).xpath("//input[@name='kept']/@value"))


def form_in(answer: httpx.Response, status: int = 200) -> tuple[str, dict[str, str]]:
    """The form that it is again, and where it leads."""
    assert answer.status_code == status, answer.text
    [form] = html.fromstring(answer.text).xpath("//form[@class='card']")
    # The first line end of a textarea is no part of what stands in it (HTML 13.2.6.4.7); this parser does not know.
    return form.get("action"), {str(name): str(value).removeprefix("\n") for name, value in form.form_values()}


def test_whoever_wrote_it_sends_it_and_nobody_else_reads_it(console: Console, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada, ben = console.hire(Role.AGENT), console.hire(Role.AGENT, "Ben Holm")
    ended = over(console, ada.id)
    with console.client(ended) as client:
        kept = kept_in(client.post(NEW, data=WROTE | {"form": form_token(ended), "password": "hushed"}))
        assert len(kept) > 100
        assert kept_in(client.post(NEW, data=WROTE | {"form": form_token("another")})) == "", "of no page of ours"
        assert kept_in(client.post(AGAIN, data={"kept": kept})) == kept, "nobody is signed in, and nothing is lost"
    with console.client(console.session_of(ben.id)) as client:
        refused = client.post(AGAIN, data={"kept": kept})
        assert kept_in(refused, 403) == ""
        assert "Somebody else wrote this" in refused.text
        assert client.post(AGAIN, data={"kept": kept[:-9] + "AAAAAAAA="}).status_code == 403
        assert client.post(AGAIN, data={"kept": "é"}).status_code == 403
    again = console.session_of(ada.id)
    with console.client(again, origin="https://elsewhere.example") as client:
        assert client.post(AGAIN, data={"kept": kept}).status_code == 403
    with console.client(again) as client:
        place, form = form_in(client.post(AGAIN, data={"kept": kept}))
        assert (place, form) == (NEW, WROTE | {"form": form_token(again), "password": ""}), "what opens something is typed anew"
        assert client.post(place, data=form).status_code == 200
    assert READ not in caplog.text


def test_a_page_of_before_is_theirs_or_somebody_elses(console: Console) -> None:
    """They signed in first, and sent it then from the page that was still open."""
    ada, ben = console.hire(Role.AGENT), console.hire(Role.AGENT, "Ben Holm")
    ended, again, bens = over(console, ada.id), console.session_of(ada.id), console.session_of(ben.id)
    late = WROTE | {"form": form_token(ended)}
    with console.client(again) as client:
        place, form = form_in(client.post(NEW, data=late), 403)
        assert (place, form) == (NEW, WROTE | {"form": form_token(again)})
    with console.client(bens) as client:
        answer = client.post(NEW, data=late)
        kept = kept_in(answer, 403)
        assert "Somebody else wrote this" in answer.text
        assert kept_in(client.post(NEW, data=WROTE | {"form": "x" * 64}), 403) == ""
    with console.client(console.session_of(ada.id)) as client:
        assert form_in(client.post(AGAIN, data={"kept": kept}))[1]["words"] == WROTE["words"]
    with console.client(again, origin="https://elsewhere.example") as client:
        assert kept_in(client.post(NEW, data=late), 403) == ""


def test_it_is_not_for_ever_and_not_without_signing_in(console: Console, set_clock: SetClock) -> None:
    set_clock.at = SystemClock().now()
    admin = console.hire(Role.ADMINISTRATOR)
    secret = console.session_of(admin.id)
    given = {"form": form_token(secret), "role": "agent", "label": f"A program; {READ}"}
    set_clock.at += FRESH + timedelta(minutes=1)
    with console.client(secret) as client:
        kept = kept_in(client.post("/console/staff/tokens", data=given), 403)
        unsigned = client.post(AGAIN, data={"kept": kept})
        assert kept_in(unsigned, 403) == kept, "from the screen that was left, it does not open"
        assert client.post("/console/staff/members/0/suspend", data={"form": form_token(secret)}).status_code == 404
    set_clock.at += LASTS
    with console.client(console.session_of(admin.id)) as client:
        assert client.post(AGAIN, data={"kept": kept}).status_code == 409


def test_at_the_desk_a_concern_and_a_request_come_back_and_a_yes_does_not(chromium: Browser, console: Console) -> None:
    house = console.house
    scene = ring(house, ServedClients(house, console.company, console.address))
    ada = console.hire(Role.AGENT)
    page = console.page(chromium, console.session_of(ada.id))
    page.goto(f"{console.address}/desk/{scene.call}/concern")
    page.get_by_label("What is wrong?").fill(WROTE["words"])
    ended = over(console, ada.id)
    page.evaluate("look()")  # The page does not go while something is written in it.
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_role("heading", name="What was written is not lost")).to_be_visible()
    page.context.close()
    token, desk = {"form": form_token(ended)}, f"/desk/{scene.call}"
    with console.client(ended) as client:
        said = kept_in(client.post(f"{desk}/concern?language=da", data=token | {"words": WROTE["words"], "names_call": "true"}))
        asked = kept_in(client.post(f"{desk}/request?language=", data=token | {"party": scene.ada, "kind": "access"}))
        assert kept_in(client.post(f"{desk}/yes", data=token | {"party": scene.ada, "notice": scene.purpose})) == ""
        framed = client.post(f"{desk}/concern", data=token | WROTE, headers={"sec-fetch-dest": "iframe"})
        assert kept_in(framed)
    again = console.session_of(ada.id)
    with console.client(again) as client:
        place, form = form_in(client.post(DESK_AGAIN, data={"kept": said}))
        assert place == f"{desk}/concern?language=da"
        assert form == {"form": form_token(again), "words": WROTE["words"], "names_call": "true"}
        assert "It is raised" in client.post(place, data=form).text
        shown = client.post(DESK_AGAIN, data={"kept": asked})
        assert "a copy of what is held" in shown.text
        place, form = form_in(shown)
        assert "It is entered" in client.post(place, data=form).text
    with house.database.transaction(console.company.id) as tx:
        assert [each.kind for each in requests.of_person(tx, [SubjectId(UUID(scene.detail()["parties"][0]["subject"]))])] == [
            RequestKind.ACCESS
        ]


def test_it_comes_back_in_a_browser_without_a_script(chromium: Browser, console: Console, set_clock: SetClock) -> None:
    """Where a grave deed asks to sign in anew, with the sign-in in another window."""
    dpo = console.hire(Role.DPO)
    set_clock.at = SystemClock().now()
    page = console.page(chromium, console.session_of(dpo.id), java_script_enabled=False)
    page.goto(f"{console.address}/console/overrides")
    page.get_by_label("Which rule").select_option("house.listening_needs_a_reason")
    page.get_by_label("For which purpose").select_option(label="all of them")
    page.get_by_label("For what sort of reason").select_option("other")
    page.get_by_label("Why").fill("The second telephones come at the end of the week.")
    page.get_by_label("Who answers for it").fill("Grace Hopper")
    set_clock.at += FRESH + timedelta(minutes=1)
    page.get_by_role("button", name="Set it aside").click()
    expect(page.get_by_role("heading", name="Please sign in again first")).to_be_visible()
    assert page.get_by_role("link", name="Sign in in another window").get_attribute("target") == "_blank"
    there, new = console.address.replace("http:", "https:"), console.session_of(dpo.id)
    page.context.add_cookies([{"name": COOKIE, "value": new, "url": there, "secure": True, "sameSite": "Strict"}])
    sealed = page.content()
    page.get_by_role("button", name="Go on with what I wrote").click()
    expect(page.get_by_label("What you wrote: reason")).to_have_value("The second telephones come at the end of the week.")
    with chromium.new_context() as context:
        looking = context.new_page()
        looking.goto(f"{console.address}/sign-in")
        for size in (NARROW, WIDE):
            for shown in (sealed, page.content()):
                looking.set_viewport_size({"width": size["width"], "height": size["height"]})
                looking.set_content(shown)
                assert against(looking) == []
    page.get_by_role("button", name="Send it").click()
    expect(page.locator(".note").first).to_contain_text("The rule does not hold until")


def test_who_may_not_is_shown_the_other_rooms(console: Console) -> None:
    secret = console.session_of(console.hire(Role.ADMINISTRATOR).id)
    with console.client(secret) as client:
        refused, lost, desk = (client.get(place) for place in ("/console/requests", "/console/nowhere", "/desk"))
    assert [each.status_code for each in (refused, lost, desk)] == [403, 404, 403]
    assert all('href="/console/staff"' in each.text for each in (refused, lost))
    assert "Other calls" not in desk.text
    assert 'href="/console"' in desk.text
