"""The agent desk in a real browser, with a call in the house: the light shows what the recorder confirmed and nothing else."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import psycopg
import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from rightcall.actors import Role
from rightcall.calls import actions as calls
from rightcall.clock import SystemClock
from rightcall.console.desk.place import framed_by
from rightcall.controllers.model import Controller
from rightcall.holdings import actions as holdings
from rightcall.ids import PartyId, PurposeId
from rightcall.personal import Personal
from rightcall.requests.own import choosing
from rightcall.staff.sessions.actions import form_token
from tests.api.conftest import Clients
from tests.api.fakes import Fault, RealHouse
from tests.api.scene import NOTICE, PURPOSE, Scene, done, review, ring, ring_again
from tests.browser import NARROW, WIDE, against
from tests.cast import ADA_NAME, AGENT_SIP
from tests.console.people import Console, console_of
from tests.console.test_own_words import Heard
from tests.journeys.deployment import eventually
from tests.standing import SetClock

CALLER = "Caller"
IS_SEEN = """button => {
  const {x, y, width, height} = button.getBoundingClientRect();
  return button.contains(document.elementFromPoint(x + width / 2, y + height - 1));
}"""

LANGUAGE = """function () {
  const own = this.nodeType === Node.TEXT_NODE || this.nodeName === "OPTION"
    || ["aria-label", "aria-labelledby", "title", "alt"].some((name) => this.hasAttribute?.(name));
  return own ? (this.closest ? this : this.parentElement).closest("[lang]").lang : "";
}"""


@pytest.fixture
def scene(house: RealHouse, company: Controller) -> Scene:
    return ring(house, Clients(house, company))


@pytest.fixture
def console(house: RealHouse, company: Controller) -> Iterator[Console]:
    with console_of(house, company) as console:
        yield console


def at_desk(chromium: Browser, console: Console, **options: object) -> Page:
    seven = console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:"))
    return console.page(chromium, console.session_of(seven.id), **({"viewport": WIDE} | options))


def light(page: Page, words: str) -> None:
    expect(page.locator(".lights li", has_text=CALLER).locator("[data-lamp]")).to_have_text(words)


def read_and_hear_yes(page: Page, clock: SetClock) -> None:
    page.keyboard.press("r")
    yes = page.get_by_role("button", name="They said yes")
    expect(yes).to_be_visible()
    if page.viewport_size != NARROW:
        eventually(lambda: page.get_by_role("button", name="They said yes").evaluate(IS_SEEN), 5, "it is seen without scrolling")
    clock.at = clock.now() + timedelta(seconds=30)
    yes.click()


def second_purpose(scene: Scene) -> str:
    """Its words' id; nobody has reviewed it."""
    named = PURPOSE | {"key": "quality", "title": "Hear how well we help"}
    made = done(scene.clients.dpo.post("/api/v1/purposes", json=named), 201)["id"]
    words = {"language": "en", "text": str(NOTICE["text"]).replace("train our agents", "hear how well we help")}
    return str(done(scene.clients.dpo.post(f"/api/v1/purposes/{made}/notices", json=words), 201)["id"])


def test_a_call_at_the_desk(chromium: Browser, console: Console, scene: Scene, set_clock: SetClock) -> None:
    page = at_desk(chromium, console)
    page.clock.install()
    page.goto(f"{console.address}/desk")
    assert page.url.endswith(f"/desk/{scene.call}"), "their own call, by the address that telephones know them by"
    light(page, "Not recorded")
    assert "May we record this call" in page.locator("blockquote").inner_text()
    assert against(page) == []

    read_and_hear_yes(page, set_clock)
    light(page, "Recorded")
    assert "Caller: Recorded" in page.locator("#said").inner_text()
    assert scene.hear(5) == 5

    page.keyboard.press("p")
    expect(page.get_by_text("The recorder keeps nothing.")).to_be_visible()
    light(page, "Not recorded")
    assert scene.hear(5) == 0
    expect(page.get_by_role("button", name="End the pause")).to_be_visible()
    page.keyboard.press("p")
    light(page, "Recorded")

    page.route("**/now*", lambda route: route.fulfill(status=503))
    page.keyboard.press("p")
    expect(page.locator("[data-lamp]").first).to_have_text("?", timeout=15_000)
    page.unroute("**/now*")
    light(page, "Not recorded")
    page.keyboard.press("p")
    light(page, "Recorded")

    page.context.set_offline(True)
    page.clock.fast_forward("00:20")
    expect(page.get_by_text("this page hears nothing from us").last).to_be_visible()
    light(page, "?")
    assert "Improve how we train agents" not in page.locator(".lights").inner_text(), "for which it would be recorded"
    assert "Recorded." not in (page.locator("[data-said]").text_content() or ""), "read out to whoever sees no light"
    page.context.set_offline(False)
    light(page, "Recorded")

    page.keyboard.press("v")
    light(page, "Not recorded")
    page.keyboard.press("v")
    light(page, "Recorded")

    scene.house.gates.fault = Fault.NOT_DONE
    page.keyboard.press("v")
    expect(page.get_by_text("Pause not confirmed.")).to_be_visible()
    light(page, "Not sure")
    assert against(page) == []
    scene.house.gates.fault = None
    light(page, "Not recorded")

    page.get_by_role("button", name="End: Vulnerable moment").click()
    light(page, "Recorded")
    page.keyboard.press("w")
    light(page, "Not recorded")
    expect(page.locator(".stands").first).to_contain_text("withdrawn")
    expect(page.locator(".lights"), "they did say yes").to_contain_text("they took their yes back")
    assert scene.detail()["standing"][0]["answer"] == "withdrawn"
    scene.hang_up()
    expect(page.get_by_text("The call is over.").first).to_be_visible()
    assert "goes on" not in page.locator("h1").inner_text() + page.title()
    page.close()


def test_each_purpose_is_asked_by_itself_and_taken_back_by_itself(
    chromium: Browser, console: Console, scene: Scene, set_clock: SetClock
) -> None:
    second_purpose(scene)
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk/{scene.call}")
    for key, says in (("y", "Read the words out first"), ("w", "nothing to withdraw"), ("3", "nothing to read out now")):
        page.keyboard.press(key)
        expect(page.locator("#wrong")).to_contain_text(says)
    page.keyboard.press("p")
    expect(page.get_by_text("Nobody is asked during a pause.").first).to_be_visible()
    expect(page.get_by_role("button", name="I read this out now")).to_have_count(0)
    page.keyboard.press("p")
    expect(page.get_by_role("button", name="I read this out now")).to_have_count(2)
    page.keyboard.press("2")
    expect(page.locator("#wrong")).to_contain_text("No review of this purpose is in force.")
    review(scene.clients, "quality")
    for asked in (1, 2):
        read_and_hear_yes(page, set_clock)
        expect(page.locator(".withdrawals li")).to_have_count(asked)
    page.locator(".asks").evaluate("last => { last.style.minHeight = '200vh'; scrollTo(0, last.scrollHeight) }")
    eventually(lambda: page.locator("[data-lamp]").first.evaluate(IS_SEEN), 5, "the light stays while one reads further down")
    page.keyboard.press("w")
    page.keyboard.press("2")
    expect(page.locator(".withdrawals li")).to_have_count(1)
    assert "Improve how we train agents" in page.locator(".withdrawals").inner_text()
    light(page, "Recorded")
    page.close()


def test_a_yes_that_came_too_soon_says_so_and_is_asked_for_again(
    chromium: Browser, console: Console, scene: Scene, set_clock: SetClock
) -> None:
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk/{scene.call}")
    soon = page.locator("p.small", has_text="Answered before the words can have been read out.")
    for seconds, comes_too_soon, keys in ((2, True, "y"), (30, False, "y1")):
        set_clock.at = set_clock.now() + timedelta(seconds=1)
        page.keyboard.press("r")
        expect(page.get_by_role("button", name="They said yes")).to_be_visible()
        set_clock.at = set_clock.now() + timedelta(seconds=seconds)
        page.keyboard.type(keys)
        light(page, "Recorded")
        expect(page.get_by_role("button", name="They said yes")).to_have_count(0)
        expect(soon).to_have_count(int(comes_too_soon))
    page.close()


IN_SIGHT = """height => {
    const words = document.querySelector("blockquote")?.getBoundingClientRect();
    return words?.height && words.bottom <= height;
}"""


def test_beside_a_crm_the_words_to_read_out_are_in_sight(
    chromium: Browser, console: Console, scene: Scene, set_clock: SetClock
) -> None:
    """A frame of 480 pixels, before anybody was asked and while one purpose is recorded and the next is to be read out."""
    second_purpose(scene)
    review(scene.clients, "quality")
    page = at_desk(chromium, console, viewport={"width": 480, "height": 768})
    page.goto(f"{console.address}/desk/{scene.call}")
    for asked in (0, 1):
        page.wait_for_function(f"({IN_SIGHT})(768)")
        if not asked:
            read_and_hear_yes(page, set_clock)
            expect(page.locator(".withdrawals li")).to_have_count(1)
            expect(page.locator("blockquote")).to_have_count(1)
    assert against(page) == []
    page.close()


def test_a_no_is_one_key_too(chromium: Browser, console: Console, scene: Scene) -> None:
    page = at_desk(chromium, console)
    page.goto(f"{console.address}/desk/{scene.call}")
    page.keyboard.press("r")
    expect(page.get_by_role("button", name="They said no")).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_text("They ask to hear it again")).to_be_visible()
    assert scene.detail()["standing"][0]["answer"] == "refused"
    page.close()


def test_what_is_asked_and_said_beside_the_call(chromium: Browser, console: Console, scene: Scene, set_clock: SetClock) -> None:
    page = at_desk(chromium, console, viewport=NARROW, color_scheme="dark")
    page.goto(f"{console.address}/desk/{scene.call}")
    read_and_hear_yes(page, set_clock)
    light(page, "Recorded")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.keyboard.press("h")
    expect(page.get_by_text("Of this call we keep sound for: Improve how we train agents")).to_be_visible()
    light(page, "Recorded")
    page.keyboard.press("p")
    light(page, "Not recorded")
    page.keyboard.press("p")
    light(page, "Recorded")
    host = urlsplit(console.house.settings.own_url).netloc
    way = page.locator("main p", has_text=f"“Go to {host}").inner_text()
    assert way.endswith("‘See what is held about you’.”"), "the company is named between where there are several"
    assert str(scene.controller) not in page.locator("main").inner_text(), "nobody can say that on the telephone"
    assert against(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="Enter it").click()
    expect(page.get_by_text("It is entered: a copy of what is held.")).to_be_visible()
    expect(page.get_by_text("It waits for: that it is shown who asks.")).to_be_visible()
    next_step = page.get_by_text("choose the request there, and then ‘It was me: go on with it’.")
    expect(next_step, "what comes next is there to be said").to_be_visible()
    expect(page.get_by_text("“I can also enter a request for you now.”")).to_have_count(0)
    page.keyboard.press("b")
    page.get_by_role("link", name="Something is wrong").click()
    light(page, "Recorded")
    page.keyboard.press("w")
    light(page, "Not recorded")
    page.get_by_label("What is wrong?").fill("Callers are told that they have to say yes.")
    assert against(page) == []
    page.get_by_role("button", name="Raise it").click()
    expect(page.get_by_text("Keep this code")).to_be_visible()
    page.close()


def test_each_word_is_heard_in_the_language_that_it_is_in(chromium: Browser, console: Console, scene: Scene) -> None:
    """By the tree that screen readers read: what is said of an element by itself is of the element's language."""
    title = str(PURPOSE["title"])
    text = "Må vi optage opkaldet for at oplære vores medarbejdere? Du kan ombestemme dig når som helst. Tryk 1 for ja, 2 nej."
    words = {"language": "da", "text": text, "keypad": NOTICE["keypad"]}
    done(scene.clients.dpo.post(f"/api/v1/purposes/{scene.purpose}/notices", json=words), 201)
    review(scene.clients)
    done(scene.choose("granted"), 201)
    page = at_desk(chromium, console, locale="de-DE")
    session = page.context.new_cdp_session(page)
    for place in (f"/desk/{scene.call}", f"/desk/{scene.call}/caller?language=da", f"/desk/{scene.call}/concern"):
        page.goto(console.address + place)
        heard = spoken(session)
        assert [each for each in heard if title in each[1] and each != ("en", title)] == [], place
        assert ("de", "Widerruf: Anrufer:") in heard, place
        assert {language for language, _ in heard} == {"de", "en", *(["da"] if "concern" not in place else [])}, place
        assert {each for language, each in heard if language == "en"} <= {title, "English", "SBC", str(NOTICE["text"])}, place
    page.close()


def spoken(session: CDPSession) -> set[tuple[str, str]]:
    """Each piece that is said by itself, with its language: text, and what an attribute says of an element."""
    found = set()
    for node in session.send("Accessibility.getFullAXTree")["nodes"]:
        words = str(node.get("name", {}).get("value", "")).strip()
        if node["ignored"] or not words or "backendDOMNodeId" not in node:
            continue
        known = session.send("DOM.resolveNode", {"backendNodeId": node["backendDOMNodeId"]})["object"]["objectId"]
        asked = {"objectId": known, "functionDeclaration": LANGUAGE, "returnByValue": True}
        language = session.send("Runtime.callFunctionOn", asked)["result"].get("value")
        if language:
            found.add((language, words))
    return found


def test_all_of_it_works_without_scripts(chromium: Browser, console: Console, scene: Scene, set_clock: SetClock) -> None:
    page = at_desk(chromium, console, java_script_enabled=False)
    page.goto(f"{console.address}/desk")
    page.get_by_role("button", name="I read this out now").click()
    set_clock.at = SystemClock().now() + timedelta(seconds=30)
    page.get_by_role("button", name="They said yes").click()
    light(page, "Recorded")
    expect(page.locator("meta[http-equiv=refresh]")).to_have_count(1)
    page.get_by_role("button", name="Card data").click()
    light(page, "Not recorded")
    scene.house.gates.fault = Fault.NOT_DONE
    page.get_by_role("button", name="End: Card data").click()
    light(page, "Not sure")
    scene.house.gates.fault = None
    page.get_by_role("button", name="They withdraw").click()
    light(page, "Not recorded")
    page.close()


def test_who_said_no_in_another_call_is_not_asked_and_one_order_is_given(console: Console, scene: Scene) -> None:
    """Nobody is pressed: whoever asks all the same makes a yes that is doubted, and nobody says to ask for another."""
    done(scene.choose("refused"), 201)
    scene.hang_up()
    again = ring_again(scene)
    with console.client(console.session_of(console.hire(Role.AGENT).id)) as client:
        page = client.get(f"/desk/{again.call}").text
        assert ("Do not ask." in page, "Ask once more" in page) == (True, False)
        assert page.index("They ask to hear it again") < page.index("I read this out now")
        done(again.choose("granted"), 201)
        page = client.get(f"/desk/{again.call}").text
        assert ("Do not ask again." in page, "Ask once more" in page, "I read this out now" in page) == (True, False, False)


def yes_on_own_page(scene: Scene) -> None:
    """One tap, a second after the page was shown."""
    house, secret, shown = scene.house, Personal("a visit"), scene.house.clock.now() - timedelta(seconds=1)
    with house.database.transaction(scene.controller) as tx:
        ada = calls.party(tx, PartyId(UUID(scene.ada))).subject
        words = choosing.shown_words(tx, PurposeId(UUID(scene.purpose)), "en")
        assert words is not None
        seal, of = choosing.seal_of_words(secret, words, shown), words.purpose
        choosing.give(tx, house.tools, [ada], purpose=of, language="en", secret=secret, shown_at=shown, seal=seal, since=shown)


def test_a_yes_on_their_own_page_is_their_latest_word(console: Console, scene: Scene) -> None:
    """In the call it counts as it is; in the next they are asked, and nobody is told that they said no."""
    done(scene.choose("refused"), 201)
    with console.client(console.session_of(console.hire(Role.AGENT).id)) as client:
        yes_on_own_page(scene)
        page = client.get(f"/desk/{scene.call}").text
        assert ("They withdraw" in page, "Answered before the words" in page, "Ask once more" in page) == (True, False, False)
        scene.hang_up()
        again = ring_again(scene)
        page = client.get(f"/desk/{again.call}").text
        assert ("They said yes on their page on" in page, "Do not ask." in page, "They withdraw" in page) == (True, False, False)
        assert "They ask to hear it again" not in page
        assert again.detail()["standing"][0]["answer"] is None, "it was to words in another call"
        done(again.choose("granted"), 201)
        page = client.get(f"/desk/{again.call}").text
        assert ("They had said no before." in page, "They said yes on their page" in page) == (False, False)


def test_only_who_the_operator_names_frames_it(console: Console, scene: Scene) -> None:
    seven = console.session_of(console.hire(Role.AGENT).id)
    with console.client(seven) as client, console.client() as nobody:
        for place in ("/desk", f"/desk/{scene.call}", f"/desk/{scene.call}/caller"):
            assert "frame-ancestors 'none'" in client.get(place).headers["content-security-policy"], place
        answer = nobody.get("/desk", headers={"sec-fetch-dest": "iframe"})
        other_site = nobody.get("/desk", headers={"sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"})
    assert (answer.status_code, "Sign in in a window of its own" in answer.text) == (401, True)
    assert ("Sign in in a window" in other_site.text, "is of another site" in other_site.text) == (False, True), (
        "it would be no use"
    )
    named = console.house.settings.model_copy(update={"desk_framed_by": "https://crm.energy.example, https://b.example"})
    assert framed_by(named) == "https://crm.energy.example https://b.example"


@pytest.mark.parametrize("is_turned", [False, True])
def test_what_is_said_to_be_kept_is_what_still_opens(
    console: Console, scene: Scene, is_turned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One yes of two was taken back, then the other: what was kept on it opens for nobody, and nobody is told otherwise. It is
    said in the order in which it was recorded, whatever order the map has."""
    if is_turned:
        of_ids = holdings.of_ids
        monkeypatch.setattr(holdings, "of_ids", lambda tx, wanted: dict(reversed(of_ids(tx, wanted).items())))
    words = second_purpose(scene)
    review(scene.clients, "quality")
    done(scene.choose("granted"), 201)
    of_quality = {"purpose": "quality", "notice": words}
    asked = done(scene.ask(notice=words), 201)["id"]
    heard = {"ask": asked, "channel": "voice_heard_by_agent", "evidence": "They said yes."}
    done(scene.choose("granted", **of_quality, **heard), 201)
    assert scene.hear(5) == 5
    training, quality = PURPOSE["title"], "Hear how well we help"
    keep, closed = "Of this call we keep sound for: ", "What was recorded for this can no longer be opened: "
    with console.client(console.session_of(console.hire(Role.AGENT).id)) as client:

        def said() -> list[str]:
            page = client.get(f"/desk/{scene.call}/caller").text
            return [each for each in (f"{keep}{training}", f"{keep}{quality}.", f"{closed}{training}", keep) if each in page]

        assert said() == [f"{keep}{training}", keep]
        done(scene.choose("withdrawn"), 201)
        assert said() == [f"{keep}{quality}.", f"{closed}{training}", keep]
        done(scene.choose("withdrawn", purpose="quality"), 201)
        assert said() == [f"{closed}{training}"]


def test_who_calls_is_read_for_a_purpose_that_the_role_may_use(console: Console, scene: Scene) -> None:
    scene.choose("granted")
    place = f"/desk/{scene.call}/caller?language=da"
    for role, reads in ((Role.SUPERVISOR, True), (Role.AGENT, False)):
        secret = console.session_of(console.hire(role).id)
        why = {"reason": "greet them by name", "case": "call-2026-11"}
        form = {"form": form_token(secret), "party": scene.ada, "purpose": scene.purpose} | why
        with console.client(secret) as client:
            page = client.get(place).text
            assert ("For which purpose do you read it?" in page, "Af dette opkald" in page) == (reads, True)
            assert (ADA_NAME in client.post(place, data=form).text) is reads, role


def test_how_things_stand_with_a_caller_is_told_once_it_may_be_read(console: Console, scene: Scene) -> None:
    """What they said before, what they asked for and how they are; requests only to whoever may see those."""
    done(scene.choose("refused"), 201)
    scene.hang_up()
    again = ring_again(scene)
    done(again.choose("granted"), 201)
    done(scene.clients.agent.post(f"/api/v1/calls/{again.call}/parties/{again.ada}/marks", json={"in_distress": True}))
    place = f"/desk/{again.call}"
    secret = console.session_of(console.hire(Role.SUPERVISOR).id)
    form = {"form": form_token(secret), "party": again.ada, "purpose": again.purpose}
    with console.client(secret) as client:
        assert client.post(f"{place}/request", data=form | {"kind": "access"}).status_code == 200
        assert "2 calls with us" not in client.get(f"{place}/caller").text, "nothing is told before it is asked for"
        why = {"reason": "greet them by name", "case": "call-2026-11"}
        told = re.sub(r"(<[^>]+>|\s)+", " ", client.post(f"{place}/caller", data=form | why).text)
    for words in ("2 calls with us", "in distress", "said before", f"{PURPOSE['title']}: no", "wait for a copy"):
        assert words in told, (words, told)


def test_where_the_law_wants_everyones_yes_our_own_are_asked_once_the_caller_said_yes(console: Console, scene: Scene) -> None:
    """German law (StGB section 201) wants the agent's too; before anybody said yes, and elsewhere, it asks nothing of them."""
    seven = console.session_of(console.hire(Role.AGENT, "Agent Seven", address=AGENT_SIP.removeprefix("sip:")).id)
    asked = f'name="party" value="{scene.seven}"'
    with console.client(seven) as client:
        assert asked not in client.get(f"/desk/{scene.call}").text
        done(scene.choose("granted"), 201)
        assert asked not in client.get(f"/desk/{scene.call}").text, "in Denmark"
        with psycopg.connect(scene.house.database.url) as connection:
            connection.execute("UPDATE controllers SET jurisdictions = '{EU,DE}' WHERE controller = %s", (scene.controller,))
        review(scene.clients)
        done(scene.choose("withdrawn"), 201)
        assert asked not in client.get(f"/desk/{scene.call}").text, "nobody said yes"
        done(scene.choose("granted"), 201)
        shown = client.get(f"/desk/{scene.call}").text
        assert (asked in shown, "needs the yes of everyone in it, the agent too" in shown) == (True, True), "the rule says why"
        assert "needs the yes" in shown.partition('class="lights"')[2].partition("</ul>")[0], "beside the light: nothing moves"
        for code, language, says in (
            ("de", "de", "braucht das Ja aller"),
            ("fr", "en", "needs the yes"),
            ("en", "en", "needs the yes"),
        ):
            heard = Heard()
            heard.feed(client.get(f"/desk/{scene.call}", headers={"accept-language": code}).text)
            assert {each for each, text in heard.texts if says in text} == {language}, "in the reader's, or as of its own"
        assert "needs the yes of everyone in it" in client.get(f"/console/calls/{scene.call}").text
        done(scene.choose("granted", party=scene.seven), 201)
        assert scene.hear(5) == 5
        shown = client.get(f"/desk/{scene.call}").text
        assert "needs the yes of everyone in it" not in shown, "no rule forbids it any more"
        told = re.sub(r"<[^>]+>", "", shown)
        assert [f"{who}: {PURPOSE['title']} W" in told for who in ("Caller", "Us")] == [True, True], "whose yes each takes back"
