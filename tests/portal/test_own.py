"""What Ada finds at her page: her calls as they were, her own voice, her choices and what they do; of Ben nothing."""

import json
import re
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import pytest
from lxml import html

from rightcall.actors import Role
from rightcall.api.edge import MAX_BODY_BYTES
from rightcall.calls import actions as calls
from rightcall.controllers import actions as controllers
from rightcall.ethics.model import Measure
from rightcall.evidence.model import Verified
from rightcall.evidence.verify import verify
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import Ground
from rightcall.ids import HoldingId, PartyId, PurposeId, ReviewId, SubjectId
from rightcall.ledger.checkpoint import key_of
from rightcall.openness import actions as openness
from rightcall.openness.model import Fairness, Gap
from rightcall.requests.own.choosing import MOST_YESES
from rightcall.reviews import actions as reviews
from rightcall.reviews.model import Lengthened
from tests.api.scene import PURPOSE, done
from tests.cast import ADA_NAME, ADA_TEL
from tests.portal.scene import Browser, Page
from tests.reviews.words import FORM

ID = r"[0-9a-f-]{36}"


def test_her_calls_say_what_is_kept_why_until_when_and_who_used_it(page: Page) -> None:
    page.clients.auditor.get(f"/api/v1/takes/{page.take}/audio?purpose=training")
    text = page.ada.get("calls").text
    for said in ("A recording of your voice", "Improve how we train agents", "New agents learn", "recorded in the call"):
        assert said in text
    assert "An auditor asked" in text
    assert "That it took place, when, and what happened in it is kept as well" in text
    assert "recording began" in page.ada.get(f"calls/{page.scene.call}").text
    for each in (text, page.ada.get(f"calls/{page.scene.call}").text):
        levels = [int(level) for level in re.findall(r"<h([1-6])", each)]
        assert all(then - before <= 1 for before, then in pairwise(levels)), levels
    assert "no: not lawful" in text
    assert ADA_NAME not in text
    home = page.ada.get("home").text
    assert f"<dd>{ADA_NAME}</dd>" in home
    assert f"<dt>Telephone number</dt><dd>{ADA_TEL}</dd>" in home
    assert not any(each in page.ben.get("home").text for each in (ADA_NAME, ADA_TEL)), "it is shown to her alone"
    assert "No call of yours is known" in page.ben.get("calls").text
    assert page.ada.get("elsewhere").status_code == 200


def test_what_is_kept_for_longer_than_she_was_told_is_said_first(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is written to: it stands above all else on her page, and a number that is not hers reads nothing of it."""
    purpose, now = PurposeId(UUID(page.scene.purpose)), page.clock.now()
    why = Lengthened(
        review=ReviewId(uuid4()), purpose=purpose, was_days=0, term_days=1825, law="Bogføringsloven § 12", opened_at=now
    )
    monkeypatch.setattr(reviews, "lengthenings", lambda *_: [why])
    text = " ".join(html.fromstring(page.ada.get("home").text).text_content().split())
    assert re.search(r"\d+ things? about you (is|are) kept for longer\. Improve how we train agents: That is longer", text)
    assert "it was 0 days, and is 1,825 since" in text
    assert "The law that wants it: Bogføringsloven § 12." in text
    assert "kept for longer" not in page.ben.get("home").text


def test_she_hears_herself_and_that_is_written_down_once(page: Page) -> None:
    whole = page.ada.get(f"sound/{page.take}")
    assert (whole.status_code, whole.headers["accept-ranges"]) == (200, "bytes")
    piece = page.ada.get(f"sound/{page.take}", headers={"Range": "bytes=0-99"})
    assert (piece.status_code, piece.content) == (206, whole.content[:100])
    assert page.ada.get(f"sound/{page.take}", headers={"Range": f"bytes={10**9}-"}).status_code == 400
    text = page.ada.get("calls").text
    assert len(re.findall("you listened to it", text)) == 1
    with page.house.database.transaction(page.clients.controller) as tx:
        used = uses.of_holdings(tx, [HoldingId(UUID(page.take))])
    assert [(each.ground, each.by.role, each.refused) for each in used] == [(Ground.OWN_REQUEST, Role.SUBJECT, False)]


def test_what_is_hers_is_nothing_to_another(page: Page) -> None:
    choice = str(done(page.clients.agent.get(f"/api/v1/calls/{page.scene.call}/choices"))["items"][0]["id"])
    for hers in (f"sound/{page.take}", f"receipts/{choice}", f"calls?after={page.scene.call}", f"calls/{page.scene.call}"):
        theirs, unknown = page.ben.get(hers), page.ben.get(re.sub(ID, str(uuid4()), hers))
        assert (theirs.status_code, unknown.status_code) == (404, 404), hers
        assert re.sub(ID, "", theirs.text) == re.sub(ID, "", unknown.text)
        assert page.ada.get(hers).status_code == 200


def test_a_no_is_one_tap_takes_effect_at_once_and_is_told(page: Page) -> None:
    assert _kept_of_calls(page) == 1
    said = page.say("no")
    assert _kept_of_calls(page) == 0
    place, _, card = said.headers["location"].partition("#")
    text = " ".join(page.ada.get(place).text.split())
    answered = text.partition(f'id="{card}" tabindex="-1"')[2].partition("</section>")[0]
    assert "Improve how we train agents: Your no is written down, and counts from now." in answered, "at the card, by its name"
    until = page.house.clock.now().date() + timedelta(days=8)
    assert (
        f"1 recording can no longer be opened. A backup that was made before could still be opened until the end of {until.day} "
        in answered
    )
    assert "can no longer" not in page.ada.get("choices?did=0000.x.9.9&seal=0").text
    assert page.ada.get(f"sound/{page.take}").status_code == 409
    text = page.ada.get("calls").text
    assert "Its sealed bytes, to which there is no key any more" in text
    in_it, here = text.index("<h3>What you answered</h3>"), text.index("<h3>What you answered on your page, not in the call</h3>")
    assert in_it < text.index("<strong>Yes</strong>", in_it) < here < text.index("<strong>Yes, taken back</strong>", here)
    assert "on your page, you answered" in page.ada.get(f"calls/{page.scene.call}").text
    assert "You took your yes back on" in text
    assert "It can no longer be opened. A backup that was made before could still be opened until the end of" in text
    assert "(you said yes)" not in text
    assert "you answered: <strong>Yes</strong>" in page.ada.get(f"calls/{page.scene.call}").text
    denied = page.clients.supervisor.get(f"/api/v1/takes/{page.take}/audio?purpose=training&reason=we+train+agents&case=A-1")
    assert denied.status_code in (403, 410)


def _kept_of_calls(page: Page) -> int:
    """As her first page counts it."""
    figure = re.search(r'figure">(\d+)</span><a [^>]+>things? kept of them', page.ada.get("home").text)
    assert figure is not None
    return int(figure[1])


def test_a_yes_is_to_the_words_that_were_shown_and_weighs_as_one(page: Page) -> None:
    page.say("no")
    form = page.form("yes")
    page.later(40)
    assert page.say("yes", shown_at="2020-01-01T00:00:00+00:00").status_code == 403
    assert page.ada.post(f"choices/{page.scene.purpose}/yes", data=form).status_code == 303
    newest = done(page.clients.auditor.get(f"/api/v1/calls/{page.scene.call}/choices"))["items"][-1]
    assert (newest["answer"], newest["channel"], newest["by"]["role"]) == ("granted", "web", "subject")
    assert newest["language"] == "en"
    assert [each["rule"] for each in newest["quality"]["findings"]] == ["wording_weak"]  # of the notice, and of nothing else
    old = page.form("yes")
    page.say("no")
    page.later(16 * 60)
    assert page.ada.post(f"choices/{page.scene.purpose}/yes", data=old).status_code == 409
    assert page.ada.get(f"sound/{page.take}").status_code == 409


def test_a_form_that_is_sent_again_makes_no_figure_bigger(page: Page) -> None:
    def made() -> list[str]:
        return [each["answer"] for each in done(page.clients.auditor.get(f"/api/v1/calls/{page.scene.call}/choices"))["items"]]

    place = f"choices/{page.scene.purpose}"
    told = [page.ada.get(page.say(answer).headers["location"]).text for answer in ("yes", "no", "no")]
    assert ["this already. It still counts" in each for each in told] == [True, False, True]
    assert not any("Your yes is written down" in each for each in told)
    assert made() == ["granted", "withdrawn"]
    assert re.search("<title>Improve how we train agents: You had said no to this already.* Your choices</title>", told[2])
    assert 'class="note good" role="status"' in told[1]
    form = page.form("yes")
    page.later(1)
    assert {page.ada.post(f"{place}/yes", data=form).status_code for _ in range(3)} == {303}
    assert made() == ["granted", "withdrawn", "granted"]
    page.say("no")
    again = page.ada.post(f"{place}/yes", data=form)
    assert (again.status_code, "This page was answered before" in again.text) == (409, True)
    for _ in range(MOST_YESES - 1):
        page.later(1)
        assert page.say("yes").status_code == page.say("no").status_code == 303
    page.later(1)
    assert "no more yeses are taken" in page.say("yes").text
    assert made().count("granted") == MOST_YESES + 1, "that of the call is none of the visit"
    assert made()[-1] == "withdrawn"


def test_a_receipt_is_checked_without_us_and_opens_the_page(page: Page) -> None:
    place = re.findall(r'href="[^"]*/(receipts/[0-9a-f-]{36})"', page.ada.get("choices").text)[0]
    file = page.ada.get(place).content
    assert isinstance(verify(file, key_of(page.house.signer).text), Verified)
    other = Browser(page.ada.address, page.ada.me)
    assert other.post("receipt", files={"receipt": ("r.json", file)}, with_token=False).status_code == 303
    assert "A recording of your voice" in other.get("calls").text
    forged = json.loads(file)
    forged["dpv:hasRecordOfActivity"]["dpv:hasDataSubject"]["dct:identifier"] = str(SubjectId(uuid4()))
    picture, far_too_long = b"\x89PNG\r\n\x1a\n\0\0", b"x" * MAX_BODY_BYTES
    for content, status in ((json.dumps(forged).encode(), 403), (picture, 422), (far_too_long, 413)):
        answer = Browser(other.address, other.me).post("receipt", files={"receipt": ("r", content)}, with_token=False)
        assert (answer.status_code, "This file does not open a page here" in answer.text) == (status, True)
    with page.house.database.transaction(page.clients.controller) as tx:
        page.house.vault.destroy_subject(tx, calls.party(tx, PartyId(UUID(page.scene.ada))).subject)
    closed = Browser(other.address, other.me).post("receipt", files={"receipt": ("r.json", file)}, with_token=False)
    assert (closed.status_code, "not by itself. Ask for a code, or turn to" in closed.text) == (403, True)


def test_what_shows_who_somebody_is_is_handed_out_for_a_day_and_seen_by_them(page: Page) -> None:
    choice = page.scene.detail()["standing"][0]["choice"]
    at = f"/api/v1/receipts/{choice}"
    clients, other = page.clients, Browser(page.ada.address, page.ada.me)
    assert [clients.auditor.get(each).status_code for each in (at, f"/api/v1/choices/{choice}/link")] == [403, 403]
    assert "Handed out" not in page.ada.get("choices").text
    whole, copy = clients.agent.get(at).content, clients.auditor.get(f"{at}/copy").content
    assert other.post("receipt", files={"receipt": ("r.json", copy)}, with_token=False).status_code == 403
    assert other.post("receipt", files={"receipt": ("r.json", whole)}, with_token=False).status_code == 303
    told = verify(copy, key_of(page.house.signer).text)
    assert isinstance(told, Verified)
    assert any("does not show who did" in each.says for each in told.steps)
    seen = page.ada.get("choices").text
    assert re.findall(r"Handed out, to be sent to you: (.*?),", seen) == ["an agent"]
    page.later(24 * 60 * 60 + 1)
    assert [clients.agent.get(each).status_code for each in (at, f"/api/v1/choices/{choice}/link")] == [409, 409]
    assert clients.dpo.get(at).status_code == 200


def test_a_link_to_one_answer_takes_that_back_and_opens_nothing_else(page: Page) -> None:
    choice = str(done(page.clients.agent.get(f"/api/v1/calls/{page.scene.call}/choices"))["items"][0]["id"])
    link = done(page.clients.agent.get(f"/api/v1/choices/{choice}/link"))["link"]
    anyone = Browser(page.ada.address, page.ada.me)
    assert "Improve how we train agents" in anyone.get(link).text
    for other in (link[:-1] + ("0" if link[-1] != "0" else "1"), link.replace(choice, str(uuid4()))):
        assert (anyone.get(other).status_code, anyone.post(f"{other}/no", with_token=False).status_code) == (404, 404)
    assert anyone.post(f"{link}/no", with_token=False, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert "Your no is written down" in anyone.get(anyone.post(f"{link}/no", with_token=False).headers["location"]).text
    assert page.ada.get(f"sound/{page.take}").status_code == 409
    assert "/receipts/" not in anyone.get(link).text
    assert anyone.get("home").status_code == 303


@pytest.mark.parametrize("language", ["en", "da"])
def test_what_the_company_wrote_is_marked_as_of_its_language(page: Page, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """WCAG 2.2, 3.1.2, of a page that is read in German."""
    with page.house.database.system() as tx:
        controllers.set_language(tx, page.clients.controller, language)
    now, purpose = page.clock.now(), PurposeId(UUID(page.scene.purpose))
    gaps = (Gap(purpose=purpose, measure=Measure.WAITING, found_at=now, tried_since=None),)
    monkeypatch.setattr(openness, "fairness", lambda _: Fairness(looked_at=now, compared=1, gaps=gaps))
    told = {"name": "Cloud", "kind": "processor", "country": "DK", "purposes": [page.scene.purpose]}
    done(page.clients.dpo.post("/api/v1/recipients", json=told), 201)
    page.ada.headers["Accept-Language"] = "de"
    link = done(page.clients.agent.get(f"/api/v1/choices/{page.scene.detail()['standing'][0]['choice']}/link"))["link"]
    places = (
        "home",
        "calls",
        f"calls/{page.scene.call}",
        "choices",
        "decisions",
        "concern",
        f"/about/{page.clients.controller}",
        link,
    )
    own = (str(PURPOSE["title"]), str(PURPOSE["justification"]), str(FORM["answers"]["said_aloud"]))
    found = 0
    about = page.ada.get(f"/about/{page.clients.controller}").text
    assert (about.count(str(PURPOSE["title"])), "(Dänemark; " in about) == (3, True)
    for place in places:
        shown = html.fromstring(page.ada.get(place).text)
        assert shown.get("lang") == "de"
        for each in shown.xpath("//body//*[not(self::script)]/text()"):
            if any(words in each for words in own):
                found += 1
                holder = each.getparent() if each.is_text else each.getparent().getparent()
                nearest = holder.xpath("ancestor-or-self::*[@lang][1]/@lang")
                assert nearest[-1] == language, (place, each)
    assert found > 12
    why = page.ada.get(f"calls/{page.scene.call}").text
    assert (str(PURPOSE["justification"]) in why, "<q " in why) == (True, False), "nobody has said it in German"
    german = "Dürfen wir dieses Gespräch aufzeichnen, damit unsere Leute daraus lernen?"
    done(page.clients.dpo.post(f"/api/v1/purposes/{page.scene.purpose}/notices", json={"language": "de", "text": german}), 201)
    why = page.ada.get(f"calls/{page.scene.call}").text
    assert (str(PURPOSE["justification"]) in why, f'<q lang="de">{german}</q>' in why) == (False, True)
