"""What is kept of Ada's calls and elsewhere, folded so that a telephone shows it, with what ended said to have ended."""

import re

from lxml import html

from tests.api.scene import NOTICE, PURPOSE, done, review, ring_again
from tests.portal.scene import Page, sign_in

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
    happened = page.ada.get(f"calls/{again.call}").text.partition("<ol>")[2]
    assert (happened.count("recording began"), "recording stopped" in happened) == (2, False), "each purpose once"
    again.hang_up()
    assert "Settle disputes</strong> (you said yes)" in _text(page, "calls")
    assert page.ada.post(f"choices/{second}/no").status_code == 303
    text = _text(page, "calls")
    assert re.search('Settle disputes</strong> <span class="tag">ended</span> You took your yes back on [^.]*, and its key', text)
    assert "(you said yes)" in text, "the other reason stands"


def test_what_ended_for_one_purpose_by_a_no_and_for_another_by_its_day_says_each_of_each(page: Page) -> None:
    """One reason at its head would be untrue of the other."""
    short = done(page.clients.dpo.post("/api/v1/purposes", json=SECOND | {"term_days": 1}), 201)["id"]
    notice = done(page.clients.dpo.post(f"/api/v1/purposes/{short}/notices", json=NOTICE), 201)["id"]
    review(page.clients, "disputes")
    again = ring_again(page.scene)
    done(again.choose("granted", purpose="disputes", notice=notice, ask=done(again.ask(notice=notice), 201)["id"]), 201)
    done(again.choose("granted"), 201)
    again.hear()
    again.hang_up()
    page.later(3 * 24 * 60 * 60)
    sign_in(page.house, page.ada)
    assert page.say("no").status_code == 303
    [seen, *_] = html.fromstring(page.ada.get("calls").text).xpath("//details")
    thing = " ".join(seen.xpath(".//article")[0].text_content().split())
    assert thing.count("You took your yes back on") == thing.count("Its time is over") == 1, thing
    assert ".." not in thing


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
    page.say("no")
    none = page.ada.get(place).text
    assert ("Nothing of your calls is kept" in none, "No call of yours is known" in none) == (True, False)


def test_stretches_of_one_recording_lie_together(page: Page) -> None:
    again = ring_again(page.scene)
    done(again.choose("granted"), 201)
    again.hear()
    for deed in ("pause", "resume"):
        done(page.clients.agent.post(f"/api/v1/calls/{again.call}/{deed}", json={"reason": "card_data"}))
    again.hear()
    again.hang_up()
    [seen, *_] = html.fromstring(page.ada.get("calls").text).xpath("//details")
    assert len(seen.xpath(".//article")) == 1
    assert len(seen.xpath(".//article//li//audio")) == 2
    assert "2 stretches" in seen.xpath(".//article/h3")[0].text_content()


def _text(page: Page, place: str) -> str:
    return " ".join(page.ada.get(place).text.split())


def test_a_no_to_what_is_over_changes_nothing_of_when_and_why_it_ended(page: Page) -> None:
    """Nor does it stand in the call as if it had destroyed something there."""
    page.later(400 * 24 * 60 * 60)
    sign_in(page.house, page.ada)
    before = re.search(r"ended on [^<]*", _text(page, "calls"))
    assert before is not None
    assert page.say("no").status_code == 303
    text, happened = _text(page, "calls"), page.ada.get(f"calls/{page.scene.call}").text
    assert before[0] in text
    assert ("Its time is over" in text, "You took your yes back on" in text) == (True, False)
    assert "could no longer be opened" not in happened


def test_a_stretch_lies_under_its_own_no_and_a_later_answer_is_of_no_call(page: Page) -> None:
    again = ring_again(page.scene)
    for nth in range(2):
        done(again.choose("granted"), 201)
        again.hear()
        page.later(60)
        if nth == 0:
            done(again.choose("withdrawn"), 201)
            page.later(60)
    page.later(60)
    again.hang_up()
    page.later(60)
    assert page.say("no").status_code == 303
    [seen, *_] = html.fromstring(page.ada.get("calls").text).xpath("//details")
    said = [" ".join(each.text_content().split()) for each in seen.xpath(".//article")]
    ends = {re.findall(r"You took your yes back on (.*?), and", each)[0] for each in said}
    assert (len(said), len(ends)) == (2, 2), said
    assert not any("after a pause" in each for each in said)
    assert page.say("yes").status_code == 303
    in_it, _, later = page.ada.get(f"calls/{again.call}").text.partition("What came of it later")
    assert in_it.partition("What happened in this call")[2].count("you answered") == 3
    assert later.count("could no longer be opened") == later.count("you answered") == 1, later
