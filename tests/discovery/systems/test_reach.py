"""One database or folder under two names is told, by however many addresses it is reached."""

from pathlib import Path

import pytest

from rightcall.database.connection import Transaction
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, NewSystem, RegisteredSystem, SystemName
from rightcall.discovery.systems.reach import reach_of, relation_of
from rightcall.errors import Conflict
from rightcall.ids import SystemId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.systems.test_systems import BY, FIND


def relation(new: str, known: str) -> str | None:
    one, other = reach_of(new), reach_of(known)
    return None if one is None or other is None else relation_of(one, other)


@pytest.mark.parametrize(
    ("new", "known", "told"),
    [
        ("postgresql://a:b@crm.example/sales", "postgres://reader:c@CRM.example:5432/sales?sslmode=require", "is"),
        ("postgresql://a@localhost/sales", "postgresql://127.0.0.1/?dbname=sales", "is"),
        ("postgresql://sales@localhost", "postgresql://b@localhost/sales", "is"),
        ("postgresql://a@crm.example/sales", "postgresql://a@crm.example/staff", None),
        ("postgresql://a@crm.example:5433/sales", "postgresql://a@crm.example/sales", None),
        ("postgresql://a@crm.example/sales", "mariadb://a@crm.example/sales", None),
        ("mysql://a@db.example/crm", "mariadb://b@db.example:3306/crm", "is"),
        ("mariadb://a@db.example", "mariadb://a@db.example/crm", "has"),
        ("s3://k:s@calls/2026/", "s3://calls/20?region=eu-north-1", "lies"),
        ("s3://calls?endpoint=http://localhost:9000", "vcons:s3://calls/x?endpoint=http://127.0.0.1:9000", "has"),
        ("s3://calls?endpoint=http://localhost:9000", "s3://calls", None),
        ("own+https://t@crm.example/base", "own+https://u@crm.example:443/base/", "is"),
        ("conserver://one", "conserver://one", None),
        ("postgresql://[broken", "postgresql://[broken", None),
    ],
)
def test_addresses_that_lead_to_the_same_are_seen(new: str, known: str, told: str | None) -> None:
    found = relation(new, known)
    assert (found and found.split()[0]) == told


def test_folders_are_the_same_by_whatever_link_and_a_file_beside_is_another(tmp_path: Path) -> None:
    share = tmp_path / "share"
    (share / "old").mkdir(parents=True)
    (tmp_path / "link").symlink_to(share)
    assert relation(f"{tmp_path}/link/", str(share)) == relation(f"file://{share}", f"vcons:{share}")
    assert (relation(str(share / "old"), f"{tmp_path}/link") or "").startswith("lies within")
    assert (relation(str(share), f"{tmp_path}/link/old") or "").startswith("has in it")
    assert relation(f"{share}-2", str(share)) is None
    assert relation(f"sqlite:///{tmp_path}/link/a.db", f"sqlite:///{share}/a.db") == relation(str(share), str(share))
    (share / "a.db").write_bytes(b"")
    (tmp_path / "b.db").hardlink_to(share / "a.db")
    (tmp_path / "c.db").write_bytes(b"")
    assert (relation(f"sqlite:///{tmp_path}/b.db", f"sqlite:///{share}/a.db") or "").startswith("is what")
    assert relation(f"sqlite:///{tmp_path}/c.db", f"sqlite:///{share}/a.db") is None


@pytest.mark.parametrize("form", ["{}", "vcons:{}", "sqlite:///{}"])
def test_an_address_means_the_same_wherever_it_is_opened_from(
    form: str, tx: Transaction, vault: Vault, clock: FixedClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    new = NewSystem(name=SystemName(text="share"), address=Personal(form.format("./share")))
    made = systems.register(tx, vault, clock, new, abilities=FIND, by=BY)
    assert systems.address_of(tx, vault, made) == Personal(form.format(f"{tmp_path}/share"))


def test_what_is_looked_at_already_is_registered_again_only_as_a_copy(
    tx: Transaction, vault: Vault, clock: FixedClock, tmp_path: Path
) -> None:
    def registered(name: str, address: Path, copy_of: tuple[SystemId, ...] = ()) -> RegisteredSystem:
        new = NewSystem(name=SystemName(text=name), address=Personal(str(address)), copy_of=copy_of)
        return systems.register(tx, vault, clock, new, abilities=FIND, by=BY)

    share = registered("share", tmp_path)
    for address in (tmp_path, tmp_path / "old", tmp_path.parent):
        with pytest.raises(Conflict, match=r"share: .*--copy-of share.*retire share"):
            registered("again", address)
    registered("again", tmp_path, (share.id,))
    other = registered("other", Path("/somewhere/else"))
    with pytest.raises(Conflict, match="lies within"):
        systems.checked(tx, vault, clock, other, Change(address=Personal(str(tmp_path / "new"))), abilities=FIND, by=BY)
    systems.checked(tx, vault, clock, other, Change(address=Personal("/somewhere")), abilities=FIND, by=BY)
    systems.retire(tx, vault, clock, systems.get(tx, "again"), by=BY)
    systems.retire(tx, vault, clock, share, by=BY)
    registered("anew", tmp_path)
