"""The Data Rights Protocol, as an authorised agent speaks it: with a real key, and with every message that is to be refused."""

import base64
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.requests.drp import calling_back
from rightcall.requests.drp import rules as drp_rules
from rightcall.requests.drp.model import Trouble
from rightcall.requests.drp.procedure import CallingBack
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.worker import forgetting
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.procedures.fakes import InlineSteps
from tests.standing import SetClock

DRP = "/api/v1/drp/v1"
ASKED = f"{DRP}/data-rights-request"


class Speaker:
    """An authorised agent. Each has an id of its own, since the tests share a database."""

    def __init__(self, clients: Clients, business: str = "RIGHT_ENERGY") -> None:
        self.clients, self.business = clients, business
        self.name = f"AGENT_{uuid4().hex}"
        self.key = Ed25519PrivateKey.generate()
        self.token = ""

    @property
    def verify_key(self) -> str:
        return base64.b64encode(self.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()

    def trusted(self) -> "Speaker":
        form = {"name": self.name, "business": self.business, "verify_key": self.verify_key}
        self.id = done(self.clients.dpo.post("/api/v1/drp/agents", json=form), 201)["id"]
        return self

    def says(self, **more: Any) -> dict[str, Any]:
        now = datetime.now(UTC)
        return {
            "agent-id": self.name,
            "business-id": self.business,
            "issued-at": (now - timedelta(seconds=1)).isoformat(),
            "expires-at": (now + timedelta(minutes=10)).isoformat(),
            "drp.version": "1.0",
        } | more

    def signed(self, message: dict[str, Any], key: Ed25519PrivateKey | None = None) -> bytes:
        raw = json.dumps(message).encode()
        return base64.b64encode((key or self.key).sign(raw) + raw)

    def send(self, method: str, path: str, body: bytes = b"", token: str | None = None) -> Any:
        headers = {"Content-Type": "text/plain", "Authorization": f"Bearer {self.token if token is None else token}"}
        return self.clients.stranger.request(method, path, headers=headers, content=body)

    def paired(self) -> "Speaker":
        answer = done(self.send("POST", f"{DRP}/agent/{self.name}", self.signed(self.says())))
        assert answer["agent-id"] == self.name
        self.token = answer["token"]
        return self

    def asks(self, exercise: str = "access", **more: Any) -> Any:
        claims = {"exercise": exercise, "regime": "ccpa", "agent-request-id": "foo"} | more
        return self.send("POST", ASKED, self.signed(self.says(**claims)))


@pytest.fixture
def agent(clients: Clients) -> Speaker:
    return Speaker(clients).trusted().paired()


@pytest.fixture
def ada(house: RealHouse, clients: Clients) -> SubjectId:
    with house.database.transaction(clients.controller) as tx:
        told = ((IdentifierKind.TEL, ADA_TEL), (IdentifierKind.EMAIL, ADA_EMAIL))
        return subjects.identify(tx, house.vault, house.clock, [normalise(kind, Personal(value), "DK") for kind, value in told])


ADA: dict[str, Any] = {"email": ADA_EMAIL, "email_verified": True}


def test_from_the_key_to_the_answer(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    assert done(agent.send("GET", f"{DRP}/agent/{agent.name}")) == {}
    asked = done(agent.asks("deletion", **ADA))
    assert (asked["status"], asked["reason"]) == ("in_progress", "need_user_verification")
    assert asked["agent_request_id"] == "foo"
    path = f"{ASKED}/{asked['request_id']}"
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    assert (waiting["subject"], waiting["kind"], waiting["channel"]) == (str(ada), "erasure", "drp")
    assert (waiting["behalf"], waiting["waits_for"]) == ("representative", ["identity", "mandate"])
    assert waiting["acknowledge_by"] is not None
    shown = {"who": agent.name, "evidence": "signed_permission", "until": "2041-01-01"}
    done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/mandate", json=shown))
    done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/proof", json={"proof": "vouched"}))
    ready = done(agent.send("GET", path))
    assert (ready["status"], "reason" in ready, ready["expected_by"]) == ("in_progress", False, waiting["due_on"])


@pytest.mark.parametrize(
    ("ground", "reason"),
    [("identity_in_doubt", "insuf_verification"), ("no_mandate", "insuf_verification"), ("legal_claims", "other")],
)
def test_a_denial_is_told_with_the_protocols_reason(
    clients: Clients, agent: Speaker, ada: SubjectId, ground: str, reason: str
) -> None:
    path = f"{ASKED}/{done(agent.asks(**ADA))['request_id']}"
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    if reason == "other":
        done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/proof", json={"proof": "vouched"}))
    done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/deny", json={"ground": ground}))
    told = done(agent.send("GET", path))
    assert (told["status"], told["reason"]) == ("denied", reason)


def test_nobody_learns_who_is_known(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    nobody = {"email": "nobody@caller.example", "email_verified": True}
    claims: tuple[dict[str, Any], ...] = (ADA, nobody, {"email": ADA_EMAIL}, {}, {"email": "rubbish"})
    answers = [done(agent.asks(**each)) for each in claims]
    for each in answers:
        del each["request_id"], each["received_at"]
    assert all(each == answers[0] for each in answers)
    assert len(done(clients.dpo.get("/api/v1/requests/waiting"))["items"]) == 1


def test_the_same_work_is_done_for_somebody_and_for_nobody(
    clients: Clients, agent: Speaker, ada: SubjectId, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted by what the database is asked, since a clock tells more of the machine."""
    asked = [0]
    execute = psycopg.Cursor.execute

    def counted(self: Any, *given: Any, **named: Any) -> Any:
        asked[0] += 1
        return execute(self, *given, **named)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)

    def by(deed: Callable[[], Any]) -> tuple[int, Any]:
        asked[0] = 0
        answer = done(deed())
        return asked[0], answer

    known, of_ada = by(lambda: agent.asks(**ADA))
    unknown, of_nobody = by(lambda: agent.asks(email="nobody@caller.example", email_verified=True))
    assert known > 20
    assert abs(unknown - known) <= known // 5, (known, unknown)
    assert len(done(clients.dpo.get("/api/v1/requests/waiting"))["items"]) == 1, "nothing of it stays"
    paths = [f"{ASKED}/{each['request_id']}" for each in (of_ada, of_nobody)]
    looks = [by(lambda path=path: agent.send("GET", path))[0] for path in paths]  # type: ignore[misc]  # each its own path
    assert looks[0] == looks[1] > 0
    body = agent.signed({"reason": "I stay"})
    backs = [by(lambda path=path: agent.send("DELETE", path, body))[0] for path in paths]  # type: ignore[misc]  # the same
    assert abs(backs[0] - backs[1]) <= backs[0] // 5, backs
    assert backs[0] > 20


def test_two_claims_that_tell_of_two_people_tell_of_nobody(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    done(agent.asks(**ADA, phone_number="+442079460958", phone_number_verified=True))
    assert done(clients.dpo.get("/api/v1/requests/waiting"))["items"] == []
    done(agent.asks(**ADA, phone_number=ADA_TEL, phone_number_verified=True))
    assert len(done(clients.dpo.get("/api/v1/requests/waiting"))["items"]) == 1


Forge = Callable[[Speaker], bytes]


def ago(**how: float) -> str:
    return (datetime.now(UTC) - timedelta(**how)).isoformat()


REFUSED: dict[str, tuple[Forge, int]] = {
    "another key": (lambda a: a.signed(a.says(exercise="access"), Ed25519PrivateKey.generate()), 403),
    "another agent": (lambda a: a.signed(a.says(exercise="access") | {"agent-id": "AGENT_B"}), 403),
    "another business": (lambda a: a.signed(a.says(exercise="access") | {"business-id": "OTHER"}), 403),
    "expired": (lambda a: a.signed(a.says(exercise="access") | {"expires-at": ago(seconds=1)}), 403),
    "from the future": (lambda a: a.signed(a.says(exercise="access") | {"issued-at": ago(minutes=-5)}), 403),
    "for a year": (lambda a: a.signed(a.says(exercise="access") | {"expires-at": ago(days=-365)}), 403),
    "without a zone": (lambda a: a.signed(a.says(exercise="access") | {"expires-at": "2041-01-01T00:00:00"}), 400),
    "another version": (lambda a: a.signed(a.says(exercise="access") | {"drp.version": "0.5"}), 400),
    "opting in": (lambda a: a.signed(a.says(exercise="sale:opt_in")), 400),
    "no exercise": (lambda a: a.signed(a.says()), 400),
    "no base64": (lambda _: b"\xff{}", 400),
    "too short": (lambda _: base64.b64encode(b"short"), 400),
    "no object": (lambda a: base64.b64encode(a.key.sign(b"[]") + b"[]"), 400),
    "nothing": (lambda _: b"", 400),
}


@pytest.mark.parametrize("forged", REFUSED)
def test_what_is_refused_is_refused_with_its_reason_and_nothing_is_asked(
    clients: Clients, agent: Speaker, ada: SubjectId, caplog: pytest.LogCaptureFixture, forged: str
) -> None:
    forge, status = REFUSED[forged]
    with caplog.at_level(logging.WARNING):
        answer = agent.send("POST", ASKED, forge(agent))
    assert (answer.status_code, answer.json()["code"]) == (status, str(status))
    assert "was refused" in caplog.text
    assert done(clients.dpo.get("/api/v1/requests/waiting"))["items"] == []


def test_the_same_message_is_taken_once_until_it_expires(
    house: RealHouse, clients: Clients, agent: Speaker, ada: SubjectId, set_clock: SetClock
) -> None:
    body = agent.signed(agent.says(exercise="access", **ADA))
    done(agent.send("POST", ASKED, body))
    replayed = agent.send("POST", ASKED, body)
    assert (replayed.status_code, replayed.json()["fatal"]) == (403, True)
    set_clock.at = datetime.now(UTC) + timedelta(minutes=11)
    forgetting.forget_old(house)  # type: ignore[arg-type]  # all that it needs of a house
    assert "expired" in agent.send("POST", ASKED, body).json()["message"]
    setup = agent.signed(agent.says())
    set_clock.at = None
    done(agent.send("POST", f"{DRP}/agent/{agent.name}", setup))
    assert agent.send("POST", f"{DRP}/agent/{agent.name}", setup).status_code == 403


def test_a_token_opens_for_its_agent_alone_and_ends_with_the_next_and_with_the_trust(
    clients: Clients, agent: Speaker, ada: SubjectId
) -> None:
    other = Speaker(clients).trusted().paired()
    asked = done(agent.asks(**ADA))
    path = f"{ASKED}/{asked['request_id']}"
    assert other.send("GET", path).status_code == 403
    assert other.send("DELETE", path, other.signed({"reason": "mine"})).status_code == 403
    assert other.send("GET", f"{DRP}/agent/{agent.name}").status_code == 403
    stolen = agent.signed(agent.says(exercise="access"))
    assert other.send("POST", ASKED, stolen).status_code == 403
    before = agent.token
    agent.paired()
    for token in (before, "", "rubbish"):
        assert agent.send("GET", path, token=token).status_code == 401
    assert done(agent.send("GET", path))["status"] == "in_progress"
    assert clients.dpo.post(f"/api/v1/drp/agents/{agent.id}/retire").status_code == 204
    assert agent.send("GET", path).status_code == 401
    assert agent.send("POST", f"{DRP}/agent/{agent.name}", agent.signed(agent.says())).status_code == 403


def test_a_person_takes_it_back_as_long_as_nothing_is_done(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    known, unknown = done(agent.asks(**ADA)), done(agent.asks())
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    for asked in (known, unknown):
        path = f"{ASKED}/{asked['request_id']}"
        assert agent.send("DELETE", path, b"rubbish").status_code == 400
        assert agent.send("DELETE", path, agent.signed({}, Ed25519PrivateKey.generate())).status_code == 403
        assert done(agent.send("DELETE", path, agent.signed({"reason": "I stay"})))["status"] == "revoked"
        assert done(agent.send("GET", path))["status"] == "revoked"
    assert done(clients.dpo.get("/api/v1/requests/waiting"))["items"] == []
    assert done(clients.dpo.get(f"/api/v1/requests/{waiting['id']}"))["outcome"] == "revoked"
    letter = done(clients.dpo.get(f"/api/v1/requests/{waiting['id']}/letters/answer"))
    assert "You took your request back, and we did nothing." in letter["paragraphs"]
    denied = done(agent.asks(**ADA))
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/deny", json={"ground": "identity_in_doubt"}))
    assert agent.send("DELETE", f"{ASKED}/{denied['request_id']}", agent.signed({})).status_code == 409


def test_a_message_that_asks_for_something_else_makes_no_token(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    """Whoever has come by one that was refused, or is under way, or took something back, would be the agent from then on."""
    asked = done(agent.asks(**ADA))
    path, setup = f"{ASKED}/{asked['request_id']}", f"{DRP}/agent/{agent.name}"
    refused, taken_back = agent.signed(agent.says(exercise="sale:opt_in")), agent.signed(agent.says())
    assert agent.send("POST", ASKED, refused).status_code == 400
    assert done(agent.send("DELETE", path, taken_back))["status"] == "revoked"
    for message in (refused, agent.signed(agent.says(exercise="access")), agent.signed(agent.says(reason="I stay")), taken_back):
        assert agent.send("POST", setup, message).status_code in (400, 403)
    assert done(agent.send("GET", path))["status"] == "revoked", "its token still opens"


def test_a_revocation_is_held_against_what_it_says_of_itself(clients: Clients, agent: Speaker, ada: SubjectId) -> None:
    path = f"{ASKED}/{done(agent.asks(**ADA))['request_id']}"
    for says in ({"expires-at": ago(hours=1)}, {"business-id": "ANOTHER"}, {"agent-id": "ANOTHER"}):
        assert agent.send("DELETE", path, agent.signed(agent.says(reason="I stay", **says))).status_code == 403
    again = agent.signed(agent.says(reason="I stay"))
    assert [done(agent.send("DELETE", path, again))["status"] for _ in range(2)] == ["revoked", "revoked"]


def test_an_agent_is_trusted_with_a_key_and_once(clients: Clients) -> None:
    speaker = Speaker(clients).trusted()
    form = {"name": speaker.name, "business": "RIGHT_ENERGY", "verify_key": speaker.verify_key}
    assert clients.dpo.post("/api/v1/drp/agents", json=form).status_code == 409
    for key in ("rubbish", base64.b64encode(b"short").decode()):
        assert clients.dpo.post("/api/v1/drp/agents", json=form | {"verify_key": key}).status_code == 400
    assert clients.dpo.post(f"/api/v1/drp/agents/{uuid4()}/retire").status_code == 404
    assert speaker.name in [each["name"] for each in done(clients.dpo.get("/api/v1/drp/agents"))["items"]]


def test_a_clock_that_is_set_back_makes_no_message_good_again(
    house: RealHouse, clients: Clients, agent: Speaker, ada: SubjectId, set_clock: SetClock
) -> None:
    body = agent.signed(agent.says(exercise="access", **ADA))
    done(agent.send("POST", ASKED, body))
    set_clock.at = datetime.now(UTC) + timedelta(days=2)
    forgetting.forget_old(house)  # type: ignore[arg-type]  # all that it needs of a house
    set_clock.at = None
    assert "taken before" in agent.send("POST", ASKED, body).json()["message"]


def test_a_flood_of_one_agents_messages_stops_neither_another_nor_tells_whom_we_know(
    clients: Clients, agent: Speaker, ada: SubjectId, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drp_rules, "PER_HOUR", 3)
    other = Speaker(clients).trusted().paired()
    for nth in range(3):
        done(agent.asks(**(ADA if nth % 2 else {})))
    for claims in (ADA, {}):
        refused = agent.asks(**claims)
        assert (refused.status_code, refused.json()["fatal"]) == (429, False)
    assert len(done(clients.dpo.get("/api/v1/requests/waiting"))["items"]) == 1
    done(other.asks(**ADA))


def test_the_person_shows_who_they_are_on_our_page_and_nobody_learns_who_is_known(
    house: RealHouse, clients: Clients, agent: Speaker, ada: SubjectId
) -> None:
    known, unknown = done(agent.asks(**ADA)), done(agent.asks())
    assert known["expires_at"] == unknown["expires_at"]
    assert "user_verification_url" not in known
    for asked, status in ((unknown, 403), (known, 204)):
        form = {"identifier": {"kind": "email", "value": ADA_EMAIL}}
        sent = done(clients.agent.post("/api/v1/requests/codes", json=form), 202)
        path = f"/api/v1/drp/requests/{asked['request_id']}/code"
        wrong = clients.agent.post(path, json={"code": sent["id"], "digits": "00000000"})
        assert (wrong.status_code, wrong.json()["why"]) == (403, "wrong_code")
        shown = clients.agent.post(path, json={"code": sent["id"], "digits": house.codes.digits()})
        assert shown.status_code == status
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    assert waiting["waits_for"] == ["mandate"]
    assert (
        clients.agent.post(f"/api/v1/drp/requests/{uuid4()}/code", json={"code": str(uuid4()), "digits": "1"}).status_code == 404
    )


@pytest.mark.parametrize("text", ["\ud800", "a\u0000b", "a\u202eb"], ids=["half", "nul", "steering"])
def test_what_cannot_be_written_down_is_left_out_and_breaks_nothing(clients: Clients, agent: Speaker, text: str) -> None:
    odd: dict[str, Any] = {"agent-request-id": text, "regime": text, "email": text, "email_verified": True}
    asked = done(agent.asks(**odd))
    assert "agent_request_id" not in asked
    assert agent.asks(**{"issued-at": "0001-01-01T00:00:00+23:59"}).status_code == 400
    assert agent.asks(**{"expires-at": "9999-12-31T23:59:59-23:59"}).status_code == 400


def test_what_nobody_shows_in_time_has_expired_whether_or_not_anybody_is_known(
    clients: Clients, agent: Speaker, ada: SubjectId, set_clock: SetClock
) -> None:
    asked = [done(agent.asks(**claims)) for claims in (ADA, {})]
    set_clock.at = datetime.now(UTC) + timedelta(days=46)
    told = [done(agent.send("GET", f"{ASKED}/{each['request_id']}")) for each in asked]
    assert [(each["status"], "reason" in each, "expires_at" in each) for each in told] == [("expired", False, False)] * 2
    [waiting] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    assert waiting["stage"] == "open"


CALLBACK = "https://agent.example/told"


class Listening:
    """Implements `requests.drp.ports.CallBack`: keeps what it is told, or is away."""

    def __init__(self, house: RealHouse, clients: Clients) -> None:
        self.house, self.clients = house, clients
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.trouble: Trouble | None = None
        url = "https://energy.example/who"
        self._procedure = CallingBack(database=house.database, clock=house.clock, call_back=self, verification_url=url)

    def __call__(self, url: str, body: bytes, /) -> Trouble | None:
        if self.trouble is None:
            self.told.append((url, json.loads(body)))
        return self.trouble

    def round(self) -> list[bool]:
        """As the worker's housekeeping has it done: each twice, as after a crash."""
        controller = self.clients.controller
        with self.house.database.transaction(controller) as tx:
            due = calling_back.to_tell(tx, self.house.clock)
        return [
            bool(self._procedure(InlineSteps(), str(controller), str(request), str(round)))
            for request, round in due
            for _ in range(2)
        ]


def test_an_agent_is_called_back_when_the_state_changed_until_it_took_it(
    house: RealHouse, clients: Clients, agent: Speaker, ada: SubjectId, set_clock: SetClock
) -> None:
    listening = Listening(house, clients)
    asked = done(agent.asks(**ADA, status_callback=CALLBACK))
    done(agent.asks())
    set_clock.at = datetime.now(UTC)
    assert listening.round() == [], "it knows already what it was answered"
    [waiting, *_] = done(clients.dpo.get("/api/v1/requests/waiting"))["items"]
    done(clients.dpo.post(f"/api/v1/requests/{waiting['id']}/deny", json={"ground": "no_mandate"}))
    set_clock.at += timedelta(minutes=2)
    listening.trouble = Trouble.AWAY
    assert listening.round() == [True, False]
    assert listening.round() == [], "not again at once"
    [shown] = [each for each in done(clients.dpo.get("/api/v1/drp/agents"))["items"] if each["id"] == agent.id]
    assert (shown["untold"], shown["untold_why"]) == (1, "away")
    listening.trouble = None
    set_clock.at += timedelta(hours=6)
    assert listening.round() == [True, False]
    [(url, told)] = listening.told
    assert url == CALLBACK
    assert told == done(agent.send("GET", f"{ASKED}/{asked['request_id']}"))
    assert (told["status"], told["reason"]) == ("denied", "insuf_verification")
    set_clock.at += timedelta(days=60)
    assert listening.round() == [], "the last state was told, and the address is forgotten"
    [shown] = [each for each in done(clients.dpo.get("/api/v1/drp/agents"))["items"] if each["id"] == agent.id]
    assert shown["untold"] == 0


def test_nobody_is_called_where_it_is_not_safe_nor_once_the_trust_is_over(
    house: RealHouse, clients: Clients, agent: Speaker, ada: SubjectId, set_clock: SetClock
) -> None:
    for url in ("http://agent.example/", "https://127.0.0.1/", 7):
        refused = agent.asks(**ADA, status_callback=url)
        assert (refused.status_code, refused.json()["fatal"]) == (400, True)
    listening = Listening(house, clients)
    known, unknown = (done(agent.asks(**claims, status_callback=CALLBACK)) for claims in (ADA, {}))
    set_clock.at = datetime.now(UTC) + timedelta(days=46)
    assert listening.round() == [True, False] * 2
    assert {each["status"] for _, each in listening.told} == {"expired"}
    assert {each["request_id"] for _, each in listening.told} == {known["request_id"], unknown["request_id"]}
    set_clock.at = None
    done(agent.asks(**ADA, status_callback=CALLBACK))
    assert clients.dpo.post(f"/api/v1/drp/agents/{agent.id}/retire").status_code == 204
    set_clock.at = datetime.now(UTC) + timedelta(days=46)
    assert listening.round() == []
