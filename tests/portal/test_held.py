"""What is kept of Ada's calls and elsewhere, folded so that a telephone shows it, with what ended said to have ended."""

import re

from tests.api.scene import NOTICE, PURPOSE, done, review, ring_again
from tests.portal.scene import Page

SECOND = PURPOSE | {"key": "disputes", "title": "Settle disputes", "term_days": 30}


def test_a_reason_that_ended_says_so_beside_one_that_stands(page: Page) -> None:
    """A recording for two purposes; she takes one yes back."""
    second = done(page.clients.dpo.post("/api/v1/purposes", json=SECOND), 201)["id"]
    notice = done(page.clients.dpo.post(f"/api/v1/purposes/{second}/notices", json=NOTICE), 201)["id"]
    review(page.clients, "disputes")
    again = ring_again(page.scene)
    done(again.choose("granted"), 201)
    asked = done(again.ask(notice=notice), 201)["id"]
    done(again.choose("granted", purpose="disputes", notice=notice, ask=asked), 201)
    again.hear()
    again.hang_up()
    assert "Settle disputes</strong> (you said yes)" in _text(page, "calls")
    assert page.ada.post(f"choices/{second}/no").status_code == 303
    text = _text(page, "calls")
    assert 'Settle disputes</strong> <span class="tag">ended</span> You took your yes back, and its key was' in text
    assert "(you said yes)" in text, "the other reason stands"


def test_calls_are_folded_and_the_figure_of_what_is_kept_leads_to_just_that(page: Page) -> None:
    for _ in range(2):
        again = ring_again(page.scene)
        done(again.choose("refused"), 201)
        again.hang_up()
    text = _text(page, "calls")
    assert (text.count('<details class="card">'), text.count('<details class="card" open>')) == (2, 1), "the newest is open"
    home = _text(page, "home")
    [(many, place)] = re.findall(r'class="figure">(\d+)</span><a href="([^"]+)"[^>]*>things? kept of them', home)
    kept = page.ada.get(place).text
    assert (many, kept.count('<article class="thing">'), "All your calls" in kept) == ("1", 1, True)


def _text(page: Page, place: str) -> str:
    return " ".join(page.ada.get(place).text.split())
