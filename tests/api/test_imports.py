"""Somebody else's vCon by `POST /api/v1/vcons`: what a trusted yes in it covers comes in; all else is refused plainly."""

import base64
import gzip
import hashlib
import hmac
import json
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rightcall.api import edge, imports
from rightcall.clock import SystemClock
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.recordings.envelope import MOST_BYTES, VconSigner, new_signer, sign, signer_from
from tests import vcon_schema
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import NOTICE, PURPOSE, Scene, done, review, ring
from tests.cast import ADA_NAME, ADA_TEL
from tests.standing import SetClock

PATH = "/api/v1/vcons"
JOSE = "application/jose+json"


@pytest.fixture
def scene(house: RealHouse, clients: Clients) -> Scene:
    """A call of theirs with a yes and sound, to be exported."""
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    scene.hear()
    scene.hang_up()
    return scene


def exported(scene: Scene) -> Any:
    return done(
        scene.clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon?purpose=training&reason=moving+to+another+house&case=T-1")
    )


def trusting(signer: VconSigner) -> dict[str, str]:
    return {"Trusted-Certificate": f":{base64.b64encode(der(signer.chain[0])).decode()}:"}


def der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def send(scene: Scene, document: Any, mediatype: str = JOSE, **headers: str) -> Any:
    content = document if isinstance(document, bytes) else json.dumps(document).encode()
    return scene.clients.dpo.post(PATH, content=content, headers={"Content-Type": mediatype, **headers})


def stranger() -> VconSigner:
    return signer_from(*new_signer("a stranger", SystemClock().now()))


def next_door() -> VconSigner:
    """Another house of the same company, which we trust."""
    return signer_from(*new_signer("the house next door", SystemClock().now()))


def unsealed(text: str) -> Any:
    return json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def coded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def stored(scene: Scene) -> tuple[int, ...]:
    """How much there is of what an import may bring."""
    with scene.house.database.transaction(scene.controller) as tx:
        tables = ("calls", "parties", "subjects", "choices", "holdings", "vcons_received", "vcon_sounds")
        rows = [tx.connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone() for table in tables]  # noqa: S608 - theirs
    return (len(scene.house.objects.kept), *(row["n"] for row in rows if row is not None))


@pytest.mark.parametrize("packed", [False, True])
def test_what_came_signed_by_somebody_trusted_is_kept_and_told(scene: Scene, packed: bool) -> None:
    vcon, theirs = exported(scene), next_door()
    vcon["dialog"].append({"type": "recording", "start": vcon["created_at"], "parties": 0, "url": "https://sounds.example/1"})
    signed = json.dumps(sign(vcon, theirs)).encode()
    mediatype = "application/vcon+gzip" if packed else JOSE
    body = done(send(scene, gzip.compress(signed) if packed else signed, mediatype, **trusting(theirs)), 201)
    assert (body["vcon"], body["again"], body["signature"]) == (vcon["uuid"], False, "trusted")
    assert [each["dialog"] for each in body["kept"]] == [1]
    assert [(each["dialog"], each["why"]) for each in body["left_out"]] == [(2, "elsewhere")]
    assert "nothing is fetched" in body["left_out"][0]["instead"]
    call = done(scene.clients.dpo.get(f"/api/v1/calls/{body['call']}"))
    assert [party["role"] for party in call["parties"]] == ["customer", "agent"]
    whence = done(scene.clients.dpo.get(f"{PATH}/{vcon['uuid']}"))
    assert (whence["call"], whence["kept"], whence["by"]["role"]) == (body["call"], body["kept"], "dpo")
    assert whence["signed_by"] == theirs.chain[0].fingerprint(hashes.SHA256()).hex()
    holding = done(scene.clients.dpo.get(f"/api/v1/holdings/{body['kept'][0]['holding']}"))
    assert holding["provenance"]["source"] == "vcon"


def test_the_certificates_in_the_settings_are_believed_as_they_are_now(
    scene: Scene, house: RealHouse, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    file = tmp_path / "trusted.pem"
    monkeypatch.setattr(type(house.settings), "vcon_trusted", file, raising=False)
    object.__setattr__(house.settings, "vcon_trusted", file)
    theirs = next_door()
    signed = sign(exported(scene), theirs)
    assert done(send(scene, signed), 409)["type"].endswith(":not-configured")
    file.write_bytes(theirs.chain[0].public_bytes(Encoding.PEM))
    assert done(send(scene, signed), 201)["signature"] == "trusted"


def test_the_same_again_changes_nothing_and_another_of_its_uuid_is_a_conflict(scene: Scene) -> None:
    vcon, theirs = exported(scene), next_door()
    first = done(send(scene, sign(vcon, theirs), **trusting(theirs)), 201)
    before = stored(scene)
    second = done(send(scene, sign(vcon, theirs), **trusting(theirs)), 200)
    assert (second["again"], second["call"], second["kept"]) == (True, first["call"], first["kept"])
    other = sign({**vcon, "subject": "Something else"}, theirs)
    assert "uuid of its own" in done(send(scene, other, **trusting(theirs)), 409)["detail"]
    assert stored(scene) == before


def test_what_this_house_let_out_does_not_come_back_in(scene: Scene, elsewhere: Clients) -> None:
    ours = scene.house.vcon_signer
    signed = sign(exported(scene), ours)
    before = stored(scene)
    problem = done(send(scene, signed, **trusting(ours)), 409)
    assert "signed this vCon itself" in problem["detail"]
    headers = {"Content-Type": JOSE, **trusting(ours)}
    assert elsewhere.dpo.post(PATH, content=json.dumps(signed).encode(), headers=headers).status_code == 409
    assert stored(scene) == before


@pytest.mark.parametrize(("how", "says"), [("none", "is not signed"), ("unknown", "nobody who is trusted here")])
def test_where_nobody_trusted_vouches_nothing_is_stored_but_the_no(scene: Scene, how: str, says: str) -> None:
    vcon = exported(scene)
    before = stored(scene)
    answer = send(scene, vcon, "application/vcon") if how == "none" else send(scene, sign(vcon, stranger()))
    problem = done(answer, 403)
    assert (problem["type"], problem["signature"]) == ("urn:rightcall:problem:nothing-kept", how)
    assert says in problem["detail"]
    assert [(each["dialog"], each["why"]) for each in problem["left_out"]] == [(1, "no_yes")]
    assert len(problem["verdicts"]) == 1
    assert stored(scene) == before
    assert scene.clients.dpo.get(f"{PATH}/{vcon['uuid']}").status_code == 404
    for personal in (ADA_TEL, ADA_NAME):
        assert personal not in answer.text


def test_a_chain_that_leads_to_nobody_trusted_is_signed_by_nobody_known(scene: Scene) -> None:
    """The trusted certificate is in the chain, and issued nothing: it is no authority."""
    other, theirs = stranger(), next_door()
    forged = VconSigner(key=other.key, chain=(other.chain[0], theirs.chain[0]))
    problem = done(send(scene, sign(exported(scene), forged), **trusting(theirs)), 403)
    assert problem["signature"] == "unknown"


def resealed(signed: Any, protected: dict[str, Any], secret: bytes | None = None) -> Any:
    """The same with other protected headers, and a signature that an attacker without their key can make."""
    (signature,) = signed["signatures"]
    first = coded(json.dumps(protected).encode())
    mark = b"" if secret is None else hmac.new(secret, f"{first}.{signed['payload']}".encode(), hashlib.sha256).digest()
    return {"payload": signed["payload"], "signatures": [{**signature, "protected": first, "signature": coded(mark)}]}


def forged(signed: Any, how: str, theirs: VconSigner) -> Any:
    public = theirs.chain[0].public_key()
    if how == "payload":
        inside = unsealed(signed["payload"]) | {"subject": "Something else"}
        return {**signed, "payload": coded(json.dumps(inside).encode())}
    if how == "none":
        return resealed(signed, {"alg": "none"})
    if how == "none, spelt otherwise":
        return resealed(signed, {"alg": "NoNe"})
    if how == "no algorithm":
        return resealed(signed, {})
    if how == "the public key as a secret, PEM":
        pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return resealed(signed, {"alg": "HS256"}, pem)
    if how == "the public key as a secret, DER":
        return resealed(signed, {"alg": "HS256"}, public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    if how == "another algorithm":
        return resealed(signed, {"alg": "RS256"})
    if how == "a payload that is not encoded":
        return resealed(signed, {"alg": "ES256", "b64": False, "crit": ["b64"]})
    if how == "a key of its own in the header":
        mark: Any = sign(unsealed(signed["payload"]), stranger())
        mark["signatures"][0]["header"] = signed["signatures"][0]["header"]
        return mark
    assert how == "another uuid in the header"
    signed["signatures"][0]["header"]["uuid"] = "01900000-0000-8000-8000-0000000000ff"
    return signed


@pytest.mark.parametrize(
    "how",
    [
        "payload",
        "none",
        "none, spelt otherwise",
        "no algorithm",
        "the public key as a secret, PEM",
        "the public key as a secret, DER",
        "another algorithm",
        "a payload that is not encoded",
        "a key of its own in the header",
        "another uuid in the header",
    ],
)
def test_a_signature_that_claims_somebody_trusted_and_is_not_theirs_is_not_believed(scene: Scene, how: str) -> None:
    theirs = next_door()
    signed = sign(exported(scene), theirs)
    before = stored(scene)
    problem = done(send(scene, forged(signed, how, theirs), **trusting(theirs)), 422)
    assert problem["type"] == "urn:rightcall:problem:not-believed"
    assert "ask its sender" in problem["detail"]
    assert stored(scene) == before


def test_content_that_is_not_what_its_hash_says_is_not_believed_whoever_signed(scene: Scene) -> None:
    vcon, theirs = exported(scene), next_door()
    vcon["dialog"][1]["content_hash"] = "sha512-" + "A" * 86
    assert done(send(scene, sign(vcon, theirs), **trusting(theirs)), 422)["type"].endswith(":not-believed")


JUNK = {
    "nothing": b"",
    "half": b'{"uuid": "',
    "no object": b'"' + ADA_TEL.encode() + b'"',
    "no UTF-8": b"\xff\xfe\x00{",
    "doubled name": b'{"uuid": "a", "uuid": "b"}',
    "no number": b'{"created_at": NaN}',
    "too deep to read": b"[" * 200_000,
    "deep": b'{"a":' * 200 + b"1" + b"}" * 200,
    "cut gzip": gzip.compress(b'{"uuid": 1}')[:-8],
    "broken gzip": b"\x1f\x8b" + bytes(30),
    "encrypted": b'{"protected": "e30", "recipients": [{}], "ciphertext": "AAAA"}',
    "signed nothing": b'{"payload": "e30", "signatures": []}',
    "signatures of another kind": b'{"payload": "e30", "signatures": [null, 1, "x", {"header": 1, "protected": 7}]}',
    "payload of another kind": b'{"payload": 7, "signatures": [{}]}',
    "broken chain": b'{"payload": "e30", "signatures": [{"header": {"x5c": ["AAAA", 7, null]}, "protected": "e30"}]}',
}


@pytest.mark.parametrize("what", list(JUNK))
def test_what_is_no_vcon_is_a_mistake_that_repeats_nothing(scene: Scene, what: str) -> None:
    before = stored(scene)
    answer = send(scene, JUNK[what], **trusting(next_door()))
    assert done(answer, 400)["type"] == "urn:rightcall:problem:malformed"
    assert ADA_TEL not in answer.text
    assert stored(scene) == before


def test_a_bomb_is_not_unpacked(scene: Scene) -> None:
    bomb = gzip.compress(b" " * (MOST_BYTES + 1), 9)
    assert len(bomb) < 1 << 20
    assert "too large unpacked" in done(send(scene, bomb, "application/vcon+gzip"), 400)["detail"]
    inside = {"payload": coded(bomb), "signatures": [{}]}
    assert "too large unpacked" in done(send(scene, inside), 400)["detail"]


@pytest.mark.parametrize("value", [b"[]", b"{}", b"1", b'"x"'])
def test_what_would_take_far_more_room_than_its_text_is_not_taken_apart(scene: Scene, value: bytes) -> None:
    many = b'{"parties": [' + (value + b",") * 1_100_000 + value + b"]}"
    for content in (many, gzip.compress(many)):
        assert "values in it" in done(send(scene, content), 400)["detail"]


def test_what_is_too_large_is_not_read(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(scene, b"{}", **{"Content-Length": str(MOST_BYTES + 1)}).status_code == 413
    monkeypatch.setattr(imports, "MOST_BYTES", 100_000)

    async def unannounced():  # type: ignore[no-untyped-def]  # an async generator of chunks
        for _ in range(3):
            yield b" " * 65536

    content = unannounced()  # type: ignore[no-untyped-call]  # as above
    refused = scene.clients.dpo.post(PATH, content=content, headers={"Content-Type": JOSE})
    assert (refused.status_code, "At most 100,000 bytes" in refused.json()["detail"]) == (413, True)
    assert send(scene, b" " * 99_000).status_code == 400
    assert scene.clients.dpo.post("/api/v1/requests", content=b" " * (edge.MAX_BODY_BYTES + 1)).status_code == 413


@pytest.mark.parametrize("mediatype", ["", "text/plain", "multipart/form-data; boundary=x", "application/vcon x", "application"])
def test_another_content_type_is_told_which_there_are(scene: Scene, mediatype: str) -> None:
    problem = done(send(scene, b"{}", mediatype), 415)
    assert "application/vcon, " in problem["detail"]


def test_a_content_type_with_parameters_is_one(scene: Scene) -> None:
    problem = done(send(scene, exported(scene), "Application/vCon; charset=utf-8"), 403)
    assert problem["type"] == "urn:rightcall:problem:nothing-kept"


@pytest.mark.parametrize("role", ["agent", "supervisor", "auditor", "engineer", "stranger"])
def test_it_is_not_even_read_for_those_who_may_not(scene: Scene, role: str) -> None:
    answer = getattr(scene.clients, role).post(PATH, content=b"[" * 100, headers={"Content-Type": "text/plain"})
    assert answer.status_code == (401 if role == "stranger" else 403)


@pytest.mark.parametrize("header", ["", "::", ":bm9uZQ==:", "not base64"])
def test_a_certificate_that_is_none_is_a_mistake(scene: Scene, header: str) -> None:
    problem = done(send(scene, exported(scene), "application/vcon", **{"Trusted-Certificate": header}), 400)
    assert "Trusted-Certificate" in problem["detail"]


def test_a_region_is_two_letters(scene: Scene) -> None:
    answer = scene.clients.dpo.post(f"{PATH}?region=denmark", content=b"{}", headers={"Content-Type": JOSE})
    assert answer.status_code == 422


@pytest.fixture
def elsewhere(house: RealHouse, company: Controller) -> Clients:
    """The same company, in a house that knows nothing of the first: its own ids, and the same words."""
    with house.database.system() as tx:
        new = NewController(
            name=company.name, address=company.address, contact=company.contact, jurisdictions=company.jurisdictions
        )
        clients = Clients(house, create(tx, house.clock, new))
    purpose = done(clients.dpo.post("/api/v1/purposes", json=PURPOSE), 201)["id"]
    done(clients.dpo.post(f"/api/v1/purposes/{purpose}/notices", json=NOTICE), 201)
    review(clients)
    return clients


def told(vcon: Any) -> Any:
    """What a vCon says, without what each house names in its own way: ids, and whose word it is."""
    names = {place: party.get("name") for place, party in enumerate(vcon["parties"]) if party["role"] == "customer"}
    return {
        "parties": [{name: each.get(name) for name in ("tel", "sip", "name", "role")} for each in vcon["parties"]],
        "dialog": [{name: each[name] for name in sorted(each) if name != "filename"} for each in vcon["dialog"]],
        "bases": [
            {
                "party": each["party"],
                "basis": each["body"]["lawful_basis"],
                "expiration": each["body"]["expiration"],
                "grants": each["body"]["purpose_grants"],
                "controller": each["body"]["metadata"]["controller"],
                "words": [
                    (answer["answer"], answer["at"], answer["language"], answer["notice_text"])
                    for purpose in each["body"]["metadata"]["purposes"]
                    for answer in purpose["history"]
                ],
            }
            for each in vcon["attachments"]
            if each["party"] in names
        ],
    }


def test_what_went_out_signed_goes_out_again_from_another_house_as_it_was(
    house: RealHouse, clients: Clients, elsewhere: Clients, set_clock: SetClock
) -> None:
    scene = ring(house, clients)
    done(scene.choose("granted"), 201)
    scene.hear()
    done(clients.agent.post(f"/api/v1/calls/{scene.call}/pause", json={"reason": "card_data"}))
    done(clients.agent.post(f"/api/v1/calls/{scene.call}/resume", json={}))
    scene.hang_up()
    query = "purpose=training&reason=moving+to+another+house&case=T-1"
    signed = done(clients.dpo.get(f"/api/v1/calls/{scene.call}/vcon?{query}&signed=true"))
    theirs = next_door()
    headers = {"Content-Type": JOSE, **trusting(theirs)}
    as_theirs = json.dumps(sign(unsealed(signed["payload"]), theirs)).encode()
    body = done(elsewhere.dpo.post(PATH, content=as_theirs, headers=headers), 201)
    again = done(elsewhere.dpo.get(f"/api/v1/calls/{body['call']}/vcon?{query}"))
    vcon_schema.check(again)
    first, second = told(unsealed(signed["payload"])), told(again)
    history = second["dialog"][0]["party_history"]
    assert {each["event"] for each in history} == {"join", "drop", "mute", "unmute"}
    agents = [each for vcon in (first, second) for each in vcon["parties"] if each["role"] == "agent"]
    assert agents[1] == {"tel": None, "sip": None, "name": None, "role": "agent"}
    for vcon in (first, second):
        vcon["parties"] = [each for each in vcon["parties"] if each["role"] != "agent"]
    assert second == first


def test_a_yes_to_one_company_counts_for_no_other(house: RealHouse, scene: Scene, elsewhere: Clients) -> None:
    vcon = exported(scene)
    for attachment in vcon["attachments"]:
        attachment["body"]["metadata"]["controller"] = "Example Water"
    theirs = next_door()
    headers = {"Content-Type": JOSE, **trusting(theirs)}
    problem = done(elsewhere.dpo.post(PATH, content=json.dumps(sign(vcon, theirs)).encode(), headers=headers), 403)
    assert "given to this controller by its name" in problem["detail"]
