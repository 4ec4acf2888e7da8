"""What a person is called and known by, planted wherever it can come in, and then looked for wherever it must not be.

Looked at: every log line, every figure, the whole database as text, and the names and contents of all files under data/, the
database's own and the sealed ones included.
"""

import base64
import socket
import uuid
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from rightcall.testcall.call import DeskOfCall, OutgoingCall
from rightcall.testcall.model import Leg, Person
from tests.cast import PLANTED_CARD
from tests.journeys.deployment import Deployment, eventually
from tests.journeys.line import AGENT, PROOF, TRAINING, audio, noise, takes_of, wait_finished

TEL = "+4532987654"
SIP_USER = "planted.lovelace"
SIP_AOR = f"sip:{SIP_USER}@plantedhost.example"
EMAIL = "planted.email@plantedmail.example"
NAME = "Plantadine Lovelace"
CUSTOMER = "PLANTEDCUSTOMER77"
WORDS = "plantedwords she said yes"
REASON = "plantedreason about her"
TRUNK_USER = "plantedcalled"
PLANTED = (TEL.lstrip("+"), "32987654", SIP_USER, "plantedhost", "planted.email", "Plantadine", CUSTOMER, "plantedwords")
EVERYWHERE = (*PLANTED, "plantedreason", TRUNK_USER, PLANTED_CARD, "4111 1111 1111 1111")


@pytest.fixture(scope="module")
def lived(deployment: Deployment) -> Iterator[Deployment]:
    """A deployment through which all of it went."""
    sound = _a_call(deployment)
    _queries(deployment)
    codes = _concerns(deployment)
    _malformed_http(deployment)
    _malformed_sip(deployment)
    deployment.health()
    yield deployment
    assert not deployment.files_with(*sound), "sound lies on the disk as it was said"
    said = (deployment.log(), deployment.metrics(), deployment.dump())
    assert not any(code in text for code in codes for text in said), "a case code is told"
    assert not deployment.files_with(*(code.encode() for code in codes)), "a case code lies on the disk"


def test_the_searches_can_find(lived: Deployment) -> None:
    """What is no secret is found by the very same looks: the company's name, and what the log says."""
    assert "Example Energy" in lived.dump()
    assert lived.files_with(b"Example Energy")
    assert "signalling listens" in lived.log()
    assert "rightcall_choices_total" in lived.metrics()


def test_the_log_names_nobody(lived: Deployment) -> None:
    _absent(lived.log(), "the log")


def test_no_figure_is_about_somebody(lived: Deployment) -> None:
    _absent(lived.metrics(), "/metrics")


def test_the_database_names_nobody(lived: Deployment) -> None:
    dump = lived.dump()
    _absent(dump, "the database")
    for value in EVERYWHERE:
        assert value.encode().hex() not in dump, "the database, as bytes"
        assert base64.b64encode(value.encode()).decode().rstrip("=")[:-1] not in dump, "the database, in base64"


def test_no_file_names_anybody(lived: Deployment) -> None:
    needles = [value.encode() for value in EVERYWHERE] + [value.encode("utf-16-le") for value in PLANTED]
    assert lived.files_with(*needles) == []


def _absent(text: str, where: str) -> None:
    low = text.lower()
    for value in EVERYWHERE:
        for form in {value, quote(value, safe="")}:
            assert form.lower() not in low, f"{where} has a planted value"


def _a_call(deployment: Deployment) -> list[bytes]:
    """A recorded call of hers: in SIP addresses and display names, in evidence, in keys, in the reason of a listening."""
    people = (
        Leg(label="1", person=Person(ref="caller", aor=f"tel:{TEL}", name=NAME)),
        Leg(label="2", person=AGENT),
        Leg(label="3", person=Person(ref="third", aor=SIP_AOR, name=f"{NAME} junior")),
    )
    call = OutgoingCall(deployment.sip, people, group=f"{SIP_USER}-{uuid.uuid4().hex}")
    call.place()
    desk = DeskOfCall(deployment.agent, TEL)
    for party in desk.state()["parties"]:
        if party["role"] != "agent":
            desk.choose(TRAINING, "granted", "en", party=party["id"], heard=f"{WORDS}, card {PLANTED_CARD}")
            desk.choose(PROOF, "refused", "en", party=party["id"], heard=f"{NAME} {EMAIL}")
    sound = noise(2.5)
    for ref in ("caller", "third"):
        call.say(ref, sound)
    call.key("caller", PLANTED_CARD)
    call.let_them_finish()
    call.hang_up()
    state = wait_finished(deployment, desk.id)
    heard = [audio(deployment, take["id"], TRAINING) for take in takes_of(state, "customer") if take["packets"]]
    assert any(frame in each for frame in sound for each in heard), "nothing of hers was recorded, so nothing was tried"
    take = takes_of(state, "customer")[0]["id"]
    for purpose in (TRAINING, "plantedpurpose"):
        deployment.request(
            "dpo", "GET", f"/api/v1/takes/{take}/audio", params={"purpose": purpose, "reason": REASON, "case": CUSTOMER}
        )
    why = {"reason": REASON, "case": CUSTOMER}
    assert deployment.request("dpo", "GET", f"/api/v1/calls/{desk.id}/vcon", params=why).status_code == 200
    return sound


def _queries(deployment: Deployment) -> None:
    for query in ({"tel": TEL}, {"sip": SIP_AOR}):
        assert deployment.agent.get("/subjects", **query)["items"], "she is not found by what she is known by"
    for query in ({"email": EMAIL}, {"id": CUSTOMER}, {"tel": f"nonsense {NAME}"}, {"tel": TEL, "email": EMAIL}):
        deployment.request("agent", "GET", "/api/v1/subjects", params=query)
    subject = deployment.agent.get("/subjects", tel=TEL)["items"][0]["id"]
    shown = deployment.dpo.get(f"/subjects/{subject}", purpose=TRAINING, reason=REASON, case=CUSTOMER)
    assert shown["name"] == NAME
    for path in (f"/api/v1/subjects/{TEL}", f"/api/v1/{NAME}", f"/{EMAIL}", f"/api/v1/calls/{CUSTOMER}", f"/metrics/{SIP_USER}"):
        assert deployment.request("agent", "GET", quote(path)).status_code in (404, 405, 422)


def _concerns(deployment: Deployment) -> list[str]:
    """What she and an agent say is wrong, by name; each is answered, appealed, and shown with consent. The case codes."""
    subject = deployment.agent.get("/subjects", tel=TEL)["items"][0]["id"]
    codes = []
    for more in ({"subject": subject}, {}):
        body = {"about": {"kind": "call"}, "words": f"{WORDS} {EMAIL}", "name": NAME} | more
        made = deployment.request("agent", "POST", "/api/v1/concerns", json=body).json()
        path, code = f"/api/v1/concerns/{made['concern']['id']}", made["code"]
        mine = "/api/v1/public/concerns/mine"
        deployment.request("dpo", "POST", f"{path}/own")
        deployment.request("dpo", "POST", f"{path}/answer", json={"outcome": "upheld", "words": f"{WORDS}, {NAME}"})
        deployment.request("agent", "POST", f"{mine}/consent", json={"code": code, "shown": True})
        shown = deployment.request("dpo", "POST", f"{path}/reveal", json={"reason": REASON, "case": CUSTOMER})
        assert shown.json()["name"] == NAME, shown.text
        appealed = deployment.request("agent", "POST", f"{mine}/appeal", json={"code": code, "words": f"{WORDS}: {CUSTOMER}"})
        assert appealed.json()["stage"] == "appealed", appealed.text
        for bad in ({"code": NAME}, {"code": code, NAME: TEL}):
            _absent(deployment.request("agent", "POST", mine, json=bad).text, "a problem")
        codes.append(code)
    return codes


def _malformed_http(deployment: Deployment) -> None:
    bodies = (f'{{"party": "{NAME}"', f'["{EMAIL}"]', f'{{"{SIP_USER}": "{TEL}"}}', WORDS, f'{{"reason": "{PLANTED_CARD}"}}')
    for path in ("/api/v1/requests", f"/api/v1/calls/{uuid.uuid4()}/choices", f"/api/v1/calls/{uuid.uuid4()}/pause"):
        for body in bodies:
            answer = deployment.request(
                "agent", "POST", path, content=body, headers={"Content-Type": "application/json", "X-Caller": NAME}
            )
            assert answer.status_code in (404, 409, 422)
            _absent(answer.text, "a problem")
    for raw in (
        f"GET /{EMAIL} HTTP/9.9\r\nHost: {SIP_USER}\r\n\r\n",
        f"{NAME} {TEL}\r\n\r\n",
        f"GET / HTTP/1.1\r\n{WORDS}\r\n\r\n",
        f"GET /api/v1/calls HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {CUSTOMER}\r\n\r\n",
        f"POST /api/v1/requests HTTP/1.1\r\nHost: x\r\nContent-Length: {TEL}\r\n\r\n",
    ):
        _say_tcp(deployment, raw.encode())


def _malformed_sip(deployment: Deployment) -> None:
    mark = len(deployment.log())
    head = (
        f'Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKx{SIP_USER}\r\nFrom: "{NAME}" <{SIP_AOR}>;tag={SIP_USER}\r\n'
        f"To: <sip:{TRUNK_USER}@127.0.0.1>\r\nCall-ID: {CUSTOMER}\r\nCSeq: 1 INVITE\r\nContact: <tel:{TEL}>\r\n"
        f"P-Asserted-Identity: <{SIP_AOR}>\r\nUser-Agent: {WORDS}\r\n"
    )
    bodies = (
        ("application/sdp", f"v=0\r\no={SIP_USER} 1 1 IN IP4 {EMAIL}\r\ns={NAME}\r\nm=audio {TEL} RTP/AVP x\r\n"),
        ("multipart/mixed;boundary=b", f"--b\r\nContent-Type: application/rs-metadata+xml\r\n\r\n<recording>{NAME}\r\n--b--"),
        (f"text/{SIP_USER}", WORDS),
    )
    messages = [
        f"{NAME} {TEL} SIP/2.0\r\n\r\n",
        f"INVITE {SIP_AOR} SIP/7.0\r\n{head}\r\n",
        f"INVITE sip:{TRUNK_USER}@x SIP/2.0\r\n{NAME}",
    ]
    invite = f"INVITE sip:{TRUNK_USER}@127.0.0.1 SIP/2.0\r\n{head}"
    for content_type, body in bodies:
        messages.append(f"{invite}Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n{body}")
    messages.append(f"SUBSCRIBE {SIP_AOR} SIP/2.0\r\n{head.replace('1 INVITE', '1 SUBSCRIBE')}Content-Length: 0\r\n\r\n")
    for source in ("127.0.0.1", "127.0.0.9"):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            out.bind((source, 0))
            for message in messages:
                out.sendto(message.encode(), deployment.sip)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.settimeout(0.5)
        assert eventually(lambda: _options(asking, deployment), 10.0, "signalling answers after all that"), "no answer"
    assert "unasked" not in deployment.log()[mark:]


def _options(asking: socket.socket, deployment: Deployment) -> bool:
    port = asking.getsockname()[1] or 0
    message = (
        f"OPTIONS sip:srs@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};rport;branch=z9hG4bK{uuid.uuid4().hex}\r\n"
        f"From: <sip:a@127.0.0.1>;tag=1\r\nTo: <sip:srs@127.0.0.1>\r\nCall-ID: {uuid.uuid4().hex}\r\nCSeq: 1 OPTIONS\r\n"
        "Content-Length: 0\r\n\r\n"
    )
    asking.sendto(message.encode(), deployment.sip)
    try:
        return asking.recv(65535).startswith(b"SIP/2.0 200")
    except TimeoutError:
        return False


def _say_tcp(deployment: Deployment, raw: bytes) -> None:
    host, _, port = deployment.http.rpartition(":")
    with socket.create_connection((host, int(port)), timeout=2.0) as line:
        line.sendall(raw)
        try:
            answer = line.recv(65535)
        except (TimeoutError, ConnectionResetError):
            return
    _absent(answer.decode("utf-8", "replace"), "an answer")
