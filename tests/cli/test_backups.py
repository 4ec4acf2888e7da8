"""Backup, drill, restore as commands: a backup opens with the key service of today, until the epoch turns."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from rightcall.actors import SYSTEM
from rightcall.adapters import backup as by_hand
from rightcall.adapters.kept_checkpoint import CHECKPOINT, PUT_BACK, KeptCheckpoint
from rightcall.canonical import sha256
from rightcall.cli import main as cli
from rightcall.cli.place import url_of
from rightcall.clock import day_of
from rightcall.controllers.actions import create
from rightcall.controllers.model import NewController
from rightcall.copies import actions as copies
from rightcall.erasure.model import Missing
from rightcall.errors import KeysGone
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import HoldingKind, NewHolding, Provenance, Source, Term
from rightcall.ids import HoldingId, PartyId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.checkpoint import Ed25519Signer, sign_note
from rightcall.personal import Personal
from rightcall.purposes.actions import create_purpose
from rightcall.purposes.model import LawfulBasis
from rightcall.settings import load_settings
from rightcall.subjects.actions import identify
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.vault.model import ContentKey, Lock
from rightcall.vault.sealing import Sealer, content_context
from rightcall.wiring import House, object_store, open_house
from rightcall.worker import drilling
from tests.cast import ADA_TEL
from tests.ledger.test_witness import ONE, TWO
from tests.recordings.scene import new_purpose

WORDS = b"words that were said" * 1000


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A deployment of its own with its embedded database running, which the commands then find."""
    monkeypatch.setenv("RIGHTCALL_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    with open_house(load_settings()) as house:
        yield house


def keep_something(house: House, folder: Path) -> HoldingId:
    """One thing held about Ada."""
    with house.database.system() as tx:
        new = NewController(name="Example Energy", address="a", contact="c", jurisdictions=("EU",))
        controller = create(tx, house.clock, new).id
    id, now = HoldingId(new_id()), house.clock.now()
    with house.database.transaction(controller) as tx:
        purpose = create_purpose(tx, house.clock, new_purpose("training"), by=SYSTEM)
        subject = identify(tx, house.vault, house.clock, [normalise(IdentifierKind.TEL, Personal(ADA_TEL), "DK")])
        grant = house.vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=purpose.id)
        day = day_of(now).replace(year=now.year + 1)
        key = house.vault.lock_content(tx, holding=id, locks=[Lock(purpose=purpose.id, grants=(grant,), last_day=day)])
        sealer = Sealer(key.secret, content_context(controller, id))
        sealed = sealer.header() + sealer.seal(WORDS) + sealer.finish()
        holdings.record(
            tx,
            house.clock,
            NewHolding(
                id=id,
                subject=subject,
                kind=HoldingKind.STREAM,
                terms=(Term(purpose=purpose.id, last_day=day),),
                mediatype="application/octet-stream",
                provenance=Provenance(source=Source.API, actor=SYSTEM, at=now, basis=LawfulBasis.CONSENT),
                object_key=f"{controller}/{id}",
            ),
        )
        holdings.complete(tx, house.clock, id, sealed_length=len(sealed), complete=True, sha256=sha256(sealed))
    file = folder / "sealed"
    file.write_bytes(sealed)
    house.objects.put_file(f"{controller}/{id}", file)
    return id


def test_a_backup_opens_until_the_epoch_turns(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    holding = keep_something(house, tmp_path)
    folder = str(tmp_path / "backup")

    def drill() -> str:
        assert cli.code_of(["drill", folder, "--holding", str(holding)]) == 0
        return str(json.loads(capsys.readouterr().out)["result"])

    assert cli.code_of(["backup", folder]) == 0
    assert cli.code_of(["backup", folder]) == 2
    assert not any("key" in file.name or "passphrase" in file.name for file in (tmp_path / "backup").rglob("*"))
    assert drill() == f"opens: {len(WORDS):,} bytes in the clear"
    assert cli.code_of(["drill", folder, "--holding", str(new_id())]) == 2
    assert cli.code_of(["epoch", "rotate"]) == 0
    assert drill() == "dark: epoch_gone"
    assert cli.code_of(["restore", folder]) == 2
    said = capsys.readouterr().err
    assert "not empty" in said
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    for name in ("keys", "passphrase"):
        (other / name).write_bytes((tmp_path / "data" / name).read_bytes())
        (other / name).chmod(0o600)
    monkeypatch.setenv("RIGHTCALL_DATA", str(other))
    assert cli.code_of(["restore", folder]) == 2
    assert "There is no list" in capsys.readouterr().err
    assert cli.code_of(["restore", folder, "--open-anyway", "its disk burnt"]) == 0
    assert "You opened it anyway" in capsys.readouterr().err


def test_the_how_to_step_by_step(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """docs/howto/backups.md: backed up with the keys apart, drilled as the newest of its folder, the epoch turned, the keys
    lost and brought back."""
    monkeypatch.setattr(drilling, "_PATIENCE_SECONDS", 0.0)
    assert cli.code_of(["backup", str(tmp_path / "empty")]) == 0
    capsys.readouterr()
    assert cli.code_of(["drill", str(tmp_path / "empty")]) == 0, "an empty house rings nobody"
    found, said = capsys.readouterr()
    assert (json.loads(found)["passed"], json.loads(found)["faults"]) == (None, []), "and is not called proved"
    assert "there was nothing to try yet" in " ".join(said.split())
    with house.database.system() as tx:
        assert drilling.keep_figures(house) is not None
        assert not any(each.passed for each in copies.drills(tx))
    keep_something(house, tmp_path)
    assert cli.code_of(["drill", str(tmp_path / "empty")]) == 1, "what brings nothing back of what is kept is not passed"
    found, said = capsys.readouterr()
    assert (json.loads(found)["passed"], json.loads(found)["faults"]) == (False, ["nothing_tried"])
    assert "nothing shows that what is kept comes back" in " ".join(said.split())
    backups, apart = tmp_path / "backups", tmp_path / "apart"
    assert cli.code_of(["backup", str(backups / "one"), "--keys", str(backups / "one" / "keys")]) == 2
    assert "kept apart" in capsys.readouterr().err
    assert cli.code_of(["backup", str(backups / "one"), "--keys", str(apart)]) == 0
    assert cli.code_of(["drill"]) == 2
    monkeypatch.setenv("RIGHTCALL_BACKUPS", str(backups))
    capsys.readouterr()
    assert cli.code_of(["drill"]) == 0
    out, said = capsys.readouterr()
    assert "Nothing that was let go since lies in this backup" in " ".join(said.split())
    found = json.loads(out)
    assert (found["passed"], found["kept"], found["let_go"]) == (True, {"tried": 1, "opened": 1}, {"tried": 0, "opened": 0})
    assert cli.code_of(["backups"]) == 0
    listed = capsys.readouterr().out.splitlines()
    (keys,) = (each for each in listed if "kept until the epoch turns" in each)
    assert sum("opens until the epoch turns" in each for each in listed) == 2
    assert cli.code_of(["backups", "gone", keys.split()[0]]) == 2, "the keys of the present epoch are needed"
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (other / "passphrase").write_bytes((tmp_path / "data" / "passphrase").read_bytes())
    (other / "passphrase").chmod(0o600)
    restored = ["restore", str(backups / "one"), "--data", str(other), "--keys", str(apart / keys.split()[0])]
    assert cli.code_of(restored) == 2
    assert "is a copy" in capsys.readouterr().err
    complete = [*restored, "--destroyed", str(tmp_path / "data" / "destroyed")]
    (other / "passphrase").write_text("another one\n")
    assert cli.code_of(complete) == 2
    assert "passphrase does not open" in capsys.readouterr().err
    (other / "passphrase").write_bytes((tmp_path / "data" / "passphrase").read_bytes())
    assert cli.code_of(complete) == 0, "it had put nothing anywhere"
    assert cli.code_of(["epoch", "rotate"]) == 0
    assert not list(apart.glob("*/keys"))
    capsys.readouterr()
    assert cli.code_of(["drill"]) == 1
    out, said = capsys.readouterr()
    assert json.loads(out)["faults"] == ["live_is_dark"]
    assert "before the last turn of the epoch" in " ".join(said.split())
    assert cli.code_of(["backups"]) == 0
    assert "opens nothing" in capsys.readouterr().out
    assert cli.code_of(["backups", "look"]) == 0
    assert "replicas of the database: 0" in capsys.readouterr().out


def test_a_ledger_that_was_put_back_is_told_and_one_with_two_histories_is_not_restored(
    house: House,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Held against checkpoints that the operator kept and those beside the keys."""

    def says(number: int, *words: object) -> str:
        assert cli.code_of([str(each) for each in words]) == number, words
        return " ".join(capsys.readouterr().err.split())

    data, early, late = tmp_path / "data", tmp_path / "early", tmp_path / "late"
    keep_something(house, tmp_path)
    signed = kept_in(house, early)
    says(0, "backup", tmp_path / "one")
    lists = ["--destroyed", data / "destroyed"]
    go_on(house)
    size = kept_in(house, late)
    assert (data / CHECKPOINT).read_text() == late.read_text()
    assert "goes on from the checkpoint" in says(0, "ledger", "audit", "--checkpoint", early, "--checkpoint", late)

    other = machine(tmp_path / "other", data, monkeypatch)
    foreign = tmp_path / "foreign"
    foreign.write_text(sign_note(early.read_text().rpartition("\n\n")[0] + "\n", Ed25519Signer("someone.example", bytes(32))))
    assert "not signed by the key" in says(4, "restore", tmp_path / "one", *lists, "--checkpoint", foreign)
    assert cli.code_of(["ledger", "proof", str(signed), "--data", str(data)]) == 0
    proof = capsys.readouterr().out
    leads = tmp_path / "late-1.proof"
    leads.write_text(damaged(proof))
    assert "does not lead to it" in says(4, "restore", tmp_path / "one", *lists, "--checkpoint", late)
    leads.write_text(proof)
    said = says(0, "restore", tmp_path / "one", *lists, "--checkpoint", early, "--checkpoint", late)
    assert "statements are lost" in said, "the one beside the other machine's keys is newer"
    assert "It is shown to be the beginning of what was signed" in said
    [written] = (other / PUT_BACK).read_text().splitlines()
    lost = json.loads(written)
    assert (lost["kept"], lost["lost"], lost["from"]) == (size, size - lost["from"], lost["from"])
    with open_house(load_settings()) as restored:
        assert "It was put back" in says(1, "ledger", "audit", "--checkpoint", late)
        KeptCheckpoint(other).write(late.read_text())
        doubt = restored.shut.look()
        assert doubt is not None
        assert doubt.missing is Missing.STATEMENTS, "also where it was put back by other means"
        assert KeptCheckpoint(other).read() == late.read_text(), "what tells it is not written over"
        KeptCheckpoint(other).write("")
        while kept_in(restored, tmp_path / "later") <= size:
            go_on(restored)
        assert (other / CHECKPOINT).read_text() == (tmp_path / "later").read_text()
        says(0, "backup", tmp_path / "two")

    third = machine(tmp_path / "third", data, monkeypatch)
    lists = ["--destroyed", other / "destroyed"]
    assert "two histories" in says(4, "restore", tmp_path / "two", *lists, "--checkpoint", late)
    (third / "ledger-key").unlink()
    seen = tmp_path / "seen"
    seen.write_text(ONE.cosign((tmp_path / "later").read_text()))
    (other / CHECKPOINT).unlink()
    cosigned = [*lists, "--checkpoint", seen]
    assert "key is not in this data folder" in says(2, "restore", tmp_path / "two", *cosigned)
    assert "No witness whose key was given" in says(4, "restore", tmp_path / "two", *cosigned, "--witness", TWO.key)
    said = says(0, "restore", tmp_path / "two", *cosigned, "--witness", ONE.key)
    assert f"seen by {ONE.name} on" in said
    assert "nothing signed by then is missing" in said, "what was refused had put nothing anywhere"


def damaged(proof: str) -> str:
    """With one hash that is another."""
    lines = proof.split("\n")
    lines[1] = base64.b64encode(bytes(32)).decode()
    return "\n".join(lines)


def test_a_database_that_was_put_back_by_hand_opens_nothing_until_a_person_says_so(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `pg_restore` and a copy of the objects, as somebody does who does not know of `rightcall restore`."""
    data, folder = tmp_path / "data", tmp_path / "backup"
    assert [(data / name).exists() for name in (CHECKPOINT, "destroyed/complete")] == [True, True], "before anything is signed"
    holding = keep_something(house, tmp_path)
    kept_in(house, tmp_path / "early")
    assert cli.code_of(["backup", str(folder)]) == 0
    go_on(house)
    size = kept_in(house, tmp_path / "late")
    other = machine(tmp_path / "other", data, monkeypatch)
    with url_of(load_settings(), may_make=True) as url:
        by_hand.restore(url, object_store(load_settings()), folder)
        with open_house(load_settings()) as restored:
            assert missing_in(restored) is Missing.LIST
            assert not opens(restored, holding), "a fresh folder with the keys alone"
            assert not (other / "destroyed" / "complete").exists(), "no list is begun that a restore would believe"
            assert cli.code_of(["ledger", "audit"]) == 0, "what needs no key goes on"
            (other / "destroyed").mkdir()
            (other / "destroyed" / "complete").write_bytes((data / "destroyed" / "complete").read_bytes())
            assert missing_in(restored) is Missing.CHECKPOINT
            (other / CHECKPOINT).write_bytes(b"\xff")
            assert missing_in(restored) is Missing.CHECKPOINT, "nor can one be read that says nothing"
            KeptCheckpoint(other).write((tmp_path / "late").read_text())
            assert missing_in(restored) is Missing.STATEMENTS
            assert not opens(restored, holding)
            capsys.readouterr()
            assert cli.code_of(["reopen", " "]) == 2
            assert cli.code_of(["reopen", "its disk burnt", "--destroyed", str(data / "destroyed")]) == 0
            assert "It is opened" in " ".join(capsys.readouterr().err.split())
            assert missing_in(restored) is None
            assert opens(restored, holding)
            assert json.loads((other / PUT_BACK).read_text())["kept"] == size
            assert "its disk burnt" in (other / "destroyed" / "opened-anyway").read_text()
            restored.sequencer().run_once()
            with restored.database.system() as tx:
                *_, last = ledger.sequenced_after(tx, 0, 1000)
            assert json.loads(last.leaf)["missing"] == "statements"
            assert cli.code_of(["reopen", "again"]) == 2, "nothing is shut"


def missing_in(house: House) -> Missing | None:
    """As the processes of this house see it within seconds."""
    house.shut.doubt = house.shut.look()
    return None if house.shut.doubt is None else house.shut.doubt.missing


def opens(house: House, holding: HoldingId) -> bool:
    owner = house.controllers()[0]
    with house.database.transaction(owner) as tx:
        (purpose,) = holdings.get(tx, holding).purposes
        try:
            return isinstance(house.vault.unlock_content(tx, holding=holding, purpose=purpose), ContentKey)
        except KeysGone as error:
            return "rightcall reopen" not in str(error)


def kept_in(house: House, file: Path) -> int:
    """The latest checkpoint goes into a file, as a witness would have it, and beside the keys."""
    house.sequencer().run_once()
    assert house.shut.look() is None
    with house.database.system() as tx:
        note = ledger.latest_checkpoint(tx)
        assert note is not None
        file.write_text(note)
        return ledger.latest_head(tx).size


def go_on(house: House) -> None:
    """Something is said that a backup before does not have."""
    with house.database.system() as tx:
        new = NewController(name=f"Other {new_id()}", address="a", contact="c", jurisdictions=("EU",))
        controller = create(tx, house.clock, new).id
    with house.database.transaction(controller) as tx:
        create_purpose(tx, house.clock, new_purpose("training"), by=SYSTEM)


def machine(folder: Path, of: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another one, with the keys of the first."""
    folder.mkdir(mode=0o700)
    for name in ("keys", "passphrase", "ledger-key"):
        (folder / name).write_bytes((of / name).read_bytes())
        (folder / name).chmod(0o600)
    monkeypatch.setenv("RIGHTCALL_DATA", str(folder))
    return folder
