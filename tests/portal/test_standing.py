"""Ada's latest answer of all her calls, and a yes of another call that counts beside it."""

from tests.api.scene import done, ring_again
from tests.portal.scene import Browser, Page


def test_the_latest_answer_of_all_calls_is_told_and_an_older_yes_beside_it_ends_with_one_tap(page: Page) -> None:
    """Ada said yes in her first call and no in her next: what the first recorded is kept still."""
    page.later(300)
    again = ring_again(page.scene)
    done(again.choose("refused"), 201)
    again.hang_up()
    for place in ("choices", "home"):
        text = page.ada.get(place).text
        assert "you said no" in text, place
        assert "you said yes" not in text, place
        assert "and what was recorded by that yes is kept until" in text, place
    assert "End that too" in text
    assert "disabled" not in _button(page, "yes"), "a yes is possible after a no"
    assert page.say("no").status_code == 303
    text = page.ada.get("choices").text
    assert ("you took your yes back" in text, "End that too" in text) == (True, False)
    page.later(60)
    assert page.say("yes").status_code == 303
    assert ("you said yes" in page.ada.get("choices").text, "disabled" in _button(page, "yes")) == (True, True)


def test_a_yes_counts_anew_after_a_no_in_an_older_call(page: Page) -> None:
    page.later(300)
    again = ring_again(page.scene)
    done(again.choose("granted"), 201)
    again.hear()
    again.hang_up()
    first = page.scene.detail()["standing"][0]["choice"]
    link = done(page.clients.agent.get(f"/api/v1/choices/{first}/link"))["link"]
    page.later(60)
    Browser(page.ada.address, page.ada.me).post(f"{link}/no", with_token=False)
    assert "you took your yes back" in page.ada.get("choices").text
    page.later(60)
    told = page.ada.get(page.say("yes").headers["location"]).text
    assert ("you said yes" in told, "this already" in told) == (True, False)


def test_as_many_calls_are_told_after_a_no_as_before_it(page: Page) -> None:
    """A yes of a call in which nothing is kept any more counts nowhere, and ends with the others."""
    for _ in range(2):
        page.later(300)
        again = ring_again(page.scene)
        done(again.choose("granted"), 201)
        again.hang_up()
    page.later(60)
    assert "in 2 calls" in page.ada.get("choices").text
    assert "Your yes was taken back in 2 calls." in page.ada.get(page.say("no").headers["location"]).text


def _button(page: Page, answer: str) -> str:
    return page.ada.get("choices").text.partition(f'/choices/{page.scene.purpose}/{answer}">')[2].partition("</form>")[0]
