"""Concerns through the API: raised with a token and without, answered, appealed; and who raised one is found nowhere."""

import base64
import io
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from rightcall import turnstile
from rightcall.actors import SYSTEM, Role
from rightcall.api import raisers
from rightcall.concerns import keeping
from rightcall.concerns.model import Days
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.database.connection import Database
from rightcall.erasure import actions as erasures
from rightcall.ids import ErasureId, SubjectId
from rightcall.personal import Personal
from rightcall.staff.actions import create_token
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier as Known
from rightcall.subjects.model import IdentifierKind
from rightcall.telemetry import metrics
from rightcall.turnstile import Turnstile, asker_of
from tests.api.conftest import ON_THIS_MACHINE, Client, Clients, api_of
from tests.api.fakes import RealHouse, as_house
from tests.api.scene import PURPOSE, done, ring
from tests.api.test_logs import log
from tests.cast import ADA_TEL
from tests.standing import SetClock

__all__ = ["log"]
NAME = "Plantadine Sealed-Lovelace"
WORDS = "plantedconcern: callers hear that a no costs them their place"
WHY = "plantedappeal: in Danish it still says so"
ANSWER = "plantedanswer: it does not, from today on"
REASON, CASE = "plantedreason to call her back", "plantedcase-7"
TODAY = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday(set_clock: SetClock, clients: Clients) -> Iterator[None]:
    """Tokens are made on that day too, so that they live on it."""
    set_clock.at = TODAY
    yield
    set_clock.at = None


def wait(set_clock: SetClock, days: int) -> None:
    assert set_clock.at is not None
    set_clock.at += timedelta(days=days)


def raised(client: Client, about: dict[str, Any], **more: Any) -> tuple[str, str]:
    """Its id and its code."""
    body = done(client.post("/api/v1/concerns", json={"about": about, "words": WORDS} | more), 201)
    return body["concern"]["id"], body["code"]


def purpose_of(clients: Clients) -> str:
    return str(done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"])


def by_code(clients: Clients, code: str, deed: str = "", status: int = 200, **more: Any) -> dict[str, Any]:
    return done(clients.stranger.post(f"/api/v1/public/concerns/mine{deed}", json={"code": code} | more), status)


def finding(outcome: str = "not_upheld") -> dict[str, str]:
    return {"outcome": outcome, "words": ANSWER}


def test_a_reviewer_takes_what_is_late(clients: Clients, set_clock: SetClock) -> None:
    clients.dpo.get("/api/v1/concerns")
    made = done(clients.agent.post("/api/v1/concerns", json={"about": {"kind": "call"}, "words": WORDS}), 201)
    assert made["answerable"] is True
    own = f"/api/v1/concerns/{made['concern']['id']}/own"
    wait(set_clock, 1)
    assert "only where no supervisor and no DPO may" in done(clients.reviewer.post(own), 403)["detail"]
    wait(set_clock, 15)
    assert done(clients.reviewer.post(own))["owner"]["role"] == "reviewer"


def test_an_agents_concern_from_raised_to_decided(clients: Clients, set_clock: SetClock) -> None:
    purpose = purpose_of(clients)
    concern, code = raised(clients.agent, {"kind": "purpose", "purpose": "training"})
    path = f"/api/v1/concerns/{concern}"
    assert [each["id"] for each in done(clients.agent.get("/api/v1/concerns/mine"))["items"]] == [concern]
    assert clients.agent.get(path).status_code == 403
    wait(set_clock, 1)
    assert done(clients.supervisor.post(f"{path}/own"))["waiting_for"] == "an_answer"
    seen = done(clients.supervisor.get(path))
    assert seen["words"]["concern"] == WORDS
    assert (seen["raised_as"], seen["raised_on"], seen["about"]["purpose"]) == ("staff", "2026-11-23", purpose)
    assert done(clients.supervisor.post(f"{path}/answer", json=finding()))["stage"] == "answered"
    own = done(clients.agent.get(f"{path}/mine"))
    assert (own["words"]["answer"], own["appeal_until"]) == (ANSWER, "2026-12-24")
    assert done(clients.agent.post(f"{path}/appeal", json={"words": WHY}))["stage"] == "appealed"
    assert clients.supervisor.post(f"{path}/decide", json=finding()).status_code == 409
    decided = done(clients.reviewer.post(f"{path}/decide", json=finding("upheld")))
    assert (decided["stage"], decided["ending"], decided["decision"]["outcome"]) == ("closed", "decided", "upheld")
    assert by_code(clients, code)["words"]["decision"] == ANSWER
    assert "you did" in done(clients.dpo.get(path))["withheld"], "the DPO made the purpose"
    steps = [each["step"] for each in done(clients.supervisor.get(path))["steps"]]
    assert steps == ["raised", "owned", "read", "answered", "appealed", "decided", "read"]


def test_anonymously_and_without_a_token(clients: Clients, set_clock: SetClock) -> None:
    purpose_of(clients)
    body = {"controller": str(clients.controller), "about": {"kind": "purpose", "purpose": "training"}, "words": WORDS}
    made = done(clients.stranger.post("/api/v1/public/concerns", json=body), 201)
    code, path = made["code"], f"/api/v1/concerns/{made['concern']['id']}"
    assert made["concern"]["raised_as"] == "anonymous"
    assert clients.dpo.post(f"{path}/own").status_code == 409, "the DPO made the purpose"
    wait(set_clock, 1)
    done(clients.supervisor.post(f"{path}/own"))
    done(clients.supervisor.post(f"{path}/answer", json=finding("upheld")))
    assert by_code(clients, code.lower().replace("-", " "))["words"]["answer"] == ANSWER
    by_code(clients, code, "/consent", 409, shown=True)
    assert by_code(clients, code, "/accept")["ending"] == "accepted"
    by_code(clients, code, "/appeal", 409, words=WHY)


def test_a_wrong_code_and_a_strangers_controller_open_nothing(clients: Clients) -> None:
    _, code = raised(clients.agent, {"kind": "call"}, anonymous=True)
    for wrong in ("", "nonsense", code[:-1] + ("0" if code[-1] != "0" else "2"), code + "0"):
        assert by_code(clients, wrong, status=404)["type"].endswith("not-found")
    body = {"controller": str(uuid4()), "about": {"kind": "call"}, "words": WORDS}
    assert clients.stranger.post("/api/v1/public/concerns", json=body).status_code == 404
    assert clients.stranger.get("/api/v1/public/concerns", params={"controller": str(uuid4())}).status_code == 404


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({"kind": "purpose"}, 400),
        ({"kind": "purpose", "rule": "house.no_emotion_scores"}, 400),
        ({"kind": "call", "purpose": "training"}, 400),
        ({"kind": "purpose", "purpose": "nonsense"}, 404),
        ({"kind": "notice", "notice": str(uuid4())}, 404),
        ({"kind": "call", "call": str(uuid4())}, 404),
        ({"kind": "rule", "rule": "house.there_is_none"}, 404),
        ({"kind": "weather"}, 422),
    ],
)
def test_what_is_not_there_cannot_be_its_target(clients: Clients, about: dict[str, Any], status: int) -> None:
    answer = clients.agent.post("/api/v1/concerns", json={"about": about, "words": WORDS})
    assert answer.status_code == status, answer.text
    assert "plantedconcern" not in answer.text


def test_a_rule_in_force_can_be_its_target(house: RealHouse, clients: Clients) -> None:
    rule = house.rules.rules[0].id
    assert raised(clients.engineer, {"kind": "rule", "rule": rule})
    for words in ("", "  ", "x" * 4001):
        bad = clients.engineer.post("/api/v1/concerns", json={"about": {"kind": "rule", "rule": rule}, "words": words})
        assert bad.status_code in (400, 422)


def test_the_list_tells_nothing_of_who_and_nothing_of_today(clients: Clients, set_clock: SetClock) -> None:
    made = [raised(clients.agent, {"kind": "call"}, name=NAME)[0] for _ in range(3)]
    assert done(clients.supervisor.get("/api/v1/concerns"))["items"] == []
    assert clients.supervisor.post(f"/api/v1/concerns/{made[0]}/own").status_code == 404
    assert len(done(clients.dpo.get("/api/v1/concerns"))["items"]) == 3
    wait(set_clock, 1)
    listed = done(clients.supervisor.get("/api/v1/concerns", params={"limit": 2}))
    more = done(clients.supervisor.get("/api/v1/concerns", params={"limit": 2, "after": listed["next"]}))
    assert sorted(each["id"] for each in listed["items"] + more["items"]) == sorted(made)
    assert more["next"] is None
    for each in listed["items"]:
        assert each["about"] == {"kind": "call", "purpose": None, "purpose_key": None, "rule": None, "notice": None, "call": None}
        assert each["raised_as"] == "staff"
        assert "words" not in each
    assert clients.agent.get("/api/v1/concerns").status_code == 403


def test_filters_and_what_is_late(clients: Clients, set_clock: SetClock) -> None:
    purpose_of(clients)
    one, _ = raised(clients.agent, {"kind": "purpose", "purpose": "training"})
    raised(clients.agent, {"kind": "call"})
    wait(set_clock, 15)

    def ids(**query: Any) -> list[str]:
        return [each["id"] for each in done(clients.auditor.get("/api/v1/concerns", params=query))["items"]]

    assert ids(purpose="training") == ids(target="purpose") == [one]
    assert ids(stage="owned") == []
    done(clients.supervisor.post(f"/api/v1/concerns/{one}/own"))
    assert ids(stage="owned") == [one]
    assert len(ids(overdue="true")) == 2
    assert done(clients.dpo.get("/api/v1/concerns"))["overdue"] == 2
    assert done(clients.agent.get("/api/v1/purposes/training"))["open_concerns"] == 1


def test_who_it_is_is_shown_with_consent_alone(clients: Clients) -> None:
    concern, code = raised(clients.agent, {"kind": "call"}, name=NAME)
    path, why = f"/api/v1/concerns/{concern}", {"reason": REASON, "case": CASE}
    for client in (clients.dpo, clients.auditor, clients.supervisor, clients.engineer, clients.agent):
        assert client.post(f"{path}/reveal", json=why).status_code in (403, 404)
    assert clients.engineer.post(f"{path}/consent", json={"shown": True}).status_code == 404
    assert done(clients.agent.post(f"{path}/consent", json={"shown": True}))["may_be_shown"]
    shown = done(clients.dpo.post(f"{path}/reveal", json=why))
    assert (shown["name"], shown["role"]) == (NAME, "agent")
    assert clients.dpo.post(f"{path}/reveal", json={"reason": "because", "case": "x"}).status_code == 422
    (look,) = by_code(clients, code)["looks"]
    assert (look["reason"], look["case"], look["by"]["role"]) == (REASON, CASE, "dpo")
    assert not by_code(clients, code, "/consent", shown=False)["may_be_shown"]
    assert clients.dpo.post(f"{path}/reveal", json=why).status_code == 403


def test_a_customers_concern_stays_as_it_is_when_the_customer_is_erased(house: RealHouse, clients: Clients) -> None:
    scene = ring(house, clients)
    (ada,) = done(clients.agent.get("/api/v1/subjects", params={"tel": ADA_TEL}))["items"]
    about = {"kind": "call", "call": scene.call}
    concern, code = raised(clients.agent, about, subject=ada["id"], name=NAME)
    assert (
        clients.engineer.post("/api/v1/concerns", json={"about": about, "words": WORDS, "subject": ada["id"]}).status_code == 403
    )
    path = f"/api/v1/concerns/{concern}"
    before, listed = done(clients.dpo.get(path)), done(clients.dpo.get("/api/v1/concerns"))
    assert before["words"]["concern"] == WORDS
    erase(house, clients, ada["id"])
    after = done(clients.dpo.get(path))
    assert after | {"steps": before["steps"]} == before
    assert after["steps"] == [*before["steps"], before["steps"][-1]], "that it was read, once more"
    assert done(clients.dpo.get("/api/v1/concerns")) == listed
    assert by_code(clients, code)["words"]["concern"] == WORDS
    by_code(clients, code, "/consent", 409, shown=True)


def test_the_raiser_asks_that_it_be_forgotten(clients: Clients) -> None:
    concern, code = raised(clients.agent, {"kind": "call"}, name=NAME)
    listed = done(clients.dpo.get("/api/v1/concerns"))
    assert by_code(clients, code, "/forget")["forget_asked_on"] == "2026-11-23"
    assert done(clients.agent.post(f"/api/v1/concerns/{concern}/forget"))["forget_asked_on"] == "2026-11-23"
    assert clients.dpo.post(f"/api/v1/concerns/{concern}/forget").status_code == 404
    assert done(clients.dpo.get("/api/v1/concerns")) == listed, "nobody sees that it was asked"


def test_an_erasure_destroys_who_raised_it(house: RealHouse, clients: Clients) -> None:
    ring(house, clients)
    (ada,) = done(clients.agent.get("/api/v1/subjects", params={"tel": ADA_TEL}))["items"]
    concern, code = raised(clients.agent, {"kind": "call"}, subject=ada["id"], name=NAME)
    by_code(clients, code, "/consent", shown=True)
    path, why = f"/api/v1/concerns/{concern}/reveal", {"reason": REASON, "case": CASE}
    shown = done(clients.dpo.post(path, json=why))
    assert (shown["id"], shown["name"]) == (ada["id"], NAME)
    erase(house, clients, ada["id"])
    assert clients.dpo.post(path, json=why).status_code == 410


def erase(house: RealHouse, clients: Clients, subject: str) -> None:
    erasure = ErasureId(uuid4())
    with house.database.transaction(clients.controller) as tx:
        erasures.begin(tx, house.clock, erasure=erasure, subject=SubjectId(UUID(subject)))
        erasures.destroy(tx, house.vault, house.clock, erasure=erasure)


def test_whoever_asked_or_decided_in_a_call_does_not_answer_for_it(
    house: RealHouse, clients: Clients, set_clock: SetClock
) -> None:
    scene = ring(house, clients)
    asked = {"party": scene.ada, "notice": scene.notice}
    done(clients.supervisor.post(f"/api/v1/calls/{scene.call}/asks", json=asked), 201)
    concern, _ = raised(clients.agent, {"kind": "call", "call": scene.call})
    unsaid, _ = raised(clients.agent, {"kind": "call"})
    wait(set_clock, 1)
    clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon", params={"reason": "looking into a concern", "case": "concern-7"})
    assert done(clients.dpo.get(f"/api/v1/concerns/{concern}"))["about"]["call"] == scene.call
    assert clients.supervisor.post(f"/api/v1/concerns/{concern}/own").status_code == 409
    assert done(clients.supervisor.get(f"/api/v1/concerns/{concern}"))["words"] is None
    assert done(clients.dpo.post(f"/api/v1/concerns/{concern}/own"))["owner"]["role"] == "dpo", "looking into it is no bar"
    done(clients.supervisor.post(f"/api/v1/concerns/{unsaid}/own"))


def test_the_door_without_a_token_is_no_flood_gate(house: RealHouse, clients: Clients) -> None:
    body = {"controller": str(clients.controller), "about": {"kind": "call"}, "words": WORDS}
    with house.database.transaction(clients.controller) as tx:
        while keeping.admits(tx, house.clock, house.settings.concerns_per_hour - 1):
            pass
    full = clients.stranger.post("/api/v1/public/concerns", json=body)
    assert full.status_code == 429, full.text
    assert full.headers["retry-after"]
    assert raised(clients.agent, {"kind": "call"}, anonymous=True), "with a token there is no limit"


def test_the_turnstile_lets_so_many_in_and_then_so_many_a_second() -> None:
    way_in = Turnstile(10.0)
    start = time.monotonic()
    assert sum(way_in.admits(f"{n}", start) for n in range(100)) in (20, 21)
    assert not way_in.admits("another", start)
    assert sum(way_in.admits(f"{n}", start + 1.0) for n in range(100)) == 10
    assert sum(way_in.admits(f"{n}", start + 60.0) for n in range(100)) == 20


def test_one_who_asks_without_end_shuts_out_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    way_in, start = Turnstile(10.0), time.monotonic()
    assert sum(way_in.admits("a flooder", start) for _ in range(1000)) == 5
    assert sum(way_in.admits(f"{n}", start) for n in range(15)) == 15, "what the flooder was refused was taken of nobody"
    assert sum(way_in.admits("a flooder", start + 2.0) for _ in range(1000)) == 5
    monkeypatch.setattr(turnstile, "_ASKERS", 3)
    many = Turnstile(10.0)
    for n in range(10):
        many.admits(f"{n}", start)
    assert len(many._each) == 3, "so many askers are kept and no more"
    assert asker_of("2001:db8:1:2:3::4") == asker_of("2001:db8:1:2::9") != asker_of("2001:db8:1:3::9")
    assert asker_of("::ffff:192.0.2.1") == asker_of("192.0.2.1") != asker_of("192.0.2.2")


def test_a_full_turnstile_is_a_429(house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch) -> None:
    _, code = raised(clients.agent, {"kind": "call"})
    monkeypatch.setattr(Turnstile, "admits", lambda *_: False)
    assert by_code(clients, code, status=429)["type"].endswith("too-many")


def test_each_way_in_without_a_token_has_a_turnstile_of_its_own(
    house: RealHouse, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads public pages, or tries codes, keeps nobody from raising a concern."""
    _, code = raised(clients.agent, {"kind": "call"})
    monkeypatch.setattr(raisers, "_A_SECOND", 2.4)
    stranger = Client(api_of(as_house(house)))
    body = {"controller": str(clients.controller), "about": {"kind": "call"}, "words": WORDS}
    pages = ["/api/v1/public/overrides", "/api/v1/public/concerns"]
    asked = [stranger.get(page, params={"controller": str(clients.controller)}).status_code for page in pages]
    assert asked == [200, 429], "one after the other, and it is the same turnstile"
    done(stranger.post("/api/v1/public/concerns/mine", json={"code": code}))
    done(stranger.post("/api/v1/public/concerns/mine", json={"code": code}), 429)
    done(stranger.post("/api/v1/public/concerns", json=body), 201)


def test_rates_are_for_anyone_and_in_bands(clients: Clients, set_clock: SetClock) -> None:
    for _ in range(6):
        raised(clients.agent, {"kind": "call"}, anonymous=True)

    def rates() -> dict[str, Any]:
        return done(clients.stranger.get("/api/v1/public/concerns", params={"controller": str(clients.controller)}))

    assert {each["raised"]["says"] for each in rates()["months"]} == {"fewer than 5"}, "this month is not over"
    wait(set_clock, 20)
    told = rates()
    assert told["months"][-1] == {"month": "2026-11", "raised": {"at_least": 5, "at_most": 9, "says": "5 to 9"}}
    assert [each["raised"]["says"] for each in told["about"]] == ["fewer than 5"] * 3 + ["5 to 9"]
    assert told["median_days"] is None


class Searched:
    """Everything that is kept or said, looked through for what was planted: as it is, in hexadecimal and in base 64."""

    def __init__(self, database: Database, log: io.StringIO) -> None:
        self._database, self._log = database, log

    def places(self, value: str, *, but: frozenset[str] = frozenset()) -> list[str]:
        raw = value.encode()
        forms = {value, raw.hex(), base64.b64encode(raw).decode().rstrip("=")[:-1]}
        places = {"the log": self._log.getvalue(), "the figures": metrics().text().decode(), **self._tables()}
        return [place for place, text in places.items() if place not in but and any(form in text for form in forms)]

    def _tables(self) -> dict[str, str]:
        """Each table as a dump of the database has it, and the ledger's leaves as text."""
        with psycopg.connect(self._database.url) as connection:
            names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            found = {}
            for (name,) in names:
                rows = connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(name))).fetchall()
                found[name] = "\n".join(row[0] for row in rows)
            leaves = connection.execute("SELECT convert_from(leaf, 'UTF8') FROM statements").fetchall()
            found["the ledger"] = "\n".join(row[0] for row in leaves)
            return found


def test_who_raised_it_lies_nowhere(house: RealHouse, clients: Clients, log: io.StringIO, api_database: Database) -> None:
    """A name, a token's id, a subject's id, a case code and every word, planted in all ways to raise, follow and mistake one."""
    with house.database.transaction(clients.controller) as tx:
        made = create_token(tx, house.clock, role=Role.AGENT, by=SYSTEM)
        tel = Known(kind=IdentifierKind.TEL, value=Personal("+4532445566"))
        ada = subjects.identify(tx, house.vault, house.clock, [tel])
    raiser = Client(clients.stranger._transport.app)  # type: ignore[arg-type]  # the same application
    raiser.headers["Authorization"] = f"Bearer {made.secret}"
    codes, answers = [], []
    for more in ({"name": NAME}, {"anonymous": True}, {"subject": str(ada), "name": NAME}):
        concern, code = raised(raiser, {"kind": "call"}, **more)
        codes.append(code)
        path = f"/api/v1/concerns/{concern}"
        done(clients.dpo.post(f"{path}/own"))
        done(clients.dpo.post(f"{path}/answer", json=finding("upheld")))
        by_code(clients, code, "/appeal", words=WHY)
        answers += [clients.supervisor.get(path), clients.auditor.get(path), clients.dpo.get(path), clients.engineer.get(path)]
        if "anonymous" not in more:
            by_code(clients, code, "/consent", shown=True)
            done(clients.dpo.post(f"{path}/reveal", json={"reason": REASON, "case": CASE}))
            by_code(clients, code, "/consent", shown=False)
        answers.append(clients.dpo.post(f"{path}/reveal", json={"reason": REASON, "case": CASE}))
    answers += [clients.dpo.get("/api/v1/concerns"), clients.stranger.get("/metrics", headers=ON_THIS_MACHINE)]
    answers += _mistakes(clients, raiser, codes[0])
    with house.database.transaction(clients.controller) as tx:
        keeping.keep(tx, house.vault, house.clock, days=Days())
    searched = Searched(api_database, log)
    assert searched.places(str(clients.controller)), "the search finds what is there"
    for value in (NAME, "plantedconcern", "plantedappeal", "plantedanswer", "plantedreason", "plantedcase", made.secret, *codes):
        assert searched.places(value) == [], value
        assert searched.places(value.replace("-", "")) == [], value
    token, of_token = str(made.token.id), frozenset({"tokens", "statements", "the ledger"})
    assert searched.places(token, but=of_token) == []
    assert _statements_with(api_database, token) == {"staff.token_created"}
    known = frozenset({"subjects", "identifiers", "subject_keys"})
    assert searched.places(str(ada), but=known) == [], "the customer is not linked to the concern"
    for answer in answers:
        for value in (NAME, token, str(ada), made.secret, *codes):
            assert value not in answer.text, answer.request.url


def _mistakes(clients: Clients, raiser: Client, code: str) -> list[Any]:
    """Errors repeat nothing of it."""
    return [
        raiser.post("/api/v1/concerns", json={"about": {"kind": NAME}, "words": WORDS, NAME: NAME}),
        raiser.post("/api/v1/concerns", json={"about": {"kind": "call"}, "words": WORDS, "anonymous": True, "name": NAME}),
        raiser.post("/api/v1/concerns", content=f'{{"words": "{NAME}'.encode()),
        raiser.post(f"/api/v1/concerns/{uuid4()}/appeal", json={"words": WHY}),
        clients.stranger.post("/api/v1/public/concerns/mine", json={"code": code + NAME}),
        clients.stranger.post("/api/v1/public/concerns/mine", json={"code": [code]}),
        clients.stranger.post("/api/v1/public/concerns/mine/accept", json={"code": code}),
        clients.stranger.get("/api/v1/public/concerns", params={"controller": NAME}),
        clients.stranger.get("/api/v1/public/concerns", params={"code": code}),
    ]


def _statements_with(database: Database, value: str) -> set[str]:
    with psycopg.connect(database.url) as connection:
        rows = connection.execute(
            "SELECT kind FROM statements WHERE position(%s in convert_from(leaf, 'UTF8')) > 0", (value,)
        ).fetchall()
    return {row[0] for row in rows}


def test_neither_log_nor_figures_tell_when_a_concern_is_raised(clients: Clients, log: io.StringIO) -> None:
    mark = len(log.getvalue())
    raised(clients.agent, {"kind": "call"})
    clients.dpo.get("/api/v1/concerns")
    clients.stranger.post("/api/v1/public/concerns/mine", json={"code": "nonsense"})
    lines = [json.loads(line) for line in log.getvalue()[mark:].splitlines()]
    told = [line["message"] for line in lines if line["logger"] == "rightcall.api.edge"]
    assert told == ["any /api/v1/concerns answered any"] * 3
    labels = [line for line in metrics().text().decode().splitlines() if "concerns" in line and not line.startswith("#")]
    assert all('route="/api/v1/concerns"' in line or line.startswith("rightcall_concerns_overdue") for line in labels)
    assert not any('method="POST",route="/api/v1/concerns"' in line for line in labels)


def test_the_search_would_find_it(house: RealHouse, clients: Clients, log: io.StringIO, api_database: Database) -> None:
    """The guard is tried: the same value planted in a row, in the log and in the ledger is found in each."""
    value = "plantedelsewhere"
    with psycopg.connect(api_database.url, autocommit=True) as connection:
        connection.execute("UPDATE controllers SET contact = %s WHERE controller = %s", (value, clients.controller))
    log.write(value)
    assert set(Searched(api_database, log).places(value)) == {"controllers", "the log"}


def test_a_leaf_of_the_ledger_tells_a_stranger_nothing(clients: Clients, api_database: Database) -> None:
    concern, _ = raised(clients.agent, {"kind": "call"}, name=NAME)
    assert _statements_with(api_database, concern) == set(), "no leaf names a concern"
    with psycopg.connect(api_database.url) as connection:
        (leaf,) = connection.execute(
            "SELECT convert_from(leaf, 'UTF8') FROM statements WHERE kind = 'concerns.step' AND controller = %s",
            (clients.controller,),
        ).fetchall()[0]
    assert '"at":1795392000000' in leaf, "the beginning of the day"
    assert all(word not in leaf for word in ("agent", "staff", "call", "raised"))


def test_another_controllers_dpo_sees_nothing(house: RealHouse, clients: Clients) -> None:
    concern, code = raised(clients.agent, {"kind": "call"})
    new = NewController(name="Other", address="2 Example Street", contact="dpo@other.example", jurisdictions=("EU",))
    with house.database.system() as tx:
        other = Clients(house, create(tx, house.clock, new))
    assert other.dpo.get(f"/api/v1/concerns/{concern}").status_code == 404
    assert done(other.dpo.get("/api/v1/concerns")) == {"items": [], "next": None, "overdue": 0}
    assert by_code(other, code)["id"] == concern, "the code leads to it from anywhere"
