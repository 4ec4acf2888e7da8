"""The privacy notice without a token: it is what the register is now."""

from typing import Any
from uuid import UUID, uuid4

import httpx

from rightcall.ids import PurposeId
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, done
from tests.reviews.words import FORM, reviewed

PATH = "/api/v1/public/notice"


def test_what_the_register_says_is_what_the_public_reads(house: RealHouse, clients: Clients, company: Any) -> None:
    anyone = clients.stranger
    empty = done(anyone.get(f"{PATH}?controller={company.id}"))
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)
    done(clients.dpo.post(f"/api/v1/purposes/{purpose['id']}/notices", json=NOTICE), 201)
    notice = done(anyone.get(f"{PATH}?controller={company.id}&language=en-GB"))
    assert notice["digest"] != empty["digest"]
    assert (notice["controller"], notice["language"]) == (str(company.id), "en")
    (part,) = (each for each in notice["parts"] if each["purpose"] == "training")
    lines = {line["label"]: line["says"] for line in part["lines"]}
    assert part["heading"] == PURPOSE["title"]
    assert lines["Why"] == PURPOSE["justification"]
    assert lines["How long"].startswith(f"At most the day it was recorded and the {PURPOSE['term_days']} days after it")
    assert lines["What data"] == "a recording of your voice in the call"
    assert lines["Who may use it"] == "our data protection officer; supervisors of our agents"
    assert NOTICE["text"] in lines["What you are asked"]
    assert "no review of this purpose is in force" in lines[""]
    done(clients.dpo.post(f"/api/v1/purposes/{purpose['id']}/end"))
    after = done(anyone.get(f"{PATH}?controller={company.id}"))
    assert [each["purpose"] for each in after["parts"] if each["purpose"]] == []
    assert "What is no longer done" in [each["heading"] for each in after["parts"]]


def test_what_a_review_would_say_to_the_customers_face_is_said(house: RealHouse, clients: Clients, company: Any) -> None:
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    words = "May we record this call to train our agents? Press 1 for yes or 2 for no. You can change your mind at any moment."
    done(clients.dpo.post(f"/api/v1/purposes/{purpose}/notices", json=NOTICE | {"text": words}), 201)
    with house.database.transaction(company.id) as tx:
        reviewed(tx, house.clock, PurposeId(UUID(purpose)), house.rules)
    notice = done(clients.stranger.get(f"{PATH}?controller={company.id}"))
    (part,) = (each for each in notice["parts"] if each["purpose"] == "training")
    lines = {line["label"]: line["says"] for line in part["lines"]}
    assert lines["As we would say it to you"] == f"“{FORM['answers']['said_aloud']}”"
    assert "" not in lines


def test_the_page_lets_its_own_style_through_and_nothing_else(clients: Clients, company: Any) -> None:
    answer: httpx.Response = clients.stranger.get(f"{PATH}/page?controller={company.id}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src" not in answer.headers["content-security-policy"]
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    assert f"<h1>Privacy notice of {company.name}</h1>" in answer.text


def test_who_is_not_known_has_no_notice_and_no_other_language_is_made_up(clients: Clients, company: Any) -> None:
    assert done(clients.stranger.get(f"{PATH}?controller={uuid4()}"), 404)["type"] == "urn:rightcall:problem:not-found"
    problem = done(clients.stranger.get(f"{PATH}?controller={company.id}&language=tlh"), 404)
    assert "can be written in da, de, en" in problem["detail"]
