"""A call leaves the house as a vCon that others read, only as far as the verdict goes; others' vCons are read strictly."""

import base64
import copy
import gzip
import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
import rfc8785
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto import jwe, jwk, jws

from rightcall.actors import Actor, Role
from rightcall.adapters.audio.render import PyAvAudio
from rightcall.calls import actions as calls
from rightcall.consent.model import Answer
from rightcall.errors import Malformed, NotConfigured, NotFound, Tampered
from rightcall.holdings.uses import actions as uses
from rightcall.holdings.uses.model import UseAct
from rightcall.ids import RecorderId, SubjectId, new_id
from rightcall.policy import actions as policy
from rightcall.policy.model import Act, Outcome, PauseReason, StoredVerdict
from rightcall.recordings import actions
from rightcall.recordings.envelope import VconSigner, encrypt, new_signer, payload_of, sign, signer_from, verify
from rightcall.recordings.exporting import Exported, export
from rightcall.recordings.importing.reading import read_vcon
from rightcall.recordings.model import Direction, EndReason, Refused
from rightcall.recordings.unsealing import decrypt
from tests import vcon_schema
from tests.cast import ADA_NAME, ADA_TEL, MONDAY
from tests.recordings.scene import DPO, SEVEN, SUPERVISOR, Scene, stream
from tests.recordings.test_taking import recorded_call, rtp


def exported(scene: Scene, by: Actor = SUPERVISOR, **more: Any) -> Any:
    asked = {"reason": "coaching an agent", "case": "T-1"} | more
    result = export(scene.tx, scene.tools, scene.objects, PyAvAudio(), call=scene.call, by=by, **asked)
    if isinstance(result, Exported):
        vcon_schema.check(result.vcon)
    return result


def signer() -> VconSigner:
    return signer_from(*new_signer("vcon.energy.example", MONDAY))


def events(vcon: Any, dialog: int = 0) -> list[tuple[int, str]]:
    return [(each["party"], each["event"]) for each in vcon["dialog"][dialog]["party_history"]]


def test_a_recorded_call_goes_out_whole(scene: Scene) -> None:
    take = recorded_call(scene)
    result = exported(scene)
    ada = next(party for party in result.vcon["parties"] if party["role"] == "customer")
    assert (ada["tel"], ada["name"]) == (f"tel:{ADA_TEL}", ADA_NAME)
    whole, *recordings = result.vcon["dialog"]
    assert whole["type"] == "recording-set"
    assert whole["recordings"] == [1]
    sound = recordings[0]
    assert (sound["mediatype"], sound["duration"], sound["parties"]) == ("audio/x-wav", 2.0, [0])
    body = urlsafe_b64decode(sound["body"] + "==")
    assert body[:4] == b"RIFF"
    assert result.takes == (take.id,)
    assert [use.act for use in uses.of_holdings(scene.tx, [take.id])] == [UseAct.EXPORT]


def test_the_bases_go_with_it_refusals_too(scene: Scene) -> None:
    scene.answer("p-ada", scene.disputes, Answer.REFUSED)
    recorded_call(scene)
    vcon = exported(scene).vcon
    ada, agent = vcon["attachments"]
    assert (ada["party"], agent["party"]) == (0, 1)
    grants = {each["purpose"]: each["granted"] for each in ada["body"]["purpose_grants"]}
    assert grants == {"training": True, "disputes": False}
    assert ada["body"]["lawful_basis"] == "consent"
    assert agent["body"]["lawful_basis"] == "legitimate_interests"
    history = ada["body"]["metadata"]["purposes"][0]["history"]
    assert [each["answer"] for each in history] == ["granted"]
    assert history[0]["notice_version"] == 1
    assert history[0]["notice_hash"].startswith("sha256-")
    assert history[0]["language"] == "en"


def unrecorded(scene: Scene, answer: Answer) -> SubjectId:
    """Ada answered, and no sound of hers was kept. Who she is."""
    scene.answer("p-ada", scene.training, answer)
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    return next(party.subject for party in calls.parties(scene.tx, scene.call) if party.id == scene.party("p-ada"))


def said(scene: Scene, kind: str) -> list[Any]:
    rows = scene.tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY appended", (kind,)).fetchall()
    return [json.loads(row["leaf"]) for row in rows]


def asked_of_the_call(scene: Scene) -> list[StoredVerdict]:
    """The verdicts on letting the call itself out."""
    return [each for each in policy.of_call(scene.tx, scene.call) if each.act is Act.EXPORT and each.holding is None]


@pytest.mark.parametrize("by", [SUPERVISOR, DPO])
def test_where_she_refused_nothing_of_the_call_leaves_and_the_no_is_on_record(scene: Scene, by: Actor) -> None:
    unrecorded(scene, Answer.REFUSED)
    result = exported(scene, by=by)
    assert isinstance(result, Refused)
    asked = asked_of_the_call(scene)
    assert [(each.verdict.outcome, each.by, each.purpose) for each in asked] == [(Outcome.UNLAWFUL, by, scene.training.id)]
    assert not said(scene, "recordings.vcon_exported")


def test_where_nothing_was_recorded_the_call_is_told_without_names(scene: Scene) -> None:
    unrecorded(scene, Answer.GRANTED)
    vcon = exported(scene).vcon
    [whole] = vcon["dialog"]
    assert (whole["type"], whole["recordings"], "disposition" in whole) == ("recording-set", [], False)
    assert ADA_TEL not in json.dumps(vcon)
    assert ADA_NAME not in json.dumps(vcon)
    assert sorted(events(vcon)) == [(0, "drop"), (0, "join"), (1, "drop"), (1, "join")]


def test_without_takes_a_reason_is_still_needed(scene: Scene) -> None:
    unrecorded(scene, Answer.GRANTED)
    assert exported(scene, reason=None).verdict.outcome is Outcome.NOT_RIGHT


@pytest.mark.parametrize("answer", [Answer.GRANTED, Answer.REFUSED])
@pytest.mark.parametrize("role", [Role.DPO, Role.SUBJECT, Role.SYSTEM])
def test_her_own_request_names_her_whatever_she_said(scene: Scene, answer: Answer, role: Role) -> None:
    ada = unrecorded(scene, answer)
    vcon = exported(scene, by=Actor(id=DPO.id, role=role), of=ada, reason=None, case=None).vcon
    assert (vcon["parties"][0]["tel"], vcon["parties"][0]["name"]) == (f"tel:{ADA_TEL}", ADA_NAME)
    assert "sip" not in vcon["parties"][1]


def test_a_supervisor_cannot_claim_to_answer_her(scene: Scene) -> None:
    ada = unrecorded(scene, Answer.REFUSED)
    assert isinstance(exported(scene, of=ada), Refused)


def test_what_a_supervisor_claims_names_nobody_where_the_call_may_leave_anyway(scene: Scene) -> None:
    result = exported(scene, of=unrecorded(scene, Answer.GRANTED))
    assert ADA_TEL not in json.dumps(result.vcon)
    assert ADA_NAME not in json.dumps(result.vcon)


def test_of_someone_who_was_not_in_the_call_there_is_nothing(scene: Scene) -> None:
    recorded_call(scene)
    with pytest.raises(NotFound):
        exported(scene, by=DPO, of=SubjectId(new_id()))


def test_a_call_that_nobody_but_the_controllers_own_was_in_stays(scene: Scene) -> None:
    alone = replace(scene.arrival, session="session-2", parties=(SEVEN,), streams=(stream("2", "p-seven"),))
    call = actions.arrive(scene.tx, scene.tools, alone, recorder=RecorderId(new_id())).session.call
    result = export(scene.tx, scene.tools, scene.objects, PyAvAudio(), call=call, by=DPO, reason="coaching an agent", case="T-1")
    assert isinstance(result, Refused)
    assert result.verdict.outcome is Outcome.CANNOT_TELL


def test_after_the_term_a_call_without_takes_stays(scene: Scene) -> None:
    unrecorded(scene, Answer.GRANTED)
    scene.clock.at += timedelta(days=scene.training.term_days)
    assert isinstance(exported(scene), Exported)
    scene.clock.at += timedelta(days=1)
    assert exported(scene).verdict.outcome is Outcome.UNLAWFUL


def test_the_ledger_says_by_which_verdict_it_left(scene: Scene) -> None:
    take = recorded_call(scene)
    result = exported(scene)
    assert [each.id for each in asked_of_the_call(scene)] == [result.verdict]
    (statement,) = said(scene, "recordings.vcon_exported")
    assert (statement["verdict"], statement["takes"]) == (str(result.verdict), [str(take.id)])


def test_pauses_and_holds_are_in_the_history(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    actions.pause(scene.tx, scene.tools, scene.call, by=SUPERVISOR, reason=PauseReason.CARD_DATA)
    scene.later()
    actions.resume(scene.tx, scene.tools, scene.call, by=SUPERVISOR)
    scene.later()
    scene.amend(streams=(stream("1", "p-ada", Direction.HELD), stream("2", "p-seven")))
    scene.later()
    scene.amend(streams=(stream("1", "p-ada"), stream("2", "p-seven")))
    scene.later()
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    told = events(exported(scene).vcon)
    for event in ("mute", "unmute"):
        assert [each for each in told if each[1] == event] == [(0, event), (1, event)]
    assert [each for each in told if "hold" in each[1]] == [(0, "hold"), (0, "unhold")]


def test_two_pauses_mute_once_until_both_have_ended(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    for reason in (PauseReason.VULNERABLE, PauseReason.CARD_DATA):
        actions.pause(scene.tx, scene.tools, scene.call, by=SUPERVISOR, reason=reason)
        scene.later()
    actions.resume(scene.tx, scene.tools, scene.call, by=SUPERVISOR, reason=PauseReason.CARD_DATA)
    scene.later()
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    assert [each for each in events(exported(scene).vcon) if "mute" in each[1]] == [(0, "mute"), (1, "mute")]


def test_after_a_pause_and_a_withdrawal_what_serves_another_yes_goes_out_and_says_so(scene: Scene) -> None:
    for purpose in (scene.training, scene.disputes):
        scene.answer("p-ada", purpose, Answer.GRANTED)
    scene.settle()
    scene.recorder.hear(scene.stream("1"), 0, rtp(0))
    actions.pause(scene.tx, scene.tools, scene.call, by=SUPERVISOR, reason=PauseReason.CARD_DATA)
    scene.settle()
    scene.later()
    actions.resume(scene.tx, scene.tools, scene.call, by=SUPERVISOR)
    scene.settle()
    scene.recorder.hear(scene.stream("1"), 1000, rtp(50))
    scene.later()
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    scene.settle()
    scene.recorder.hear(scene.stream("1"), 2000, rtp(100))
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    vcon = exported(scene).vcon
    assert len(vcon["dialog"]) > 2
    ada = vcon["attachments"][0]["body"]
    assert {each["purpose"]: each["granted"] for each in ada["purpose_grants"]} == {"training": False, "disputes": True}
    answers = {each["purpose"]: [answer["answer"] for answer in each["history"]] for each in ada["metadata"]["purposes"]}
    assert answers == {"training": ["granted", "withdrawn"], "disputes": ["granted"]}
    assert {event for _, event in events(vcon)} == {"join", "drop", "mute", "unmute"}


def test_after_a_withdrawal_nothing_goes_out(scene: Scene) -> None:
    recorded_call(scene)
    scene.answer("p-ada", scene.training, Answer.WITHDRAWN)
    result = exported(scene)
    assert isinstance(result, Refused)


def test_who_may_not_use_it_may_not_export_it(scene: Scene) -> None:
    take = recorded_call(scene)
    assert isinstance(exported(scene, by=Actor(id=SUPERVISOR.id, role=Role.AGENT)), Refused)
    assert uses.of_holdings(scene.tx, [take.id]) == []


@pytest.mark.parametrize("missing", [{"reason": None}, {"case": None}, {"reason": " "}, {"case": ""}])
def test_without_a_reason_and_a_case_nothing_goes_out(scene: Scene, missing: dict[str, Any]) -> None:
    take = recorded_call(scene)
    result = exported(scene, **missing)
    assert isinstance(result, Refused)
    assert result.verdict.outcome is Outcome.NOT_RIGHT
    assert [reason.rule for reason in result.verdict.reasons] == ["house.listening_needs_a_reason"]
    assert uses.of_holdings(scene.tx, [take.id]) == []


def test_a_persons_own_copy_holds_their_own_words(scene: Scene) -> None:
    scene.answer("p-ada", scene.training, Answer.GRANTED)
    scene.settle()
    for number in range(10):
        scene.recorder.hear(scene.stream("1"), 20 * number, rtp(number))
        scene.recorder.hear(scene.stream("2"), 20 * number, rtp(number))
    actions.end(scene.tx, scene.tools, scene.call, EndReason.HUNG_UP)
    scene.recorder.finish_all(scene.tx)
    ada = next(party for party in calls.parties(scene.tx, scene.call) if party.id == scene.party("p-ada"))
    result = exported(scene, by=Actor(id=ada.subject, role=Role.SUBJECT), of=ada.subject, reason=None, case=None)
    assert [each["parties"] for each in result.vcon["dialog"][1:]] == [[0]]
    assert "sip" not in result.vcon["parties"][1]
    assert len(result.left_out) == 1


def test_a_signed_vcon_is_believed_from_whom_it_is_trusted(scene: Scene) -> None:
    recorded_call(scene)
    vcon, ours = exported(scene).vcon, signer()
    signed = sign(vcon, ours)
    assert verify(signed, ours.chain, MONDAY).vcon == vcon
    with pytest.raises(Tampered):
        verify(signed, signer().chain, MONDAY)
    with pytest.raises(Tampered):
        verify(signed, ours.chain, MONDAY + timedelta(days=4000))


@given(st.sampled_from(["payload", "protected", "signature"]), st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_a_signed_vcon_that_was_changed_anywhere_is_not_believed(part: str, place: int) -> None:
    ours = signer()
    signed: Any = sign({"uuid": "x", "parties": []}, ours)
    holder = signed if part == "payload" else signed["signatures"][0]
    at = place % (len(holder[part]) - 1)
    other = "A" if holder[part][at] != "A" else "B"
    holder[part] = holder[part][:at] + other + holder[part][at + 1 :]
    with pytest.raises((Tampered, Malformed)):
        verify(signed, ours.chain, MONDAY)


@pytest.mark.parametrize(
    "document", [None, [], {}, {"signatures": []}, {"signatures": [{}], "payload": "e30"}, {"signatures": [None]}]
)
def test_what_is_not_signed_is_said(document: Any) -> None:
    with pytest.raises((Malformed, Tampered)):
        verify(document, signer().chain, MONDAY)


def authority() -> tuple[VconSigner, x509.Certificate]:
    """A signer whose certificate an authority issued, and the authority's own."""
    root_key = rsa.generate_private_key(65537, 2048)
    key_pem, own = new_signer("leaf", MONDAY)
    leaf_key = signer_from(key_pem, own).key

    def issue(subject: str, key: Any, ca: bool) -> x509.Certificate:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
        root = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "root")])
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(root)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(MONDAY - timedelta(days=1))
            .not_valid_after(MONDAY + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(root_key, hashes.SHA256())
        )

    return VconSigner(key=leaf_key, chain=(issue("leaf", leaf_key, False),)), issue("root", root_key, True)


def test_an_authority_vouches_for_its_own() -> None:
    issued, root = authority()
    assert verify(sign({"a": 1}, issued), [root], MONDAY).vcon == {"a": 1}
    with pytest.raises(Tampered):
        verify(sign({"a": 1}, issued), [authority()[1]], MONDAY)


def issued(
    by: Any, name: str, *, ca: bool = False, depth: int | None = None, use: bool | None = None
) -> tuple[Any, x509.Certificate]:
    """A key and its certificate; `by` another such pair, or None where it signs its own. `use`: whether it may sign others'."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if by is None else by[1].subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(MONDAY - timedelta(days=1))
        .not_valid_after(MONDAY + timedelta(days=30))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=depth), critical=True)
    )
    if use is not None:
        usage = dict.fromkeys(("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign"), False)
        more = {"digital_signature": True, "encipher_only": False, "decipher_only": False}
        builder = builder.add_extension(x509.KeyUsage(key_cert_sign=use, **usage, **more), critical=True)
    return key, builder.sign(key if by is None else by[0], hashes.SHA256())


@pytest.mark.parametrize(
    ("root", "middle", "is_believed"),
    [
        ({}, {"ca": True}, True),
        ({"depth": 1}, {"ca": True, "depth": 0, "use": True}, True),
        ({"depth": 0}, {"ca": True}, False),
        ({}, {"ca": False}, False),
        ({}, {"ca": True, "use": False}, False),
        ({"use": False}, {"ca": True}, False),
    ],
)
def test_an_authority_issues_only_as_far_as_its_certificate_says(
    root: dict[str, Any], middle: dict[str, Any], is_believed: bool
) -> None:
    top = issued(None, "root", ca=True, **root)
    between = issued(top, "between", **middle)
    key, leaf = issued(between, "leaf")
    signed = sign({"a": 1}, VconSigner(key=key, chain=(leaf, between[1])))
    if is_believed:
        assert verify(signed, [top[1]], MONDAY).by == leaf
    else:
        with pytest.raises(Tampered):
            verify(signed, [top[1]], MONDAY)
    assert verify(signed, [leaf], MONDAY).by == leaf


def test_a_leaf_certificate_vouches_for_nobody() -> None:
    ours = signer()
    other = signer()
    forged = VconSigner(key=other.key, chain=(other.chain[0], ours.chain[0]))
    with pytest.raises(Tampered):
        verify(sign({"a": 1}, forged), ours.chain, MONDAY)


def own_certificate(key: rsa.RSAPrivateKey) -> x509.Certificate:
    """That this key signed itself."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stranger")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(MONDAY)
        .not_valid_after(MONDAY + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )


def test_an_encrypted_vcon_opens_for_its_recipient_alone(scene: Scene) -> None:
    recorded_call(scene, packets=1000)
    signed = sign(exported(scene).vcon, signer())
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    pems = [key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) for key in keys]
    certificate = own_certificate(keys[0])
    sealed: Any = encrypt(signed, certificate)
    header = json.loads(urlsafe_b64decode(sealed["protected"] + "=="))
    assert (header["enc"], header["cty"]) == ("A256CBC-HS512", "application/vcon")
    assert decrypt(sealed, pems[0]) == signed
    with pytest.raises(Tampered):
        decrypt(sealed, pems[1])
    with pytest.raises(Malformed):
        encrypt(signed, signer().chain[0])


def test_a_signer_is_checked_before_it_signs() -> None:
    (key, certificate), (_, other) = new_signer("a", MONDAY), new_signer("b", MONDAY)
    assert signer_from(key, certificate).chain
    for wrong in ((key, other), (b"", certificate), (key, b"")):
        with pytest.raises(NotConfigured):
            signer_from(*wrong)


def test_our_own_export_is_read_back_with_its_bases(scene: Scene) -> None:
    scene.answer("p-ada", scene.disputes, Answer.REFUSED)
    recorded_call(scene)
    vcon, ours = exported(scene).vcon, signer()
    read = read_vcon(verify(sign(vcon, ours), ours.chain, MONDAY).vcon, signed_by=VOUCHER)
    assert read.may_serve(0, "training", scene.clock.at)
    assert not read.may_serve(0, "disputes", scene.clock.at)
    assert not read.may_serve(0, "marketing", scene.clock.at)
    assert not read.may_serve(0, "training", scene.clock.at + timedelta(days=40))
    assert all(read.may_serve(party, "training", scene.clock.at) for party in read.dialogs[1].parties)
    assert not read_vcon(vcon, signed_by=None).may_serve(0, "training", scene.clock.at)
    assert "▒" in repr(read.parties[0])


def plain(**changed: Any) -> Any:
    grant = {"purpose": "training", "granted": True, "granted_at": "2026-11-01T00:00:00Z", "conditions": []}
    basis = {"lawful_basis": "consent", "expiration": "2026-12-31T00:00:00Z", "purpose_grants": [grant]}
    attachment = {"type": "lawful_basis", "start": "2026-11-01T00:00:00Z", "party": 0, "dialog": 0, "encoding": "json"}
    return {
        "uuid": "01900000-0000-8000-8000-000000000000",
        "created_at": "2026-11-01T00:00:00Z",
        "parties": [{"tel": "tel:+4532123456"}, {"name": "Seven"}],
        "dialog": [{"type": "recording", "start": "2026-11-01T00:00:00Z", "parties": [0, [1, None]]}],
        "attachments": [{**attachment, "body": basis}],
        **changed,
    }


def test_a_string_body_and_the_stricter_of_two_grants_are_read() -> None:
    document = plain()
    document["attachments"][0]["body"] = json.dumps(document["attachments"][0]["body"])
    assert read_vcon(document, signed_by=VOUCHER).may_serve(0, "training", MONDAY)
    second = copy.deepcopy(document["attachments"][0])
    second["body"] = second["body"].replace("true", "false")
    document["attachments"].append(second)
    assert not read_vcon(document, signed_by=VOUCHER).may_serve(0, "training", MONDAY)


def test_a_grant_under_conditions_allows_nothing() -> None:
    document = plain()
    document["attachments"][0]["body"]["purpose_grants"][0]["conditions"] = ["only on Mondays"]
    assert not read_vcon(document, signed_by=VOUCHER).may_serve(0, "training", MONDAY)


def hashed(by: str, **more: Any) -> Any:
    """A lawful basis with the hash of itself."""
    document = plain()
    body = document["attachments"][0]["body"]
    kinds: dict[str, Any] = {
        "sha-256": hashlib.sha256,
        "sha-3-256": hashlib.sha3_256,
        "blake2b-256": partial(hashlib.blake2b, digest_size=32),
    }
    value = kinds[by](rfc8785.dumps(body)).hexdigest()
    body["content_hash"] = {"algorithm": by, "canonicalization": "jcs", "value": value} | more
    return document


@pytest.mark.parametrize("algorithm", ["sha-256", "sha-3-256", "blake2b-256"])
def test_a_lawful_basis_may_carry_its_own_hash(algorithm: str) -> None:
    document = hashed(algorithm)
    assert read_vcon(document, signed_by=VOUCHER).may_serve(0, "training", MONDAY)
    document["attachments"][0]["body"]["expiration"] = None
    with pytest.raises(Tampered):
        read_vcon(document, signed_by=VOUCHER)


@pytest.mark.parametrize("changed", [{"algorithm": "md5"}, {"canonicalization": "none"}])
def test_a_hash_of_another_kind_is_malformed(changed: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        read_vcon(hashed("sha-256", **changed), signed_by=VOUCHER)


@pytest.mark.parametrize("interval", ["P30D", "30", "-1d", 30, ""])
def test_an_interval_that_cannot_be_read_is_malformed(interval: Any) -> None:
    document = plain()
    document["attachments"][0]["body"]["status_interval"] = interval
    with pytest.raises(Malformed):
        read_vcon(document, signed_by=VOUCHER)


def test_a_dialog_serves_what_everyone_in_it_allows() -> None:
    read = read_vcon(plain(), signed_by=VOUCHER)
    assert read.dialogs[0].parties == (0, 1)
    assert {grant.purpose for grant in read.grants} == {"training"}
    assert [read.may_serve(party, "training", MONDAY) for party in (0, 1)] == [True, False]


JOINED_OFTEN: dict[str, Any] = {
    "type": "incomplete",
    "start": "2026-11-01T00:00:00Z",
    "party_history": [{"party": 0, "time": "2026-11-01T00:00:00Z", "event": "join"}],
}


@pytest.mark.parametrize(
    "changed",
    [
        {"uuid": "x"},
        {"created_at": "yesterday"},
        {"created_at": "2026-11-01T00:00:00"},
        {"critical": ["something-else"]},
        {"parties": {}},
        {"dialog": [{"type": "dream", "start": "2026-11-01T00:00:00Z"}]},
        {"dialog": [{"type": "recording", "start": "2026-11-01T00:00:00Z", "parties": [2]}]},
        {"dialog": [{"type": "recording", "start": "2026-11-01T00:00:00Z", "parties": [-1]}]},
        {"dialog": []},
        {"redacted": {}, "amended": {}},
        {"parties": [{}] * 101},
        {"dialog": [{"type": "incomplete", "start": "2026-11-01T00:00:00Z"}] * 1001},
        {"dialog": [{**JOINED_OFTEN, "party_history": JOINED_OFTEN["party_history"] * 10_001}]},
        {"dialog": [{**JOINED_OFTEN, "party_history": [{"party": 2, "time": "2026-11-01T00:00:00Z", "event": "join"}]}]},
        {"dialog": [{**JOINED_OFTEN, "party_history": [{"party": 0, "time": "then", "event": "join"}]}]},
        {"dialog": [{**JOINED_OFTEN, "party_history": "often"}]},
    ],
)
def test_a_vcon_that_makes_no_sense_is_malformed(changed: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        read_vcon(plain(**changed), signed_by=VOUCHER)


def test_content_that_does_not_match_its_hash_is_tampered() -> None:
    dialog = {
        "type": "text",
        "start": "2026-11-01T00:00:00Z",
        "parties": 0,
        "mediatype": "text/plain",
        "body": "aGk",
        "encoding": "base64url",
    }
    assert read_vcon(plain(dialog=[dialog]), signed_by=VOUCHER).dialogs[0].body == b"hi"
    with pytest.raises(Tampered):
        read_vcon(plain(dialog=[{**dialog, "content_hash": "sha512-" + "A" * 86}]), signed_by=VOUCHER)


JUNK: Any = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.just("2026-11-01T00:00:00Z"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["uuid", "created_at", "parties", "dialog", "attachments", "type", "start", "party", "body"]), inner
        )
    ),
    max_leaves=12,
)


@given(JUNK, st.sampled_from(["parties", "dialog", "attachments", "critical", "uuid"]))
@settings(max_examples=150, deadline=None)
def test_any_json_is_a_vcon_or_is_refused(junk: Any, place: str) -> None:
    for document in (junk, plain(**{place: junk}), plain(**{place: [junk]})):
        try:
            read_vcon(document, signed_by=VOUCHER)
        except (Malformed, Tampered):
            continue


VOUCHER = bytes(32)
READER = rsa.generate_private_key(65537, 2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
WHOLE = json.loads((vcon_schema.FOLDER / "whole.json").read_text())
OTHERS: tuple[Any, ...] = (None, True, -1, 1.5, "another", [], [-1], {"another": 1})


def places(document: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value of a document, but not into a lawful basis's free `proof_data`."""
    for key, value in document.items() if isinstance(document, dict) else enumerate(document):
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


def changed(path: tuple[Any, ...], value: Any) -> Any:
    document = copy.deepcopy(WHOLE)
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = value
    return document


def kind_of(value: Any) -> str:
    kinds = {"bool": "boolean", "int": "number", "float": "number", "list": "array", "dict": "object", "NoneType": "null"}
    return kinds.get(type(value).__name__, "string")


def test_a_whole_vcon_is_valid() -> None:
    vcon_schema.check(WHOLE)


@pytest.mark.parametrize("path", list(places(WHOLE)), ids=lambda path: ".".join(map(str, path)))
def test_each_value_has_its_kind(path: tuple[Any, ...]) -> None:
    """A value of another kind is refused at every place, save where the draft lets several kinds or anything in."""
    value: Any = WHOLE
    for step in path:
        value = value[step]
    taken = {kind_of(other) for other in OTHERS if vcon_schema.is_valid(changed(path, other))}
    several = {
        "parties": {"null", "number", "array"},
        "session_id": {"object", "array"},
        "dialog": {"number", "array"},
        "body": {"null", "boolean", "number", "string", "array", "object"},
        "proof_data": {"null", "boolean", "number", "string", "array", "object"},
    }
    named = next((step for step in reversed(path) if isinstance(step, str)), "")
    loose = several.get(named, {"number", "array"} if named in REFERENCES else set())
    assert taken <= {kind_of(value)} | loose


REFERENCES = ("transfer_target", "original", "consultation", "target_dialog", "attachment", "content_hash")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("vcon",), "0.0.1"),
        (("uuid",), "01900000-0000-7000-8000-000000000000"),
        (("created_at",), "yesterday"),
        (("created_at",), "2026-02-31T10:00:00Z"),
        (("redacted", "url"), "http://vcons.example/1"),
        (("parties", 0, "type"), "ghost"),
        (("dialog", 0, "type"), "dream"),
        (("dialog", 0, "duration"), -0.5),
        (("dialog", 0, "party_history", 1, "event"), "dtmfdown"),
        (("dialog", 1, "encoding"), "base64"),
        (("dialog", 1, "body"), "UklG Rg=="),
        (("dialog", 4, "disposition"), "withheld"),
        (("attachments", 0, "body", "lawful_basis"), "because"),
        (("amended",), {}),
        (("mood",), "good"),
    ],
)
def test_the_schema_says_no(path: tuple[Any, ...], value: Any) -> None:
    assert not vcon_schema.is_valid(changed(path, value))


@pytest.mark.parametrize(
    "path",
    [
        ("uuid",),
        ("created_at",),
        ("redacted", "type"),
        ("dialog", 0, "type"),
        ("dialog", 0, "start"),
        ("dialog", 0, "recordings"),
        ("dialog", 0, "party_history", 0, "party"),
        ("dialog", 0, "party_history", 0, "time"),
        ("dialog", 0, "party_history", 1, "event"),
        ("dialog", 0, "party_history", 1, "button"),
        ("dialog", 1, "encoding"),
        ("dialog", 1, "mediatype"),
        ("dialog", 2, "content_hash"),
        ("dialog", 4, "disposition"),
        ("analysis", 0, "type"),
        ("analysis", 0, "vendor"),
        ("attachments", 0, "start"),
        ("attachments", 0, "party"),
        ("attachments", 0, "dialog"),
        ("attachments", 0, "body", "expiration"),
        ("attachments", 0, "body", "purpose_grants"),
    ],
    ids=lambda path: ".".join(map(str, path)),
)
def test_what_is_required_may_not_be_missing(path: tuple[Any, ...]) -> None:
    document = copy.deepcopy(WHOLE)
    parent = document
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    assert not vcon_schema.is_valid(document)


def test_a_stranger_reads_our_signature_and_our_encryption() -> None:
    """By a library that is not ours: jwcrypto."""
    ours, key = signer(), rsa.generate_private_key(65537, 2048)
    signed = sign(WHOLE, ours)
    theirs = jws.JWS()
    theirs.deserialize(json.dumps(signed), jwk.JWK.from_pyca(ours.chain[0].public_key()), "ES256")
    assert json.loads(theirs.payload) == WHOLE
    sealed = jwe.JWE()
    sealed.deserialize(json.dumps(encrypt(signed, own_certificate(key))), jwk.JWK.from_pyca(key))
    assert json.loads(sealed.payload) == signed


@pytest.mark.parametrize("form", ["alg in the open header", "no chain", "gzip"])
def test_we_read_what_a_stranger_signed(form: str) -> None:
    key = rsa.generate_private_key(65537, 2048)
    certificate, payload = own_certificate(key), json.dumps(WHOLE).encode()
    header: dict[str, Any] = {"uuid": WHOLE["uuid"]}
    if form != "no chain":
        header["x5c"] = [base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()]
    theirs = jws.JWS(gzip.compress(payload) if form == "gzip" else payload)
    opened = form == "alg in the open header"
    protected = None if opened else json.dumps({"alg": "RS256"})
    theirs.add_signature(jwk.JWK.from_pyca(key), "RS256", protected, json.dumps(header | ({"alg": "RS256"} if opened else {})))
    signed = json.loads(theirs.serialize())
    signed = {"payload": signed.pop("payload"), "signatures": [signed]}
    read = verify(signed, [certificate], MONDAY)
    assert (read.vcon, read.by) == (WHOLE, certificate)
    assert payload_of(signed) == WHOLE
    with pytest.raises(Tampered):
        verify(signed, signer().chain, MONDAY)


OAEP, CBC = {"alg": "RSA-OAEP"}, {"enc": "A256CBC-HS512"}


def strangers(protected: Any, key: rsa.RSAPrivateKey, header: Any = None, plain: bytes = b"{}", **more: Any) -> Any:
    """Encrypted by a library that is not ours, for one recipient; with `recipients`, as the draft has it."""
    theirs = jwe.JWE(plain, json.dumps(protected), **more)
    theirs.add_recipient(jwk.JWK.from_pyca(key), None if header is None else json.dumps(header))
    sealed = json.loads(theirs.serialize())
    recipient = {name: sealed.pop(name) for name in ("header", "encrypted_key") if name in sealed}
    return {**sealed, "recipients": [recipient]}


@pytest.fixture(scope="module")
def reader() -> tuple[rsa.RSAPrivateKey, bytes]:
    key = rsa.generate_private_key(65537, 2048)
    return key, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def test_we_read_what_a_stranger_encrypted(reader: tuple[rsa.RSAPrivateKey, bytes]) -> None:
    """The header is not spelt as we spell it, and may be in several places."""
    key, pem = reader
    signed = json.dumps(sign(WHOLE, signer())).encode()
    assert decrypt(strangers(CBC | {"cty": "application/vcon"}, key, OAEP, signed), pem) == json.loads(signed)
    assert decrypt(strangers(CBC | OAEP, key, None, signed), pem) == json.loads(signed)
    assert decrypt(strangers(CBC | OAEP, key, None, gzip.compress(signed)), pem) == json.loads(signed)
    assert decrypt(strangers(CBC, key, OAEP, signed, aad=b"more"), pem) == json.loads(signed)
    flattened: Any = strangers(CBC, key, OAEP, signed)
    assert decrypt({**flattened, **flattened.pop("recipients")[0]}, pem) == json.loads(signed)
    two: Any = strangers(CBC, key, OAEP, signed)
    other = strangers(CBC, rsa.generate_private_key(65537, 2048), OAEP)
    assert decrypt({**two, "recipients": [*other["recipients"], *two["recipients"]]}, pem) == json.loads(signed)


@pytest.mark.parametrize("part", ["protected", "iv", "ciphertext", "tag", "encrypted_key", "aad"])
def test_an_encrypted_vcon_that_was_changed_anywhere_does_not_open(reader: tuple[rsa.RSAPrivateKey, bytes], part: str) -> None:
    key, pem = reader
    sealed: Any = strangers(CBC | {"cty": "application/vcon"}, key, OAEP)
    if part == "aad":
        sealed["aad"] = "bW9yZQ"
    elif part == "protected":
        sealed["protected"] = base64.urlsafe_b64encode(json.dumps(CBC).encode()).decode().rstrip("=")
    else:
        holder = sealed["recipients"][0] if part == "encrypted_key" else sealed
        holder[part] = ("A" if holder[part][0] != "A" else "B") + holder[part][1:]
    with pytest.raises(Tampered):
        decrypt(sealed, pem)


@pytest.mark.parametrize(
    ("protected", "header"),
    [
        ({"enc": "A256GCM"}, OAEP),
        (CBC, {"alg": "RSA1_5"}),
        (CBC | {"zip": "DEF"}, OAEP),
        (CBC | {"crit": ["exp"], "exp": 1}, OAEP),
        (CBC | OAEP, OAEP),
        ({}, {}),
    ],
)
def test_other_algorithms_and_doubled_headers_open_nothing(
    reader: tuple[rsa.RSAPrivateKey, bytes], protected: dict[str, Any], header: dict[str, Any]
) -> None:
    key, pem = reader
    sealed: Any = strangers(CBC, key, OAEP)
    sealed["protected"] = base64.urlsafe_b64encode(json.dumps(protected).encode()).decode().rstrip("=")
    sealed["recipients"][0]["header"] = header
    with pytest.raises(Tampered):
        decrypt(sealed, pem)


@given(JUNK | st.dictionaries(st.sampled_from(["protected", "iv", "ciphertext", "tag", "recipients", "aad"]), JUNK))
@settings(max_examples=150, deadline=None)
def test_any_json_opens_or_is_refused(junk: Any) -> None:
    for document in (junk, {"ciphertext": "AAAA", "recipients": junk}, {"ciphertext": "AAAA", "recipients": [junk]}):
        with pytest.raises((Malformed, Tampered)):
            decrypt(document, READER)


def test_a_key_that_opens_nothing_is_said() -> None:
    sealed = strangers(CBC, rsa.generate_private_key(65537, 2048), OAEP)
    for pem in (b"", b"no key", new_signer("a", MONDAY)[0]):
        with pytest.raises(NotConfigured):
            decrypt(sealed, pem)


def test_a_header_that_names_another_vcon_is_not_believed() -> None:
    ours = signer()
    signed: Any = sign(WHOLE, ours)
    signed["signatures"][0]["header"]["uuid"] = "01900000-0000-8000-8000-00000000000f"
    with pytest.raises(Tampered):
        verify(signed, ours.chain, MONDAY)


def test_certificates_are_where_the_draft_has_them() -> None:
    ours = signer()
    signed: Any = sign(WHOLE, ours)
    (signature,) = signed["signatures"]
    assert signature["header"]["x5c"] == [base64.b64encode(ours.chain[0].public_bytes(Encoding.DER)).decode()]
    assert signature["header"]["uuid"] == WHOLE["uuid"]
    assert json.loads(base64.urlsafe_b64decode(signature["protected"] + "==")) == {"alg": "ES256", "cty": "application/vcon"}


@pytest.mark.parametrize(
    "payload", [b"\x1f\x8b" + bytes(20), gzip.compress(b"{}", mtime=0)[:-6], gzip.compress(b"{", mtime=0), b"{", b""]
)
def test_a_payload_that_is_no_json_is_malformed(payload: bytes) -> None:
    signed: Any = {"payload": base64.urlsafe_b64encode(payload).decode().rstrip("="), "signatures": [{}]}
    with pytest.raises(Malformed):
        payload_of(signed)


def test_what_another_library_made_is_read() -> None:
    """vcons that the Python library `vcon` 0.10.0 made: see provenance.json beside them."""
    key = x509.load_pem_x509_certificate((vcon_schema.FOLDER / "peer-certificate.pem").read_bytes())
    signed = json.loads((vcon_schema.FOLDER / "peer-signed.json").read_text())
    inside = verify(signed, [key], datetime(2026, 12, 1, tzinfo=UTC)).vcon
    plain = json.loads((vcon_schema.FOLDER / "peer-plain.json").read_text())
    for document in (inside, plain):
        read = read_vcon(document, signed_by=VOUCHER)
        assert (read.dialogs[0].body, read.dialogs[0].parties) == (b"hello", (0, 1))
        assert read.may_serve(0, "training", MONDAY)
        assert not read.may_serve(1, "training", MONDAY)
