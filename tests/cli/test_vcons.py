"""`rightcall vcon import`: what it prints where, what it ends with, and that a no leaves nothing behind."""

import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from rightcall.actors import SYSTEM
from rightcall.cli import main as cli
from rightcall.controllers.actions import create
from rightcall.controllers.model import Controller, NewController
from rightcall.ids import new_id
from rightcall.purposes.actions import create_purpose, publish_notice
from rightcall.purposes.model import NewNotice, Notice
from rightcall.recordings.envelope import VconSigner, encrypt, new_signer, sign, signer_from
from rightcall.recordings.vcon import base64url, content_hash, instant
from rightcall.settings import load_settings
from rightcall.wiring import House, open_house
from tests.cast import ADA_TEL
from tests.recordings.scene import new_purpose
from tests.recordings.test_vcon import own_certificate
from tests.reviews.words import reviewed

Run = Callable[..., int]
SOUND = b"RIFF" + bytes(4000)
WORDS = "May we record this call? You can change your mind at any moment."


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A deployment of its own with its embedded database running, which the commands then find."""
    with open_house(load_settings(data=tmp_path_factory.mktemp("deployment") / "data")) as house:
        yield house


@pytest.fixture(scope="module")
def company(house: House) -> Controller:
    with house.database.system() as tx:
        new = NewController(name="Example Energy", address="a", contact="c", jurisdictions=("EU", "DK"))
        return create(tx, house.clock, new)


@pytest.fixture(scope="module")
def notice(house: House, company: Controller) -> Notice:
    with house.database.transaction(company.id) as tx:
        purpose = create_purpose(tx, house.clock, new_purpose("training"), by=SYSTEM)
        new = NewNotice(purpose=purpose.id, language="en", text=WORDS, keypad=None)
        published = publish_notice(tx, house.clock, new, by=SYSTEM)
        reviewed(tx, house.clock, purpose.id, house.rules)
        return published


@pytest.fixture
def run(house: House, monkeypatch: pytest.MonkeyPatch) -> Run:
    """`rightcall vcon import` in this process; answers with its exit code."""
    monkeypatch.setenv("RIGHTCALL_DATA", str(house.settings.data))
    monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
    return lambda *words: cli.code_of(["vcon", "import", *map(str, words)])


@pytest.fixture(scope="module")
def theirs(house: House) -> VconSigner:
    return signer_from(*new_signer("vcon.elsewhere.example", house.clock.now()))


@pytest.fixture
def trusted(theirs: VconSigner, tmp_path: Path) -> Path:
    file = tmp_path / "trusted.pem"
    file.write_bytes(theirs.chain[0].public_bytes(Encoding.PEM))
    return file


def document(house: House, notice: Notice) -> dict[str, Any]:
    """What another system tells of a call of Ada's, with her yes to our notice."""
    start = instant(house.clock.now() - timedelta(hours=1))
    end = instant(house.clock.now() + timedelta(days=30))
    answer = {"answer": "granted", "at": start, "notice_hash": f"sha256-{base64url(notice.digest)}"}
    basis = {
        "lawful_basis": "consent",
        "expiration": end,
        "purpose_grants": [{"purpose": "training", "granted": True, "granted_at": start, "conditions": []}],
        "metadata": {"purposes": [{"purpose": "training", "history": [answer]}]},
    }
    sound = {
        "type": "recording",
        "start": start,
        "parties": 0,
        "mediatype": "audio/x-wav",
        "encoding": "base64url",
        "body": base64url(SOUND),
        "content_hash": content_hash(SOUND),
    }
    return {
        "uuid": str(new_id()).replace("-7", "-8", 1),
        "extensions": ["lawful_basis"],
        "created_at": start,
        "parties": [{"tel": f"tel:{ADA_TEL}"}, {"name": "Seven", "role": "agent"}],
        "dialog": [
            sound,
            {
                "type": "recording",
                "start": start,
                "parties": 0,
                "url": "https://sounds.example/1",
                "content_hash": content_hash(SOUND),
            },
        ],
        "attachments": [
            {"purpose": "lawful_basis", "start": start, "party": 0, "dialog": 0, "encoding": "json", "body": basis},
        ],
    }


def written(folder: Path, content: Any) -> Path:
    file = folder / "call.vcon"
    file.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return file


def stored(house: House, company: Controller) -> tuple[int, ...]:
    """How much there is of what an import may bring."""
    with house.database.transaction(company.id) as tx:
        tables = ("calls", "parties", "subjects", "choices", "holdings", "vcons_received", "vcon_sounds", "verdicts")
        rows = [tx.connection.execute(f"SELECT count(*) AS n FROM {table}").fetchone() for table in tables]  # noqa: S608 - ours
    return tuple(row["n"] for row in rows if row is not None)


@pytest.mark.parametrize("packed", [False, True])
def test_what_is_kept_is_a_line_each_and_the_call_the_last(
    run: Run,
    house: House,
    notice: Notice,
    theirs: VconSigner,
    trusted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    packed: bool,
) -> None:
    signed = json.dumps(sign(document(house, notice), theirs)).encode()
    file = written(tmp_path, gzip.compress(signed) if packed else signed)
    assert run(file, "--trusted", trusted, "--region", "dk") == 0
    first = capsys.readouterr()
    kept, left_out, call = first.out.splitlines()
    assert re.fullmatch(r"kept +dialog 0 +holding [0-9a-f-]{36}", kept)
    assert re.fullmatch(r"left out +dialog 1 +elsewhere", left_out)
    assert "nothing is fetched" in first.err
    assert re.fullmatch(r"[0-9a-f-]{36}", call)
    assert ADA_TEL not in first.out + first.err
    assert run(file, "--trusted", trusted) == 0
    again = capsys.readouterr()
    assert again.out.splitlines()[-1] == call
    assert "taken in before" in again.err


def test_the_certificates_of_the_setting_are_believed(
    run: Run,
    house: House,
    notice: Notice,
    theirs: VconSigner,
    trusted: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = written(tmp_path, sign(document(house, notice), theirs))
    assert run(file) == 1
    monkeypatch.setenv("RIGHTCALL_VCON_TRUSTED", str(trusted))
    assert run(file) == 0
    monkeypatch.setenv("RIGHTCALL_VCON_TRUSTED", str(tmp_path / "nowhere.pem"))
    assert run(file) == 2


@pytest.mark.parametrize(
    ("how", "says"),
    [("plain", "is not signed"), ("stranger", "nobody who is trusted here"), ("no yes", "has a yes in it that counts")],
)
def test_where_nothing_may_be_kept_the_answer_is_no_and_only_the_verdict_stays(
    run: Run,
    house: House,
    company: Controller,
    notice: Notice,
    theirs: VconSigner,
    trusted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    how: str,
    says: str,
) -> None:
    vcon = document(house, notice)
    if how == "no yes":
        vcon["attachments"] = []
    before = stored(house, company)
    content = vcon if how == "plain" else sign(vcon, theirs)
    words = () if how == "stranger" else ("--trusted", trusted)
    assert run(written(tmp_path, content), *words) == 1
    said = capsys.readouterr()
    assert says in said.err
    assert "Nothing of it was stored" in said.err
    assert [line.split()[:2] for line in said.out.splitlines()] == [["left", "out"]] * 2
    assert stored(house, company) == (*before[:-1], before[-1] + 1)


def test_a_forged_one_is_not_believed_and_that_is_a_no(
    run: Run,
    house: House,
    company: Controller,
    notice: Notice,
    theirs: VconSigner,
    trusted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    signed: Any = sign(document(house, notice), theirs)
    signed["payload"] = base64url(json.dumps(document(house, notice)).encode())
    before = stored(house, company)
    assert run(written(tmp_path, signed), "--trusted", trusted) == 1
    said = capsys.readouterr()
    assert "Not believed" in said.err
    assert said.out == ""
    assert stored(house, company) == before


def test_one_that_this_house_signed_is_not_taken_in(
    run: Run, house: House, company: Controller, notice: Notice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ours = tmp_path / "ours.pem"
    ours.write_bytes(house.vcon_signer.chain[0].public_bytes(Encoding.PEM))
    before = stored(house, company)
    assert run(written(tmp_path, sign(document(house, notice), house.vcon_signer)), "--trusted", ours) == 2
    said = " ".join(capsys.readouterr().err.split())
    assert "signed this vCon itself" in said
    assert stored(house, company) == before


def test_an_encrypted_one_opens_with_the_key_that_it_is_for(
    run: Run,
    house: House,
    notice: Notice,
    theirs: VconSigner,
    trusted: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    files = [tmp_path / "ours.key", tmp_path / "other.key"]
    for key, pem in zip(keys, files, strict=True):
        pem.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    file = written(tmp_path, encrypt(sign(document(house, notice), theirs), own_certificate(keys[0])))
    assert run(file, "--trusted", trusted) == 2
    assert "encrypted" in capsys.readouterr().err
    assert run(file, "--trusted", trusted, "--key", files[1]) == 1
    assert run(file, "--trusted", trusted, "--key", trusted) == 2
    assert run(file, "--trusted", trusted, "--key", tmp_path / "missing.key") == 2
    capsys.readouterr()
    assert run(file, "--trusted", trusted, "--key", files[0]) == 0
    assert capsys.readouterr().out.startswith("kept ")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[" * 200_000, b"\x1f\x8b" + bytes(20), b'{"ciphertext": "x"}'])
def test_what_is_no_vcon_is_a_mistake(
    run: Run, company: Controller, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    assert run(written(tmp_path, content)) == 2
    said = capsys.readouterr()
    assert (said.out, said.err[:9]) == ("", "Not done.")


def test_files_that_are_not_there_are_a_mistake(
    run: Run, company: Controller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for missing in (tmp_path / "missing.vcon", tmp_path):
        assert run(missing) == 2
        assert "cannot be read" in capsys.readouterr().err
    assert run(written(tmp_path, b"{}"), "--trusted", tmp_path / "missing.pem") == 2
    assert "Give those who are trusted as PEM" in capsys.readouterr().err
    assert run(written(tmp_path, b"{}"), "--controller", "nobody") == 2
    assert run() == 2


def test_it_makes_no_house_where_there_is_none(tmp_path: Path) -> None:
    file, data = written(tmp_path, b"{}"), tmp_path / "none"
    command = [sys.executable, "-P", "-m", "rightcall", "vcon", "import", str(file), "--data", str(data)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, data.exists()) == (2, False)
    assert "There is no Rightcall in" in done.stderr
