"""What comes after a call: the bytes and the keys, the person's holdings, a backup, the erasure, the proofs, the drill."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from rightcall.demo.calls import Told, is_refused
from rightcall.demo.patience import PATIENCE_SECONDS
from rightcall.demo.show import Show
from rightcall.demo.stage import Stage, command, offline
from rightcall.errors import Outage
from rightcall.holdings.ports import Objects
from rightcall.settings import load_settings
from rightcall.testcall.desk import Declined
from rightcall.wiring import object_store

T = TypeVar("T")


def bytes_and_keys(stage: Stage, show: Show, told: Told, sounds: dict[str, list[bytes]]) -> str:
    """Shows what is kept of Ada's own stream; answers with its key in the store."""
    show.chapter("The bytes and the keys behind them")
    caller = next(party["id"] for party in told.state["parties"] if party["role"] == "customer")
    take = max((each for each in told.takes if each["party"] == caller), key=lambda each: each["packets"])
    key = next(each for each in _kept(stage) if each.endswith(take["id"]))
    sealed = _store(stage).get_range(key, 0, _store(stage).size(key))
    show.table(
        ("Ada's side of the call", ""),
        (
            ("in the store", key),
            ("sealed bytes", f"{len(sealed):,}: {take['packets']} packets with their headers, and the seal"),
            ("they begin", sealed[:16].hex(" ")),
            ("opened by", "a content key of its own, wrapped for agent training alone"),
            ("first lock", "the grants of Ada (her yes) and of the agent (her employer's basis)"),
            ("second lock", "the term key of agent training's last day, 30 days from now"),
        ),
    )
    loud = max(sounds["ada"], key=lambda frame: len(set(frame)))
    found = stage.finds(loud)
    show.check("20 ms of what Ada said, looked for in every file of the data folder: nowhere.", holds=not found)
    number = told.tel.removeprefix("+").encode()
    show.check("Her number, looked for likewise, database files included: nowhere.", holds=not stage.finds(number))
    sound = stage.dpo.content(f"/takes/{take['id']}/audio", purpose="agent-training", reason="quality of the demo", case="demo-1")
    show.check(
        f"With a purpose, a reason and a case the DPO may listen: {len(sound) / 8000:.1f} seconds of sound.",
        holds=sound[:4] == b"RIFF",
    )
    try:
        stage.dpo.content(f"/takes/{take['id']}/audio", purpose="agent-training")
        refused = False
    except Declined as declined:
        refused = declined.status == 403
    show.check("Without a reason it is lawful but not right, and refused.", holds=refused)
    return key


def holdings(stage: Stage, show: Show, told: Told) -> str:
    """Looks Ada up; answers with her subject id."""
    show.chapter("What is held about Ada, and where it came from")
    subject = str(stage.dpo.get("/subjects", tel=told.tel)["items"][0]["id"])
    purposes = {purpose["id"]: purpose["key"] for purpose in stage.dpo.get("/purposes")["items"]}
    started = time.monotonic()
    items = stage.dpo.get(f"/subjects/{subject}/holdings")["items"]
    milliseconds = 1000 * (time.monotonic() - started)
    rows = [
        (
            item["kind"],
            item["made_at"][11:19],
            f"{item['provenance']['source']}, {item['provenance']['basis']}",
            ", ".join(f"{purposes[each['purpose']]} to {each['last_day']}" for each in item["purposes"]),
            "readable" if item["readable"] else "dark",
            str(len(item["uses"])),
        )
        for item in items
    ]
    show.table(("what", "from", "source, basis", "kept for", "now", "uses"), rows)
    show.check(f"Found by her number in {milliseconds:.0f} ms, with who used it.", holds=len(items) > 0)
    return subject


def receipts(stage: Stage, show: Show, calls: list[Told]) -> None:
    show.chapter("Receipts, also for a no and for a change of mind")
    count = 0
    for told in calls:
        for choice in told.choices_of(stage):
            content = stage.dpo.content(choice["receipt"].removeprefix("/api/v1"))
            (stage.proofs / f"receipt-{choice['answer']}-{choice['id']}.json").write_bytes(content)
            count += 1
    show.say(
        f"{count} choices, {count} receipts (ISO/IEC TS 27560, JSON-LD, with a proof from the ledger), in {stage.proofs.name}/."
    )


def _store(stage: Stage) -> Objects:
    return object_store(load_settings(data=stage.data))


def _kept(stage: Stage) -> list[str]:
    """The keys of all sealed bytes."""
    return list(_store(stage).list(""))


def erase(stage: Stage, show: Show, subject: str, told: Told, key: str) -> Path:
    """Backs up, erases Ada, and answers with the backup."""
    show.chapter("Ada asks to be erased")
    backup = stage.folder / "backup"
    command(stage.data, "backup", str(backup))
    show.say("First a backup is taken, as every night: database and sealed bytes, never the key service.")
    request = stage.dpo.post("/requests", {"subject": subject, "kind": "erasure"})
    answered = _eventually(lambda: _answered(stage, request["id"]))
    show.check("Her request is answered: fulfilled.", holds=answered["outcome"] == "fulfilled")
    show.check(
        "Her subject key is destroyed: no take of hers can be opened.",
        holds=all(is_refused(stage, take["id"]) for take in told.takes),
    )
    show.check("Her sealed bytes are deleted, confirmed by the store.", holds=key not in _kept(stage))
    left = [take["id"] for take in told.takes for each in _kept(stage) if each.endswith(take["id"])]
    show.check("So are the agent's words to her: they needed her yes as well, and were dark with hers.", holds=not left)
    show.check("Her number finds nobody.", holds=not stage.dpo.get("/subjects", tel=told.tel)["items"])
    _save_certificates(stage, subject)
    return backup


def drill(stage: Stage, show: Show, subject: str, take: str, backup: Path) -> None:
    show.chapter("The same bytes from a restored backup")
    show.say("The backup still has her sealed bytes, and the key tables of before the erasure.")
    whole = json.loads(command(stage.data, "drill", str(backup)))
    show.check(
        f"A drill of all of it: {whole['kept']['opened']} of {whole['kept']['tried']} things that are kept open, and "
        f"{whole['let_go']['opened']} of {whole['let_go']['tried']} that were let go.",
        holds=whole["passed"],
    )
    before = _drill(stage, backup, take)
    show.say(
        "Until the epoch turns, whoever has both the backup and the present key service could undo the erasure: restored now, "
        f"the vault says [b]{before}[/b]. So the first certificate names the day until which that is so."
    )
    command(stage.data, "epoch", "rotate")
    show.say("The epoch turns: what lives is wrapped anew, and the old epoch key is destroyed in the key service.")
    after = _drill(stage, backup, take)
    show.check(f"Restored again, the same bytes fail to open. The vault says {after}.", holds=after.startswith("dark"))
    _eventually(lambda: _certificates(stage, subject, 2))
    _save_certificates(stage, subject)


def verify(stage: Stage, show: Show) -> None:
    show.chapter("The proofs, checked without us")
    key = command(stage.data, "ledger", "key").strip()
    (stage.proofs / "ledger.vkey").write_text(key + "\n")
    show.say(f"The ledger's public key, as the company publishes it: {key}")
    files = sorted(stage.proofs.glob("*.json"))
    good = [file for file in files if offline("verify", str(file), "--key", key)[0] == 0]
    show.check(f"{len(good)} of {len(files)} files verify in a process with no server and no database.", holds=good == files)
    certificate = max(stage.proofs.glob("certificate-*.json"), key=lambda file: file.stat().st_mtime)
    show.say("What the last certificate proves:")
    show.quote(offline("verify", str(certificate), "--key", key)[1].strip().splitlines())
    forged = stage.folder / "forged.json"
    content = certificate.read_bytes()
    at = content.index(b'"rightcall:grade"') + len(b'"rightcall:grade"') + 3
    forged.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    show.check("With one bit changed it does not.", holds=offline("verify", str(forged), "--key", key)[0] == 1)
    forged.unlink()


def _drill(stage: Stage, backup: Path, take: str) -> str:
    """What a restored backup gives for one take, with the key service as it is now."""
    said = json.loads(command(stage.data, "drill", str(backup), "--holding", take))
    return str(said["result"])


def _answered(stage: Stage, request: str) -> dict[str, Any]:
    found: dict[str, Any] = stage.dpo.get(f"/requests/{request}")
    if found["stage"] != "answered":
        raise Outage("The request is not answered yet.")
    return found


def _certificates(stage: Stage, subject: str, at_least: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = stage.dpo.get(f"/subjects/{subject}/certificates")["items"]
    if len(found) < at_least:
        raise Outage("The certificate is not there yet.")
    return found


def _save_certificates(stage: Stage, subject: str) -> None:
    for number, each in enumerate(_eventually(lambda: _certificates(stage, subject, 1)), start=1):
        content = stage.dpo.content(each["file"].removeprefix("/api/v1"))
        (stage.proofs / f"certificate-{number}.json").write_bytes(content)


def _eventually(ask: Callable[[], T]) -> T:
    """`ask`, again while the answer is that it is not there yet."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            return ask()
        except Outage:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
