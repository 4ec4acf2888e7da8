"""What a person is known by here, and what they want of all that is kept of them, as their own page tells it to them alone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from rightcall.database.connection import Transaction
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.model import Identifier, Since
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

Person = Sequence[SubjectId]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBy:
    """Names, and numbers and addresses that lead to them, each once."""

    names: tuple[str, ...] = field(repr=False)
    identifiers: tuple[Identifier, ...] = field(repr=False)


def known_by(tx: Transaction, vault: Vault, person: Person) -> KnownBy:
    names, identifiers = dict[str, None](), dict[tuple[str, str], Identifier]()
    for each in person:
        name, found = subjects.name_of(tx, vault, each), subjects.identifiers_of(tx, vault, each)
        if isinstance(name, Personal):
            names[_shown(name)] = None
        for one in () if isinstance(found, Dark) else found:
            identifiers[one.kind, _shown(one.value)] = one
    return KnownBy(names=tuple(names), identifiers=tuple(identifiers.values()))


def limits(tx: Transaction, person: Person) -> Since:
    """Since when what is kept of them is kept alone, and is not used on an interest, as they asked; None where it is not so."""
    found = restricting.own_limits(tx, person).values()
    return Since(
        restricted_at=_first(each.restricted_at for each in found), objected_at=_first(each.objected_at for each in found)
    )


def _first(times: Iterable[datetime | None]) -> datetime | None:
    return min((each for each in times if each is not None), default=None)


def _shown(value: Personal[str]) -> str:
    return value.reveal("show somebody what they are known by")
