"""One call, from ring to proof, on a whole Rightcall. Reads like docs/life-of-a-call.md, chapter by chapter."""

import base64
import json
from typing import Any

import pytest

from rightcall.evidence.model import Refuted, Verified
from rightcall.evidence.verify import verify
from rightcall.testcall.desk import Declined
from tests import vcon_schema
from tests.cast import ADA_NAME, ADA_TEL, PLANTED_CARD
from tests.journeys.deployment import Deployment, eventually, patiently
from tests.journeys.line import (
    PROOF,
    TRAINING,
    WHY,
    Line,
    audio,
    frames_in,
    instant,
    noise,
    packets_between,
    takes_of,
    timeline_at,
)

MOST = 0.9  # of the frames of a stretch: a loaded machine may lose a datagram


@pytest.fixture(scope="module")
def ledger_key(deployment: Deployment) -> str:
    """As the company publishes it."""
    return deployment.command("ledger", "key").strip()


def test_from_ring_to_proof(deployment: Deployment, ledger_key: str) -> None:
    before = deployment.kept_files()
    said = {name: noise(1.0) for name in ("unasked", "training", "paused", "resumed", "both", "proof")}

    # 1. It rings: nothing is recorded
    line = Line(deployment, ADA_TEL, name=ADA_NAME)
    line.say(said["unasked"])
    assert line.state()["state"]["waiting_for"] == "a_yes"
    assert not deployment.appeared_since(before), "a byte was kept before anybody was asked"

    # 2. They are asked   3. They answer: yes to one purpose, no to the other, each by a key
    line.ask(TRAINING)
    line.key("1")
    line.wait_for_answer(TRAINING, "granted")
    line.ask(PROOF)
    line.key("4")
    line.wait_for_answer(PROOF, "refused")

    # 4. A verdict opens a gate
    eventually(lambda: line.state()["state"]["waiting_for"] is None, 5.0, "the gate opens")
    line.say(said["training"])

    # 5. In mid-call: a pause that holds, a further yes, a withdrawal
    paused = line.desk.pause("card_data")
    line.say(said["paused"])
    line.key(PLANTED_CARD)
    line.desk.resume()
    line.say(said["resumed"])
    line.choose(PROOF, "granted")
    line.say(said["both"])
    withdrawn = line.choose(TRAINING, "withdrawn")
    line.say(said["proof"])

    # 6. It ends
    line.hang_up()
    state = line.finished()
    assert state["state"]["outcome"] == "ended"
    _the_pause_held(state, paused)
    _each_take_serves_what_was_agreed(deployment, state, withdrawn)
    _the_timeline_says_it(state)

    # 7. Who may hear it
    heard = _the_sound_is_what_was_sent(deployment, state, said)
    _nobody_listens_without_a_reason(deployment, heard)
    _what_was_withdrawn_is_dark(deployment, state)
    _it_goes_out_as_a_vcon(deployment, state, said["proof"])
    receipts = _each_choice_has_a_receipt(deployment, state, ledger_key)

    # 8. It goes   9. The proof
    _she_is_erased(deployment, state, set(deployment.kept_files()) - set(before))
    _it_is_certified(deployment, state, ledger_key)
    _receipts_of_before_still_prove(receipts, ledger_key)


def _the_pause_held(state: dict[str, Any], paused: dict[str, Any]) -> None:
    assert instant(paused["last_packet_at"]) <= instant(paused["held_at"])
    resumed = timeline_at(state, "resumed")
    assert instant(resumed) > instant(paused["held_at"])
    assert not packets_between(state, paused["held_at"], resumed)


def _each_take_serves_what_was_agreed(deployment: Deployment, state: dict[str, Any], withdrawn: dict[str, Any]) -> None:
    training, proof = (deployment.agent.purpose(key)["id"] for key in (TRAINING, PROOF))
    served = [set(take["purposes"]) for take in takes_of(state, "customer")]
    assert served[-4:] == [{training}, {training}, {training, proof}, {proof}]
    held_at = instant(withdrawn["held"]["held_at"])
    for take in state["takes"]:
        assert set(take["purposes"]) <= {training, proof}
        if training in take["purposes"] and take["last_at"]:
            assert instant(take["last_at"]) <= held_at


def _the_timeline_says_it(state: dict[str, Any]) -> None:
    happenings = [(entry["kind"], entry["reason"]) for entry in state["timeline"]]
    for happening in [("chose", "granted"), ("chose", "refused"), ("paused", "card_data"), ("chose", "withdrawn")]:
        assert happening in happenings
    kinds = [kind for kind, _ in happenings]
    assert kinds.index("arrived") < kinds.index("asked") < kinds.index("opened") < kinds.index("paused")
    assert kinds.index("paused") < kinds.index("resumed") < kinds.index("ended")


def _the_sound_is_what_was_sent(deployment: Deployment, state: dict[str, Any], said: dict[str, list[bytes]]) -> str:
    """The takes that `proof` still opens hold the sound that was sent while it was agreed, and no other."""
    both, proof = takes_of(state, "customer")[-2:]
    sound = {take["id"]: audio(deployment, take["id"], PROOF) for take in (both, proof)}
    assert frames_in(sound[both["id"]], said["both"]) > MOST * len(said["both"])
    assert frames_in(sound[proof["id"]], said["proof"]) > MOST * len(said["proof"])
    whole = b"".join(sound.values())
    for never in ("unasked", "paused", "resumed", "training"):
        assert frames_in(whole, said[never]) == 0
    return str(proof["id"])


def _nobody_listens_without_a_reason(deployment: Deployment, take: str) -> None:
    answer = deployment.request("dpo", "GET", f"/api/v1/takes/{take}/audio", params={"purpose": PROOF})
    assert answer.status_code == 403
    verdict = answer.json()["verdict"]
    assert (verdict["outcome"], verdict["lawful"], verdict["right"]) == ("not_right", True, False)
    assert [reason["rule"] for reason in verdict["reasons"]] == ["house.listening_needs_a_reason"]


def _what_was_withdrawn_is_dark(deployment: Deployment, state: dict[str, Any]) -> None:
    """The verdict says no to whoever asks; and were it yes, the key is gone."""
    training = deployment.agent.purpose(TRAINING)["id"]
    subject = next(party["subject"] for party in state["parties"] if party["role"] == "customer")
    holdings = {item["id"]: item for item in deployment.dpo.get(f"/subjects/{subject}/holdings")["items"]}
    for take in takes_of(state, "customer"):
        if training in take["purposes"]:
            kept = {each["purpose"]: each for each in holdings[take["id"]]["purposes"]}
            assert kept[training]["readable"] is False
            assert kept[training]["dark"] == "grant_destroyed"
            answer = deployment.request("dpo", "GET", f"/api/v1/takes/{take['id']}/audio", params={"purpose": TRAINING, **WHY})
            assert answer.status_code == 403
            assert answer.json()["verdict"]["lawful"] is False


def _it_goes_out_as_a_vcon(deployment: Deployment, state: dict[str, Any], said: list[bytes]) -> None:
    plain = json.loads(deployment.dpo.content(f"/calls/{state['id']}/vcon", purpose=PROOF, **WHY))
    vcon_schema.check(plain)
    sound = b"".join(_body(dialog) for dialog in plain["dialog"] if dialog["type"] == "recording")
    assert frames_in(sound, said) > MOST * len(said)
    assert any(party.get("tel", "").endswith(ADA_TEL) for party in plain["parties"])
    signed = json.loads(deployment.dpo.content(f"/calls/{state['id']}/vcon", purpose=PROOF, signed="true", **WHY))
    assert signed["signatures"]
    assert signed["payload"]


def _body(dialog: dict[str, Any]) -> bytes:
    text = str(dialog["body"])
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _each_choice_has_a_receipt(deployment: Deployment, state: dict[str, Any], key: str) -> list[bytes]:
    choices = deployment.dpo.get(f"/calls/{state['id']}/choices")["items"]
    answers = [choice["answer"] for choice in choices]
    assert answers == ["granted", "refused", "granted", "withdrawn"]
    assert [choice["channel"] for choice in choices[:2]] == ["keypad", "keypad"]
    files = []
    for choice in choices:
        file = patiently(lambda path=choice["receipt"]: deployment.dpo.content(path.removeprefix("/api/v1")))  # type: ignore[misc]
        checked = verify(file, key)
        assert isinstance(checked, Verified), checked
        files.append(file)
    assert b"dpv:ConsentRefused" in files[1]
    assert isinstance(verify(files[1].replace(b"dpv:ConsentRefused", b"dpv:ConsentGiven"), key), Refuted)
    return files


def _she_is_erased(deployment: Deployment, state: dict[str, Any], hers: set[Any]) -> None:
    assert hers, "nothing was there to be erased"
    subject = next(party["subject"] for party in state["parties"] if party["role"] == "customer")
    request = deployment.dpo.post("/requests", {"subject": subject, "kind": "erasure"})
    answered = eventually(
        lambda: found if (found := deployment.dpo.get(f"/requests/{request['id']}"))["stage"] == "answered" else None,
        45.0,
        "the erasure is answered",
    )
    assert answered["outcome"] == "fulfilled"
    ids = {take["id"] for take in takes_of(state, "customer")}
    left = [file for file in deployment.kept_files() if any(id in str(file) for id in ids)]
    assert not left, "bytes of hers are still on the disk"
    assert not deployment.dpo.get("/subjects", tel=ADA_TEL)["items"]
    with pytest.raises(Declined) as caught:
        audio(deployment, takes_of(state, "customer")[-1]["id"], PROOF)
    assert caught.value.status == 410
    choices = deployment.dpo.get(f"/calls/{state['id']}/choices")["items"]
    with pytest.raises(Declined) as gone:
        deployment.dpo.content(choices[0]["receipt"].removeprefix("/api/v1"))
    assert gone.value.status == 410


def _it_is_certified(deployment: Deployment, state: dict[str, Any], key: str) -> None:
    """At once, and once more when the epoch has turned and backups are covered too."""
    subject = next(party["subject"] for party in state["parties"] if party["role"] == "customer")
    ((id, first),) = _certificates(deployment, subject, 1).items()
    checked = verify(first, key)
    assert isinstance(checked, Verified), checked
    assert json.loads(first)["rightcall:grade"] == "complete_after_backups"
    deployment.command("epoch", "rotate")
    (final,) = (file for other, file in _certificates(deployment, subject, 2).items() if other != id)
    checked = verify(final, key)
    assert isinstance(checked, Verified), checked
    assert json.loads(final)["rightcall:grade"] == "complete"
    assert isinstance(verify(first.replace(b'"complete_after_backups"', b'"complete"'), key), Refuted)


def _certificates(deployment: Deployment, subject: str, count: int) -> dict[str, bytes]:
    """The files by their ids, once there are `count`."""

    def ask() -> dict[str, bytes] | None:
        items = deployment.dpo.get(f"/subjects/{subject}/certificates")["items"]
        if len(items) < count:
            return None
        paths = {item["id"]: item["file"].removeprefix("/api/v1") for item in items}
        return {id: patiently(lambda path=path: deployment.dpo.content(path)) for id, path in paths.items()}  # type: ignore[misc]

    return eventually(ask, 30.0, f"{count} certificates are issued")


def _receipts_of_before_still_prove(receipts: list[bytes], key: str) -> None:
    """What she was handed stays hers to show, also after everything of hers here is gone."""
    assert receipts
    assert all(isinstance(verify(file, key), Verified) for file in receipts)
