"""Reading what other systems keep about the person, where it lies, as it is there now. Outside of any transaction; what is read
lives until it is in the package, and is kept nowhere else."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from rightcall.database.connection import Transaction
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.looking.model import Rules
from rightcall.discovery.model import NotRead, SourceGone
from rightcall.discovery.others import actions as others
from rightcall.discovery.ports import Ability, Opener, Spot, System
from rightcall.discovery.scans.procedure import rules_of
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import RegisteredSystem
from rightcall.erasure.elsewhere.rules import spot_of
from rightcall.errors import Conflict, Malformed, NotAllowed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.model import Holding
from rightcall.ids import HoldingId, SystemId
from rightcall.personal import MASK, Personal
from rightcall.recordings.using import NEVER_SHOWN
from rightcall.requests.packages.masking import masked
from rightcall.requests.packages.model import Became, Why
from rightcall.subjects.joining import actions as joining
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

LONGEST = 1 << 20
"""Of one thing: what is longer is no value of a field, and somebody looks at it."""
_FOR = "hand it to the person whom it is about"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What became of one thing. `text`: what lies there, where it is given."""

    state: Became
    why: Why | None = None
    text: Personal[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """What is to be read in one system. `address` None: it was retired. `of_others`: which are of somebody else, whom the
    person's record names or quotes."""

    system: RegisteredSystem
    address: Personal[str] | None = field(repr=False)
    spots: Mapping[HoldingId, Spot | None]
    of_others: frozenset[HoldingId]

    @property
    def rules(self) -> Rules:
        return rules_of(self.system)


def is_whole(holding: Holding) -> bool:
    """Not a stretch that was found to be about this person: others may be told of in it."""
    return holding.place.start is None


def errands(tx: Transaction, vault: Vault, found: Sequence[Holding]) -> list[Errand]:
    """Where these lie; those that are not there any more are left out."""
    there = [each for each in found if not each.is_ours and each.is_there]
    places, links = holdings.places(tx, vault, there), linking.links_of(tx, [each.id for each in there])
    person = {subject for each in {each.subject for each in there} for subject in joining.person(tx, each)}
    of_others = frozenset(id for id, found_in in links.items() if found_in.of_another)
    of_others |= others.of_others(tx, vault, sorted(person), [each.id for each in there])
    by_system: dict[SystemId, dict[HoldingId, Spot | None]] = {}
    for each in there:
        place = places[each.id]
        assert each.place.system is not None  # noqa: S101 - it is not ours
        spots = by_system.setdefault(each.place.system, {})
        spots[each.id] = None if isinstance(place, Dark) else spot_of(place, why=_FOR)
    return [_errand(tx, vault, system, spots, of_others & spots.keys()) for system, spots in by_system.items()]


def read(
    opens: Opener, errand: Errand, *, own: Collection[str], given: Collection[HoldingId]
) -> Iterator[tuple[HoldingId, Value]]:
    """As far as the system answers; what comes after that is away. `given`: what somebody looked at and lets the person have."""
    away = Value(state=Became.AWAY, why=Why.SYSTEM_AWAY)
    left = dict(errand.spots)
    if errand.address is not None:
        try:
            with closing(opens(errand.address, load=errand.system.load)) as system:
                for holding, spot in errand.spots.items():
                    value = _value(system, spot, errand.rules, own=own, is_given=holding in given)
                    yield holding, _of_another(value) if holding in errand.of_others - set(given) else value
                    del left[holding]
        except (SourceGone, NotFound, Malformed):
            pass
    yield from ((holding, away) for holding in left)


def is_secret(holding: Holding) -> bool:
    """A card's number, a password: shown to nobody."""
    return holding.category.value in NEVER_SHOWN


def _of_another(value: Value) -> Value:
    """What is of somebody else is in the package as nothing but that it is there."""
    return value if value.text is None else Value(state=Became.MASKED, why=Why.OF_ANOTHER, text=Personal(MASK))


def _errand(
    tx: Transaction, vault: Vault, system: SystemId, spots: Mapping[HoldingId, Spot | None], of_others: frozenset[HoldingId]
) -> Errand:
    registered = systems.get(tx, system)
    address = None if registered.retired_at is not None else systems.address_of(tx, vault, registered)
    return Errand(system=registered, address=address, spots=spots, of_others=of_others)


def _value(system: System, spot: Spot | None, rules: Rules, *, own: Collection[str], is_given: bool) -> Value:
    if Ability.EXPORT not in system.abilities:
        return Value(state=Became.AWAY, why=Why.CANNOT_EXPORT)
    if spot is None:
        return Value(state=Became.DARK)
    try:
        told = system.export(spot)
    except NotFound:
        return Value(state=Became.GONE)
    except NotAllowed:
        return Value(state=Became.AWAY, why=Why.CANNOT_EXPORT)
    except (NotRead, Conflict, Malformed):
        return Value(state=Became.WAITS, why=Why.OTHERS_WRITTEN)
    return _safe(told, spot, rules, own=own, is_given=is_given)


def _safe(told: bytes, spot: Spot, rules: Rules, *, own: Collection[str], is_given: bool) -> Value:
    """As it is where it is theirs alone or somebody looked at it; else without what is about others."""
    try:
        text = told[:LONGEST].decode()
    except UnicodeDecodeError:
        text = None
    if is_given:
        return Value(state=Became.GIVEN, text=Personal(told[:LONGEST].decode("utf-8", "replace")))
    if text is None or len(told) > LONGEST:
        return Value(state=Became.WAITS, why=Why.OTHERS_WRITTEN)
    if spot.start is not None:
        return Value(state=Became.GIVEN, text=Personal(text))
    done = masked(text, own, rules)
    return Value(state=Became.MASKED if done.covered else Became.GIVEN, text=Personal(done.text))
