"""The ledger's signer: one key for good, useless without the key service."""

import json
import threading
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from rightcall.adapters.keys.file import Cost, KeyFile
from rightcall.adapters.keys.signer import LedgerSigner
from rightcall.errors import KeysGone, NotConfigured, Tampered
from rightcall.ledger.ports import Signer
from rightcall.vault.ports import KeyService
from tests.adapters.keys.softhsm import soft_token

NAME = "energy.example/ledger"


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys", b"passphrase", cost=Cost(n=16, r=1))


@pytest.mark.parametrize("service", ["file", "token"])
def test_it_signs_with_the_same_key_each_time_it_is_opened(service: str, keys: KeyFile, tmp_path: Path) -> None:
    chosen: KeyService = keys if service == "file" else soft_token().open()
    signer: Signer = LedgerSigner(tmp_path / "signer", chosen, NAME)
    again = LedgerSigner(tmp_path / "signer", chosen, NAME)
    assert (signer.name, signer.public_key) == (NAME, again.public_key)
    assert signer.sign(b"checkpoint") == again.sign(b"checkpoint")
    Ed25519PublicKey.from_public_bytes(signer.public_key).verify(signer.sign(b"checkpoint"), b"checkpoint")
    assert (tmp_path / "signer").stat().st_mode & 0o777 == 0o600
    assert "signer" in str(chosen.names("signer"))


def test_several_processes_make_it_once_and_leave_no_stray_key(keys: KeyFile, tmp_path: Path) -> None:
    made = list[bytes]()
    threads = [
        threading.Thread(target=lambda: made.append(LedgerSigner(tmp_path / "signer", keys, NAME).public_key)) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 4
    assert len(set(made)) == 1
    assert len(keys.names("signer")) == 1


def test_without_its_key_it_is_an_outage_and_changed_it_is_tampered(keys: KeyFile, tmp_path: Path) -> None:
    path = tmp_path / "signer"
    signer = LedgerSigner(path, keys, NAME)
    whole = json.loads(path.read_text())
    other = LedgerSigner(tmp_path / "other", keys, NAME)
    swapped = {**whole, "wrapped": json.loads((tmp_path / "other").read_text())["wrapped"]}
    path.write_text(json.dumps(swapped))
    with pytest.raises(Tampered):
        LedgerSigner(path, keys, NAME).sign(b"checkpoint")
    path.write_text(json.dumps({**whole, "public": json.loads((tmp_path / "other").read_text())["public"]}))
    with pytest.raises(Tampered):
        LedgerSigner(path, keys, NAME).sign(b"checkpoint")
    path.write_text("{}")
    with pytest.raises(Tampered):
        LedgerSigner(path, keys, NAME)
    for name in keys.names("signer"):
        keys.destroy(name)
    for each in (signer, other):
        with pytest.raises(KeysGone):
            each.sign(b"checkpoint")


def test_a_ledger_keeps_its_name(keys: KeyFile, tmp_path: Path) -> None:
    LedgerSigner(tmp_path / "signer", keys, NAME)
    with pytest.raises(NotConfigured):
        LedgerSigner(tmp_path / "signer", keys, "other.example/ledger")


def test_the_secret_is_nowhere_in_clear(keys: KeyFile, tmp_path: Path) -> None:
    signer = LedgerSigner(tmp_path / "signer", keys, NAME)
    assert repr(signer) == f"LedgerSigner({NAME})"
    assert set(json.loads((tmp_path / "signer").read_text())) == {"name", "public", "key", "wrapped"}
