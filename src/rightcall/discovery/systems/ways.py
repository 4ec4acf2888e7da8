"""How to get into a system: opened once, it says what it can do. And addresses whose credentials come apart from them, so that
nobody has to know how a URL writes an @ in a password; what holds credentials is shown to nobody again."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from rightcall.database.connection import Transaction
from rightcall.discovery.ports import Ability, Opener
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, Erases, RegisteredSystem
from rightcall.errors import Malformed
from rightcall.personal import Personal
from rightcall.vault.actions import Vault

_PART = re.compile("[/?#]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`erases` None and not `corrects`: for reading alone. `writing`: how to get in to change things, where that is
    another way."""

    address: Personal[str]
    erases: Erases | None = None
    writing: Personal[str] | None = None
    corrects: bool = False


def changed_way(tx: Transaction, vault: Vault, system: RegisteredSystem, change: Change) -> Way:
    """The way in as `change` would have it."""
    known = systems.address_of(tx, vault, system)
    known_for_writing = systems.address_for_erasing(tx, vault, system)
    return Way(
        address=change.address or known,
        erases=None if change.read_only or change.erases_nothing else change.erases or system.erases,
        corrects=systems.corrects_by(system, change),
        writing=change.writing or (None if known_for_writing == known else known_for_writing),
    )


def abilities_by(open_system: Opener, way: Way) -> frozenset[Ability]:
    """Outside of any transaction: it waits for somebody else's machine."""
    if way.erases is None and not way.corrects:
        return systems.abilities_of(open_system, way.address)
    return systems.writable_abilities_of(open_system, way.address, writing=way.writing, erases=way.erases, corrects=way.corrects)


def with_credentials(address: str, name: str, password: str) -> Personal[str]:
    """The address with whom to sign in as. Malformed where it takes none, or names somebody already."""
    if not name and not password:
        return Personal(address)
    scheme, mark, rest = address.partition("://")
    if not mark:
        raise Malformed("A folder or a file takes no name and no password. Leave them out.")
    if "@" in _PART.split(rest, maxsplit=1)[0]:
        raise Malformed(
            "This address names somebody already. Leave that out of it, or leave the fields for name and password empty."
        )
    behind = f":{quote(password, safe='')}" if password else ""
    return Personal(f"{scheme}://{quote(name, safe='')}{behind}@{rest}")


def has_no_credentials(address: str) -> bool:
    """Whether it may be shown again to whoever wrote it: nothing in it can be a name, a password or a key."""
    return "@" not in address and "?" not in address
