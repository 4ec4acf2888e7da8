"""What was said to be for a purpose, and fits nothing that the scans listed there; or, by one name, several tables."""

from rightcall.database.connection import Transaction
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.sealing import open_names
from rightcall.discovery.scans.objects import store as object_store
from rightcall.discovery.systems.fitting import DATABASES, Misfit, misfits
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.ids import ObjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_MOST = 20_000
"""Names that are opened to be looked through. Where there are more, nothing is told: what fits may be among the others."""


def misfits_of(tx: Transaction, vault: Vault, system: RegisteredSystem) -> list[Misfit]:
    """Nothing before anything was listed, and once the system is retired."""
    shapes = [use.objects for use in system.uses if use.objects != "*"]
    sealed = object_store.names_there(tx, system.id, _MOST + 1) if shapes and system.retired_at is None else []
    names = open_names(tx, vault, system.key, sealed) if 0 < len(sealed) <= _MOST else []
    if isinstance(names, Dark) or not names:
        return []
    objects = {object: name for (object, _), name in zip(sealed, names, strict=True)}
    found = list(misfits(shapes, set(names), system.kind, ()))
    if not found:
        return []
    return list(misfits((each.objects for each in found), set(names), system.kind, _tellable(tx, vault, system, objects)))


def _tellable(tx: Transaction, vault: Vault, system: RegisteredSystem, objects: dict[ObjectId, str]) -> set[str]:
    """A file may be named after somebody."""
    if system.kind in DATABASES:
        return set(objects.values())
    return set(findings.plain_names(tx, vault, system, objects).values())


def told(each: Misfit) -> str:
    """In one line."""
    if each.several:
        return f"{each.objects} is the name of several, and is for all of them: {', '.join(each.several)}."
    like = f" Like it: {', '.join(each.like)}." if each.like else ""
    return f"{each.objects} fits nothing that lies there, so that what it says serves no purpose yet.{like}"
