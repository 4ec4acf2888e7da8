"""What serves which purpose in another system, and what a system may do. Facts in, decisions out."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from rightcall.discovery.ports import Ability
from rightcall.discovery.systems.model import SystemUse

KINDS = {"postgres": "postgresql", "mysql": "mariadb", "https": "http"}


def use_of(uses: Sequence[SystemUse], *, object: str, field: str | None, category: str) -> SystemUse | None:
    """The first that fits; None where nobody said what it is for. What lies in no field fits only what takes any."""
    for use in uses:
        is_field = use.fields == "*" if field is None else fnmatchcase(field, use.fields)
        if is_field and fnmatchcase(object, use.objects) and use.category in (None, category):
            return use
    return None


def declared(abilities: Iterable[Ability]) -> frozenset[Ability]:
    """As they count: erasing without looking again is not offered, since nobody could say that it was done."""
    given = frozenset(abilities)
    return given if Ability.CONFIRM in given else given - {Ability.ERASE}


def kind_of(address: str) -> str:
    """The scheme of a URL, `folder` for a path. What stands behind the scheme is never told."""
    if address.lower().startswith("vcons:"):
        return "vcons"
    scheme, mark, _ = address.partition("://")
    if not mark or not scheme.isascii() or not scheme.replace("+", "").isalnum():
        return "folder"
    plain = scheme.lower().partition("+")[0]
    return "folder" if plain == "file" else KINDS.get(plain, plain)
