"""The vault's figures: sealing and opening beside the library's own rate, erasing with few and with many holdings, wraps.

Sealing is the library's; opening is ours, in stretches of 1 MiB. The same bytes go through both, in
turn, and the best of several rounds counts, since a shared machine only ever makes things slower.
"""

import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor

from rightcall.adapters.keys.file import KeyFile
from rightcall.bench._timing import seconds_of
from rightcall.clock import SystemClock, day_of
from rightcall.database.connection import Database
from rightcall.database.embedded import ensure_running
from rightcall.database.migrate import migrate
from rightcall.ids import ControllerId, HoldingId, PartyId, PurposeId, SubjectId, new_id
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, Lock
from rightcall.vault.sealing import SealedReader, Sealer

_STRETCH = 1 << 20
_CONTEXT = b"bench"


def run(
    *,
    mebibytes: int = 64,
    few: int = 10,
    many: int = 100_000,
    erasures: int = 15,
    people: int = 2000,
    rounds: int = 5,
    wraps: int = 20_000,
) -> dict[str, object]:
    figures: dict[str, object] = {"bench": "vault", **_content(mebibytes, rounds)}
    with tempfile.TemporaryDirectory() as folder, _database(Path(folder)) as database:
        keys = KeyFile(Path(folder) / "keys" / "keys", b"a passphrase for measuring")
        vault = Vault(keys, SystemClock())
        vault.start(database)
        figures |= _erasing(database, vault, few, many, erasures)
        figures["key_file_wraps_per_second"] = round(_wraps(keys, vault.epoch(database).key, wraps))
        _crowd(database, vault, people)
        began = time.perf_counter()
        rotation = vault.rotate(database, batch=2000)
        figures["rotation_keys_per_second"] = round(rotation.rewrapped / (time.perf_counter() - began))
    return figures


def _content(mebibytes: int, rounds: int) -> dict[str, object]:
    key, size = os.urandom(32), mebibytes << 20
    plain = os.urandom(size)
    sealer = Sealer(key, _CONTEXT)
    sealed = sealer.seal(plain) + sealer.finish()
    deeds: dict[str, Callable[[], None]] = {
        "seal": lambda: _seal(key, plain),
        "library_seal": lambda: _library_seal(key, plain),
        "open": lambda: _open(key, sealed),
        "library_open": lambda: _library_open(key, sealed),
    }
    best = dict.fromkeys(deeds, 0.0)
    for _ in range(rounds):
        for name, deed in deeds.items():
            best[name] = max(best[name], size / seconds_of(deed))
    figures: dict[str, object] = {f"{name}_mb_per_second": round(rate / 1e6) for name, rate in best.items()}
    return figures | {
        "seal_ratio": round(best["seal"] / best["library_seal"], 2),
        "open_ratio": round(best["open"] / best["library_open"], 2),
        "ratio_goal": 0.8,
    }


def _seal(key: bytes, plain: bytes) -> None:
    sealer = Sealer(key, _CONTEXT)
    for start in range(0, len(plain), _STRETCH):
        sealer.seal(plain[start : start + _STRETCH])
    sealer.finish()


def _library_seal(key: bytes, plain: bytes) -> None:
    encryptor = Cobblestone256Encryptor(key, _CONTEXT)
    for start in range(0, len(plain), _STRETCH):
        encryptor.update(plain[start : start + _STRETCH])
    encryptor.finalize()


def _open(key: bytes, sealed: bytes) -> None:
    reader = SealedReader(key, _CONTEXT, lambda start, length: sealed[start : start + length], len(sealed), True)
    for start in range(0, reader.plain_length, _STRETCH):
        reader.read(start, _STRETCH)


def _library_open(key: bytes, sealed: bytes) -> None:
    decryptor = Cobblestone256Decryptor(key, _CONTEXT)
    for start in range(0, len(sealed), _STRETCH):
        decryptor.update(sealed[start : start + _STRETCH])
    decryptor.finalize()


def _erasing(database: Database, vault: Vault, few: int, many: int, erasures: int) -> dict[str, object]:
    """The median of several people with `few` holdings, and one person with `many`; each erasure committed."""
    controller, purpose = ControllerId(new_id()), PurposeId(new_id())
    last_day = day_of(SystemClock().now()) + timedelta(days=30)
    began = time.perf_counter()
    crowd = [_person(database, vault, controller, purpose, last_day, few) for _ in range(erasures)]
    rich = _person(database, vault, controller, purpose, last_day, many)
    filling = time.perf_counter() - began
    quick = statistics.median(_erase(database, vault, controller, *person) for person in crowd)
    return {
        f"erase_ms_with_{few}_holdings": round(1000 * quick, 2),
        f"erase_ms_with_{many}_holdings": round(1000 * _erase(database, vault, controller, *rich), 2),
        "holdings_locked_per_second": round((few * erasures + many) / filling),
    }


def _person(
    database: Database, vault: Vault, controller: ControllerId, purpose: PurposeId, last_day: date, holdings: int
) -> tuple[SubjectId, HoldingId, PurposeId]:
    subject, holding = SubjectId(new_id()), HoldingId(new_id())
    with database.transaction(controller) as tx:
        vault.create_subject(tx, subject)
        grant = vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=purpose)
        lock = Lock(purpose=purpose, grants=(grant,), last_day=last_day)
        vault.lock_content(tx, holding=holding, locks=[lock])
        for _ in range(holdings - 1):
            vault.lock_content(tx, holding=HoldingId(new_id()), locks=[lock])
    return subject, holding, purpose


def _crowd(database: Database, vault: Vault, people: int) -> None:
    """People with one grant each, for a rotation to wrap anew."""
    controller, purpose = ControllerId(new_id()), PurposeId(new_id())
    with database.transaction(controller) as tx:
        for subject in (SubjectId(new_id()) for _ in range(people)):
            vault.create_subject(tx, subject)
            vault.open_grant(tx, subject=subject, party=PartyId(new_id()), purpose=purpose)


def _erase(
    database: Database, vault: Vault, controller: ControllerId, subject: SubjectId, holding: HoldingId, purpose: PurposeId
) -> float:
    began = time.perf_counter()
    with database.transaction(controller) as tx:
        vault.destroy_subject(tx, subject)
    took = time.perf_counter() - began
    with database.transaction(controller) as tx:
        if not isinstance(vault.unlock_content(tx, holding=holding, purpose=purpose), Dark):
            raise AssertionError("An erased person's content still opens.")
    return took


def _wraps(keys: KeyFile, key: str, number: int) -> float:
    secret = os.urandom(32)
    return number / seconds_of(lambda: [keys.wrap(key, secret, _CONTEXT) for _ in range(number)])


@contextmanager
def _database(folder: Path) -> Iterator[Database]:
    server = ensure_running(folder / "database")
    try:
        migrate(server.url)
        database = Database(server.url)
        yield database
        database.close()
    finally:
        server.stop()
