"""Ada asks for a copy, a correction, an erasure, and follows them; she raises a concern. Nobody sees what another asked for."""

import io
import re
import zipfile
from pathlib import Path
from uuid import UUID, uuid4

import httpx

from rightcall.activities.telling.procedure import Telling
from rightcall.actors import Actor, Role
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.adapters.opendsr import dial
from rightcall.adapters.systems.opening import open_system
from rightcall.calls import actions as calls
from rightcall.discovery.scans.procedure import Scanning
from rightcall.erasure.disposal import Disposer
from rightcall.erasure.procedure import Eraser
from rightcall.evidence.model import Verified
from rightcall.evidence.verify import verify
from rightcall.ids import PartyId, RequestId
from rightcall.ledger.checkpoint import key_of
from rightcall.personal import Personal
from rightcall.recordings.tools import Tools
from rightcall.requests import actions as requests
from rightcall.requests import staying
from rightcall.requests.model import Answered, Channel, DenialGround, RequestKind
from rightcall.requests.own import asking
from rightcall.requests.packages.procedure import Packaging
from rightcall.requests.packages.writing import Bench
from rightcall.requests.procedure import ErasureAnswer
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.subjects.rules import normalise
from tests.api.scene import done
from tests.cast import ADA_TEL
from tests.console.people import console_of
from tests.portal.scene import Browser, Page, sign_in
from tests.procedures.fakes import InlineSteps

ID = r"[0-9a-f-]{36}"


def tools_of(page: Page) -> Tools:
    return page.house.tools


def test_a_copy_is_asked_for_followed_and_taken(page: Page, tmp_path: Path) -> None:
    assert "You get all that is held about you" in page.ada.get("ask/access").text
    asked = page.ada.post("ask/access")
    place = asked.headers["location"]
    page.ada.headers["Accept-Language"] = "da"
    assert page.ada.post("ask/access").headers["location"] == place
    page.ada.headers["Accept-Language"] = "en"
    assert done(page.clients.dpo.get(f"/api/v1{place[place.index('/requests') :]}"))["language"] == "da", "as they asked last"
    Packaging(
        database=page.house.database,
        tools=tools_of(page),
        audio=PyAvAudio(),
        open_system=open_system,
        dial=dial,
        bench=Bench(objects=page.house.objects, spool=tmp_path),
    )(InlineSteps(), str(page.clients.controller), place.rpartition("/")[2])
    assert "Your copy is ready." in page.ada.get(place).text
    for other in (place, f"{page.ada.me}/requests/{uuid4()}"):
        assert (page.ben.get(other).status_code, page.ben.post(f"{other}/take").status_code) == (404, 404)
    taken = page.ada.post(f"{place}/take").text
    link, code = re.findall(r'href="(/api/v1/public/packages/[^"]+)"', taken)[0], re.findall(r"<dd>([^<]+)</dd>", taken)[0]
    entered = httpx.post(page.ada.address + link, data={"code": code})
    cookie = entered.headers["set-cookie"].partition(";")[0]
    file = httpx.get(page.ada.address + entered.headers["location"], headers={"Cookie": cookie}).content
    assert b'lang="da"' in zipfile.ZipFile(io.BytesIO(file)).read("index.html")
    assert "done" in page.ada.get("requests").text


def test_a_correction_says_what_is_wrong_and_the_dpo_reads_it(page: Page) -> None:
    blank = page.ada.post("ask/rectification", data={"words": " "})
    assert (blank.status_code, "Say what is wrong, and what is right instead." in blank.text) == (400, True)
    assert 'aria-invalid="true" aria-describedby="words-wrong"' in blank.text, "the form is there still, and the field is named"
    asked = page.ada.post("ask/rectification", data={"words": "I am called Ada <b>Planted</b>."})
    request = asked.headers["location"].rpartition("/")[2]
    read = done(page.clients.dpo.get(f"/api/v1/requests/{request}/wish"))
    assert read == {"words": "I am called Ada <b>Planted</b>.", "dark": None}
    assert page.clients.agent.get(f"/api/v1/requests/{request}/wish").status_code == 403
    assert "I am called Ada &lt;b&gt;Planted&lt;/b&gt;." in page.ada.get(f"requests/{request}").text
    taken_back = page.ada.post(f"requests/{request}/take-back")
    assert "taken back by you" in page.ada.get(taken_back.headers["location"]).text


def test_what_limits_use_counts_at_once_and_other_kinds_are_not_asked_for_here(page: Page) -> None:
    page.ada.post("ask/restriction")
    asked = done(page.clients.auditor.get("/api/v1/requests"))["items"]
    assert [(each["kind"], each["proof"], each["waits_for"]) for each in asked] == [("restriction", "code", [])]
    listed = page.ada.get("requests").text
    [place] = re.findall(rf"requests/{ID}", listed)
    for each in ("home", "calls", "elsewhere"):
        assert "what is held about you is kept and not used, as you asked." in page.ada.get(each).text, each
        assert "what is held about you" not in page.ben.get(each).text, "of another's it says nothing"
    assert '<span class="tag wait">not used, as you asked</span>' in page.ada.get("calls").text
    assert "counts since" in listed
    assert "counts since" in page.ada.get(place).text
    page.ada.post(f"{place}/take-back")
    assert "not used, as you asked" not in page.ada.get("calls").text, "as soon as it is taken back"
    assert page.ada.get("ask/withdrawal").status_code == 404
    assert page.ada.get("ask/nonsense").status_code == 404


def test_an_erasure_ends_the_visit_and_its_link_leads_to_the_certificate(page: Page) -> None:
    place = page.ada.post("ask/erasure").headers["location"]
    assert place.startswith(f"{page.ada.me}/follow/")
    with page.house.database.transaction(page.clients.controller) as tx:
        request = asking.followed(tx, page.house.clock, Personal(place.rpartition("/")[2])).id
    _erase(page, request)
    over = page.ada.get("home")
    assert over.status_code == 303
    assert "This page belonged to somebody who was erased." in page.ada.get(over.headers["location"]).text
    anyone = Browser(page.ada.address, page.ada.me)
    text = anyone.get(place).text
    assert "The certificate of what was destroyed is ready." in text
    [until, *_] = re.findall("could still be opened until the end of ([^,<]*)[,<]", text)
    read = anyone.get(re.findall(rf'href="([^"]*/certificates/{ID}/page)"', text)[0]).text
    assert f"Backups open until the end of</dt><dd>{until}</dd>" in read, "the page says what the certificate says"
    [certificate] = re.findall(rf'href="([^"]*/certificates/{ID})"', text)
    assert isinstance(verify(anyone.get(certificate).content, key_of(page.house.signer).text), Verified)
    assert anyone.get(re.sub(f"{ID}$", str(uuid4()), certificate)).status_code == 404
    assert anyone.get(f"follow/{'x' * 43}").status_code == 404


def test_an_erasure_that_leaves_something_is_partly_done_and_says_what_where_and_why(page: Page, tmp_path: Path) -> None:
    """Her row lies in a system that is only read, and a recipient is to be told."""
    share = tmp_path / "share"
    share.mkdir()
    (share / "customers.csv").write_text("number,email\nKD-204711,ada@caller.example\n")
    number = {"name": "customer_id", "expression": "KD-[0-9]{6}"}
    system = {"name": "share", "address": str(share), "numbers": [number], "uses": [{"purpose": "training"}]}
    done(page.clients.engineer.post("/api/v1/systems", json=system), 201)
    recipient = {"name": "Training House", "kind": "processor", "country": "DK", "purposes": ["training"]}
    done(page.clients.dpo.post("/api/v1/recipients", json=recipient), 201)
    with page.house.database.transaction(page.clients.controller) as tx:
        known = [
            normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK"),
            Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal("KD-204711")),
        ]
        subjects.identify(tx, page.house.vault, page.house.clock, known)
    started = done(page.clients.dpo.post("/api/v1/systems/share/scans", json={}), 201)
    scanning = Scanning(database=page.house.database, vault=page.house.vault, clock=page.clock, open_system=open_system)
    scanning(InlineSteps(), str(page.clients.controller), started["id"])
    sign_in(page.house, page.ada)
    assert "In the system that Example Energy calls “share”" in page.ada.get("elsewhere").text
    labels = {"labels": {"en": "customers’ <papers>", "da": "kundepapirer"}}
    done(page.clients.dpo.post("/api/v1/systems/share/words", json=labels))
    elsewhere = page.ada.get("elsewhere").text
    assert "In the system that Example Energy calls “customers’ &lt;papers&gt;”" in elsewhere
    assert "som Example Energy kalder „kundepapirer“" in page.ada.get("elsewhere", headers={"Accept-Language": "da-DK"}).text
    finnish = page.ada.get("elsewhere", headers={"Accept-Language": "fi"}).text
    assert '”<span lang="en">customers’ &lt;papers&gt;</span>”' in finnish, "in the company's own language, and marked so"
    assert re.findall("<details><summary>(.*?)</summary>", elsewhere) == ["E-mail address", "Customer or case number"]
    place = page.ada.post("ask/erasure").headers["location"]
    with page.house.database.transaction(page.clients.controller) as tx:
        request = asking.followed(tx, page.house.clock, Personal(place.rpartition("/")[2])).id
    _erase(page, request)
    Telling(eraser=_eraser(page)).plan(InlineSteps(), str(page.clients.controller), str(request))
    anyone = Browser(page.ada.address, page.ada.me)
    text = " ".join(anyone.get(place).text.split())
    assert ('<span class="tag wait">partly done</span>' in text, '<span class="tag good">done</span>' in text) == (True, False)
    where = "<strong>In the system that Example Energy calls “customers’ &lt;papers&gt;”</strong>"
    assert f"{where}: 2 things stay there for now. Nothing can be deleted in this system from here" in text
    assert "<strong>Training House</strong>: was given some of it. It was not told yet; that is what happens next." in text
    [certificate] = re.findall(rf'href="([^"]*/certificates/{ID})/page"', text)
    read = anyone.get(f"{certificate}/page")
    assert ("Certificate of erasure" in read.text, "style-src 'sha256-" in read.headers["content-security-policy"]) == (
        True,
        True,
    )
    in_danish = anyone.get(f"{certificate}/page", headers={"Accept-Language": "da"}).text
    assert 'lang="da"' in in_danish
    assert "Det, andre systemer har, i systemet kundepapirer (2)" in in_danish, "by what customers are told it is called"
    for proof in ("", "/proof"):
        sent = {"proof": ("c", anyone.get(certificate + proof).content)}
        assert "It holds." in anyone.post("/check", files=sent, with_token=False).text
    assert anyone.get(f"{certificate}/proof").text.startswith("c2sp.org/tlog-proof")
    with console_of(page.house, page.company) as console, console.client(console.session_of(console.hire(Role.DPO).id)) as dpo:
        for at in (f"/console/requests/{request}", f"/console/erasures/{request}"):
            shown = " ".join(dpo.get(at).text.split())
            assert "<strong>share</strong>: 2 things lie in a system that is only read" in shown, at
            assert "a recipient who is to be told" in shown, at
        assert f'href="/console/erasures/{request}"' in dpo.get(f"/console/requests/{request}").text
        printed = f"/console/erasures/{request}/certificate/page"
        assert f'href="{printed}"' in dpo.get(f"/console/requests/{request}").text
        assert "What other systems hold, in system share (2)" in dpo.get(printed).text
        listed = re.sub("<[^>]+>", "", dpo.get("/console/requests", params={"every": "true"}).text)
        assert ("partly" in listed, "fulfilled" in listed) == (True, False), "the list says what the request's page says"
        rows = dpo.get("/console/requests", params={"every": "true", "as": "json", "of": ""}).json()
        assert [each["state"] for each in rows] == ["partly"]
    assert done(page.clients.dpo.get(f"/api/v1/requests/{request}"), 200)["partly"]
    with page.house.database.transaction(page.clients.controller) as tx:
        found = requests.get(tx, request)
        [told] = staying.told(tx, [found])
        assert (told.is_partly, told.state) == (True, "partly")
        assert "something stays" not in shown, "keepers and a recipient are to be told"
        assert "2 of 4 steps are over" in shown


def test_an_erasure_beside_a_copy_says_that_the_copy_comes_first_and_where_it_is(page: Page) -> None:
    assert "It begins at once" in page.ada.get("ask/erasure").text
    copy = page.ada.post("ask/access").headers["location"]
    told = page.ada.get("ask/erasure").text
    assert ("It begins at once" in told, "You stay signed in until then." in told, f'href="{copy}"' in told) == (
        False,
        True,
        True,
    )
    place = page.ada.post("ask/erasure").headers["location"]
    followed = page.ada.get(place).text
    assert "Nothing is erased yet: your copy comes first." in followed
    assert f'href="{copy}"' in followed
    assert page.ada.get("home").status_code == 200


def test_who_is_signed_in_shows_that_a_waiting_request_is_theirs_and_an_erasure_answers_the_rest(page: Page) -> None:
    asked = {kind: _in_her_name(page, kind) for kind in (RequestKind.PORTABILITY, RequestKind.ERASURE, RequestKind.ACCESS)}
    listed = page.ada.get("requests").text
    assert listed.count("waits for you") == 3
    for kind, request in asked.items():
        assert "nobody has shown yet that it was you" in page.ada.get(f"requests/{request}").text, kind
        assert page.ben.post(f"requests/{request}/mine").status_code == 404
    taken = page.ada.post(f"requests/{asked[RequestKind.PORTABILITY]}/take-back")
    assert "taken back by you" in page.ada.get(taken.headers["location"]).text
    place = page.ada.post(f"requests/{asked[RequestKind.ERASURE]}/mine").headers["location"]
    assert place.startswith(f"{page.ada.me}/follow/")
    assert page.ada.post(f"requests/{asked[RequestKind.ERASURE]}/mine").status_code == 409, "once"
    _erase(page, asked[RequestKind.ERASURE])
    page.later(60)
    late = _in_her_name(page, RequestKind.RESTRICTION)
    with page.house.database.transaction(page.clients.controller) as tx:
        requests.look_again(tx, page.house.vault, page.house.clock, late)
        erased, before, after = (requests.get(tx, each) for each in (asked[RequestKind.ERASURE], asked[RequestKind.ACCESS], late))
    assert erased.outcome is Answered.FULFILLED
    assert before.ground is DenialGround.IDENTITY_IN_DOUBT, "nobody showed who asked, and is told of no erasure"
    assert after.outcome is None, "who asks after it may still show a receipt"


def _in_her_name(page: Page, kind: RequestKind) -> RequestId:
    """As an agent enters it, who vouches for nobody."""
    with page.house.database.transaction(page.clients.controller) as tx:
        ada = calls.party(tx, PartyId(UUID(page.scene.ada))).subject
        by = Actor(id=uuid4(), role=Role.AGENT)
        came = requests.Came(channel=Channel.PHONE)
        asked = requests.receive_unproved(tx, page.house.vault, page.clock, subject=ada, kind=kind, by=by, came=came)
    return asked.id


def test_a_concern_is_raised_and_followed_by_its_code_alone(page: Page) -> None:
    about = f"call:{page.scene.call}"
    assert page.ben.post("concern", data={"about": about, "words": "not my call"}).status_code == 404
    raised = page.ada.post("concern", data={"about": about, "words": "I was asked <i>twice</i>."})
    code = re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}", raised.text)[0]
    anyone = Browser(page.ada.address, page.ada.me)
    shown = anyone.post("case", data={"code": code}, with_token=False)
    assert "I was asked &lt;i&gt;twice&lt;/i&gt;." in shown.text
    mistyped = anyone.post("case", data={"code": code[::-1]}, with_token=False)
    assert (mistyped.status_code, "no concern with this case code" in mistyped.text) == (404, True)
    assert f'name="code" type="text" value="{code[::-1]}"' in mistyped.text, "to be put right"
    assert anyone.post("case/accept", data={"code": code}, with_token=False).status_code == 409


def test_the_reviews_behind_what_is_held_are_shown(page: Page) -> None:
    text = page.ada.get("decisions").text
    assert "Improve how we train agents" in text
    assert "Signed by" in text
    assert "Nothing touches you yet" in page.ben.get("decisions").text


def _eraser(page: Page) -> Eraser:
    house = page.house
    disposer = Disposer(database=house.database, vault=house.vault, objects=house.objects, clock=house.clock)
    return Eraser(disposer=disposer, tools=tools_of(page), gates=house.gates, epoch_days=7)


def _erase(page: Page, request: RequestId) -> None:
    ErasureAnswer(eraser=_eraser(page), open_system=page.house.open_system)(
        InlineSteps(), str(page.clients.controller), str(UUID(str(request)))
    )
