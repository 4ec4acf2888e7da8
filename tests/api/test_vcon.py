"""A call leaves the house as a vCon only by a verdict; plain, signed, or signed and encrypted for one recipient."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from rightcall.recordings.envelope import verify
from rightcall.recordings.unsealing import decrypt
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import Scene, done, ring
from tests.cast import ADA_NAME, ADA_TEL

WHY = "reason=coaching+an+agent&case=T-1"


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    return scene


def test_a_call_that_may_leave_is_a_vcon_with_its_sound(scene: Scene) -> None:
    answer = scene.clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon?purpose=training&{WHY}")
    vcon = done(answer)
    assert answer.headers["content-type"] == "application/vcon"
    assert len(vcon["parties"]) == 2
    assert any(dialog["type"] == "recording" for dialog in vcon["dialog"])
    assert ADA_TEL in answer.text


def test_signed_it_can_be_checked_and_encrypted_only_the_recipient_reads_it(scene: Scene, house: RealHouse) -> None:
    path = f"/api/v1/calls/{scene.call}/vcon?{WHY}"
    now = datetime.now(UTC)
    signed = scene.clients.dpo.get(f"{path}&signed=true")
    assert signed.headers["content-type"] == "application/jose+json"
    inside = verify(signed.json(), house.vcon_signer.chain, now).vcon
    assert isinstance(inside, dict)
    assert len(scene.clients.dpo.get(path, headers={"Accept": "application/jose+json"}).json()["signatures"]) == 1
    key = generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "recipient")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    header = f":{b64encode(certificate.public_bytes(Encoding.DER)).decode()}:"
    sealed = scene.clients.dpo.get(f"{path}&encrypted=true", headers={"Recipient-Certificate": header})
    assert sealed.status_code == 200, sealed.text
    assert ADA_TEL not in sealed.text
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    assert verify(decrypt(sealed.json(), pem), house.vcon_signer.chain, now)


@pytest.mark.parametrize("header", [None, "", "::", ":bm9uZQ==:", "not base64"])
def test_encrypted_for_nobody_is_a_mistake(scene: Scene, header: str | None) -> None:
    headers = None if header is None else {"Recipient-Certificate": header}
    answer = scene.clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon?encrypted=true&{WHY}", headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("query", ["", "?purpose=training", "?reason=coaching+an+agent", "?case=T-1", "?reason=%20&case=T-1"])
def test_nothing_leaves_out_of_curiosity(scene: Scene, query: str) -> None:
    problem = done(scene.clients.supervisor.get(f"/api/v1/calls/{scene.call}/vcon{query}"), 403)
    assert problem["verdict"]["outcome"] == "not_right"
    assert problem["verdict"]["lawful"] is True
    stored = done(scene.clients.supervisor.get(f"/api/v1/verdicts/{problem['verdict']['id']}"))
    assert (stored["act"], stored["outcome"]) == ("export", "not_right")
    assert problem["detail"] == "It would be right with a reason, and the case it is for."


def ada_of(scene: Scene) -> str:
    return str(next(party["subject"] for party in scene.detail()["parties"] if party["id"] == scene.ada))


def ask(scene: Scene, kind: str = "access") -> str:
    """She asks for it herself: the id of her request."""
    return str(done(scene.clients.dpo.post("/api/v1/requests", json={"subject": ada_of(scene), "kind": kind}), 201)["id"])


@pytest.mark.parametrize("kind", ["access", "portability"])
def test_her_own_request_owes_nobody_a_reason(scene: Scene, kind: str) -> None:
    ask(scene, kind)
    path = f"/api/v1/calls/{scene.call}/vcon?of={ada_of(scene)}"
    vcon = done(scene.clients.dpo.get(path))
    assert any(dialog["type"] == "recording" for dialog in vcon["dialog"])
    assert scene.clients.supervisor.get(path).status_code == 403


@pytest.fixture
def refused(house: RealHouse, clients: Clients) -> Scene:
    """Ada said no, so nothing was kept."""
    scene = ring(house, clients)
    done(scene.choose("refused"), 201)
    scene.hang_up()
    return scene


def test_without_takes_a_call_she_refused_stays(refused: Scene) -> None:
    for client in (refused.clients.supervisor, refused.clients.dpo):
        answer = client.get(f"/api/v1/calls/{refused.call}/vcon?{WHY}")
        assert done(answer, 403)["verdict"]["outcome"] == "unlawful"
    asked = done(refused.clients.dpo.get(f"/api/v1/calls/{refused.call}/verdicts"))["items"]
    assert [each["by"]["role"] for each in asked if each["act"] == "export"] == ["supervisor", "dpo"]


def test_a_request_of_hers_must_be_open_before_it_is_answered(refused: Scene) -> None:
    path = f"/api/v1/calls/{refused.call}/vcon?{WHY}&of={ada_of(refused)}"
    ask(refused, "erasure")
    for client in (refused.clients.supervisor, refused.clients.dpo):
        problem = done(client.get(path), 409)
        assert problem["type"] == "urn:rightcall:problem:request-first"
        assert "POST /api/v1/requests" in problem["detail"]
    request = ask(refused)
    assert done(refused.clients.supervisor.get(path), 403)["verdict"]["outcome"] == "unlawful"
    answer = refused.clients.dpo.get(path)
    assert done(answer)["parties"][0]["name"] == ADA_NAME
    assert ADA_TEL in answer.text
    done(refused.clients.dpo.post(f"/api/v1/requests/{request}/deny", json={"ground": "legal_claims"}))
    assert refused.clients.dpo.get(path).status_code == 409


def test_what_was_withdrawn_does_not_leave(scene: Scene) -> None:
    done(scene.choose("withdrawn", evidence=None), 201)
    answer = scene.clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon?{WHY}")
    assert ADA_NAME not in answer.text
    assert answer.status_code == 403 or int(answer.headers["x-left-out"]) > 0
    if answer.status_code == 200:
        assert not any(dialog["type"] == "recording" for dialog in answer.json()["dialog"])
