"""A drill that failed, and keys that outlive their epoch, are seen by whoever looks at `/health`; neither takes a machine out."""

from rightcall.copies import actions as copies
from rightcall.copies.model import BackupKind
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse


def seen(clients: Clients) -> tuple[str, str]:
    found = clients.dpo.get("/health").json()
    return found["drill"], found["key_backups"]


def test_a_failed_drill_and_old_keys_are_seen(house: RealHouse, clients: Clients) -> None:
    present = house.vault.rotate(house.database).epoch
    before = clients.dpo.get("/health")
    assert seen(clients) == ("well", "well")
    with house.database.system() as tx:
        copies.not_drilled(tx, house.clock)
        old = copies.begin(tx, house.clock, kind=BackupKind.KEYS, epoch=present - 1, place="/mnt/keys")
    assert seen(clients) == ("unwell", "unwell")
    after = clients.dpo.get("/health")
    assert (after.status_code, after.json()["status"]) == (before.status_code, before.json()["status"])
    with house.database.system() as tx:
        copies.gone(tx, house.clock, old)
    assert seen(clients)[1] == "well"
