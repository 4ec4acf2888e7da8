"""A reviewer's day, in a real browser without scripts: what waits, words that people hear, a review, house rules; never alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from rightcall.actors import Role
from rightcall.controllers.model import Controller
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done, review
from tests.browser import NARROW, WIDE, against
from tests.console.people import Console, console_of

TITLE = str(PURPOSE["title"])
PLANTED = "</textarea><script>document.title='planted'</script>"
VOID = "We record this call to train our agents. If you stay on the line, you agree."
BETTER = (
    "May Example Energy record your side of this call to train our agents? You can say no, and change your mind at any moment; we"
    " help you just the same. Press 1 for yes or 2 for no."
)


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    """A purpose that runs, on words that could be better."""
    clients = Clients(house, company)
    made = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    done(clients.dpo.post(f"/api/v1/purposes/{made}/notices", json=NOTICE), 201)
    review(clients)
    with console_of(house, company) as console:
        yield console


def page_of(console: Console, chromium: Browser, role: Role) -> Page:
    return console.page(chromium, console.session_of(console.hire(role).id), java_script_enabled=False)


def is_fair(console: Console, chromium: Browser, role: Role, *paths: str) -> None:
    """Nothing against these pages, narrow and wide, light and dark; and what was planted is words."""
    secret = console.session_of(console.hire(role).id)
    for scheme, size in (("light", NARROW), ("dark", WIDE)):
        looking = console.page(chromium, secret, color_scheme=scheme, viewport=size)
        for path in paths:
            looking.goto(console.address + path)
            assert against(looking) == [], path
            assert looking.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
            assert looking.title() != "planted"


def finds_better_words(reviewer: Page) -> str:
    """Void words are refused and others published, once they were read as they are. Where they stand."""
    reviewer.get_by_role("link", name="Notices", exact=True).click()
    reviewer.get_by_role("link", name=NOTICE["text"][:20]).click()  # type: ignore[index]  # words
    reviewer.get_by_role("link", name="Say it better").click()
    reviewer.get_by_label("The words").fill(VOID + PLANTED)
    reviewer.get_by_role("button", name="Check it").click()
    assert reviewer.get_by_text("A yes to these words would be none").is_visible()
    assert reviewer.get_by_role("button", name="Publish these words").count() == 0
    assert reviewer.get_by_label("The words").input_value() == VOID + PLANTED
    reviewer.get_by_label("The words").fill(BETTER)
    reviewer.get_by_role("button", name="Check it").click()
    assert reviewer.get_by_text("It was of other words, and lapses").is_visible()
    reviewer.get_by_label("The words").fill(BETTER + " Thank you.")
    reviewer.get_by_label("I have read what was found").check()
    reviewer.get_by_role("button", name="Publish these words").click()
    assert reviewer.get_by_text("The words are not those that were checked.").first.is_visible()
    reviewer.get_by_role("button", name="Publish these words").click()
    assert reviewer.get_by_text("Read what was found and what follows").first.is_visible()
    reviewer.get_by_label("I have read what was found").check()
    reviewer.get_by_role("button", name="Publish these words").click()
    assert reviewer.get_by_text("no review of the purpose is in force").is_visible()
    return reviewer.url


def test_a_reviewers_day(chromium: Browser, console: Console) -> None:
    reviewer = page_of(console, chromium, Role.REVIEWER)
    reviewer.goto(f"{console.address}/console")
    words = finds_better_words(reviewer).removeprefix(console.address)
    is_fair(console, chromium, Role.REVIEWER, "/console/notices", words, f"/console/notices/new?like={words.rpartition('/')[2]}")


def test_what_cannot_be_taken_is_said_at_its_field_and_kept(console: Console) -> None:
    secret = console.session_of(console.hire(Role.REVIEWER).id)
    with console.client(secret) as client:
        form = {"form": form_token(secret), "purpose": "none", "language": "klingon!", "text": PLANTED, "yes": "1", "no": "1"}
        answer = client.post("/console/notices/check", data=form)
        assert answer.status_code == 422
        for field in ("purpose", "language", "yes"):
            assert f'id="{field}-wrong"' in answer.text
        assert "klingon!" in answer.text
        assert "<script>document" not in answer.text
