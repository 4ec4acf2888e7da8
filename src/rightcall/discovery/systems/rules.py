"""What serves which purpose in another system, and what a system may do. Facts in, decisions out."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from rightcall.discovery.categories import category_of
from rightcall.discovery.days import day_in
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems.fitting import fits, fits_object
from rightcall.discovery.systems.model import Erases, SystemUse
from rightcall.errors import Malformed

KINDS = {"postgres": "postgresql", "mysql": "mariadb", "https": "http"}


def use_of(uses: Sequence[SystemUse], kind: str, *, object: str, field: str | None, category: str) -> SystemUse | None:
    """The first that fits in a system of that kind; None where nobody said what it is for. What lies in no field fits only what
    takes any."""
    for use in uses:
        is_field = use.fields == "*" if field is None else fits(use.fields, field)
        if is_field and fits_object(use.objects, object, kind) and use.category in (None, category):
            return use
    return None


def may_serve(uses: Sequence[SystemUse], kind: str, *, object: str, category: str) -> bool:
    """Whether what lies in any field there may serve a purpose that somebody said."""
    return any(fits_object(use.objects, object, kind) and use.category in (None, category) for use in uses)


def dated_on(
    uses: Sequence[SystemUse], kind: str, object: str, type: str, field: str, cells: Mapping[str, str | None]
) -> date | None:
    """The day in its row that the term of what was found there counts from; None where it counts from no such day, or none stands
    there."""
    use = use_of(uses, kind, object=object, field=field, category=category_of(type))
    if use is None or use.term_field is None:
        return None
    wanted = use.term_field.strip().casefold()
    return next((day_in(cell) for head, cell in cells.items() if head.strip().casefold() == wanted), None)


def in_words(uses: Sequence[SystemUse]) -> tuple[str, ...]:
    """All that `dated_on` goes by; nothing where no term counts from a field."""
    if all(use.term_field is None for use in uses):
        return ()
    return tuple(f"{use.objects} {use.fields} {use.category} {use.term_field}" for use in uses)


def declared(abilities: Iterable[Ability]) -> frozenset[Ability]:
    """As they count: erasing without looking again is not offered, since nobody could say that it was done."""
    given = frozenset(abilities)
    return given if Ability.CONFIRM in given else given - {Ability.ERASE}


def as_wished(abilities: frozenset[Ability], erases: Erases | None, *, corrects: bool) -> frozenset[Ability]:
    """What a system counts as able to: nothing is erased and nothing put right where nobody wished it. Malformed as
    `check_erasable` and `check_correctable`."""
    if erases is not None:
        check_erasable(abilities)
    if corrects:
        check_correctable(abilities)
    unwished = {*([] if erases else [Ability.ERASE]), *([] if corrects else [Ability.CORRECT])}
    return abilities - unwished


def check_erasable(abilities: frozenset[Ability]) -> None:
    """Malformed where it lets nothing go, or cannot be asked again whether it did."""
    missing = sorted({Ability.ERASE, Ability.CONFIRM} - abilities)
    if missing:
        raise Malformed(
            f"This system cannot {' or '.join(missing)}, so nothing can be let go of there: what nobody can look at again, nobody"
            " can confirm. Register it for reading alone, or have it learn that."
        )


def check_correctable(abilities: frozenset[Ability]) -> None:
    """Malformed where nothing can be put right there, or read back."""
    missing = sorted({Ability.CORRECT, Ability.EXPORT} - abilities)
    if missing:
        raise Malformed(
            f"This system cannot {' or '.join(missing)}, so nothing is put right there by itself: what cannot be read back is not"
            " known to be right. Leave that out; each correction is then a task for a person."
        )


def kind_of(address: str) -> str:
    """The scheme of a URL, `folder` for a path. What stands behind the scheme is never told."""
    if address.lower().startswith("vcons:"):
        return "vcons"
    scheme, mark, _ = address.partition("://")
    if not mark or not scheme.isascii() or not scheme.replace("+", "").isalnum():
        return "folder"
    plain = scheme.lower().partition("+")[0]
    return "folder" if plain == "file" else KINDS.get(plain, plain)
