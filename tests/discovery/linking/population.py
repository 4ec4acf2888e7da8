"""A made-up population in households, and what five systems of a contact centre hold of it, untidily. From a seed.

Hard on purpose: couples that share an address, a telephone, an e-mail address or an account; twins; fathers and sons of one name,
rarely called junior; people who marry and change their name, or move; offices with one number; short forms and slips of the pen.
Numbers and addresses are from ranges reserved for examples, or belong to nobody.
"""

import hashlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking.clues import ClueKind, clues
from rightcall.discovery.linking.model import Record
from rightcall.ids import SystemId, new_id

_GIVEN = (
    "Ada Ben Clara Daniel Emma Felix Greta Henry Ida Jonas Karla Liam Mia Noah Olivia Paul Rosa Samuel Thea Victor Anna Oscar"
    " Laura Emil Sofia Alexander Julia Magnus Lena Peter Maria Thomas Eva Martin Sara Christian Nina Jan Helen David Alice"
    " George Lucy Arthur Ellen Jakob Marta Simon Vera Leo"
)
_COMMON = "Smith Jensen Nielsen Müller Schmidt Jones Hansen Andersson Johansson Martin Garcia Brown Wilson Weber Dubois"
_SYLLABLES = "ber lin ton ham wood ford stein dal vik gren holm mar kel ros win hart ley ster bach feld mann gard sund"
_STREETS = "Mill Road,Station Road,Church Lane,High Street,Park Avenue,King Street,School Lane,Victoria Road,Green Lane"
_SHORT = {
    "Daniel": "Dan",
    "Samuel": "Sam",
    "Alexander": "Alex",
    "Thomas": "Tom",
    "Christian": "Chris",
    "Victor": "Vic",
    "Helen": "Nell",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person as they are. `junior`: whose father has the same name."""

    number: int
    given: str
    family: str
    born: date
    street: str
    postcode: str
    tel: str
    home: str
    email: str
    iban: str
    customer: str
    junior: bool = False
    before: str = ""
    earlier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A record, and whom it is about in truth."""

    record: Record
    person: int


@dataclass(slots=True, kw_only=True)
class Population:
    """`households` of them, always the same ones for a seed."""

    households: int
    seed: int = 20261125
    people: list[Someone] = field(default_factory=list)
    _dice: random.Random = field(default_factory=random.Random)

    def __post_init__(self) -> None:
        self._dice.seed(self.seed)
        for number in range(self.households):
            self.people.extend(self._household(number))

    def records(self) -> Iterator[Told]:
        """System after system: the customers first, as one would."""
        systems = [SystemId(new_id()) for _ in range(5)]
        for system, shape in zip(systems, (_crm, _billing, _tickets, _sheet, _newsletter), strict=True):
            for person in self.people:
                if self._dice.random() < 0.8:
                    fields = shape(person, self._dice)
                    yield Told(record=_record(system, fields, ours=shape is not _newsletter), person=person.number)

    def _household(self, number: int) -> list[Someone]:
        dice = self._dice
        family = dice.choice(_COMMON.split()) if dice.random() < 0.35 else "".join(dice.choices(_SYLLABLES.split(), k=3)).title()
        street = f"{dice.randint(1, 180)} {dice.choice(_STREETS.split(','))}"
        area, sector = f"{dice.choice('ABCDEGHLMNSW')}{dice.randint(1, 20)}", f"{dice.randint(1, 9)}{dice.choice('ABDEFGH')}"
        postcode = f"{area} {sector}{dice.choice('JLNPQRST')}"
        home = f"+4420794{number % 100000:05d}"
        office = f"+4411749{dice.randint(0, 60):05d}"
        account = f"GB{dice.randint(10, 99)}EXMP{number:014d}"
        first = Someone(
            number=len(self.people),
            given=dice.choice(_GIVEN.split()),
            family=family,
            born=date(1940, 1, 1) + timedelta(days=dice.randint(0, 22000)),
            street=street,
            postcode=postcode,
            tel=office if dice.random() < 0.05 else f"+4477009{dice.randint(0, 99999):05d}",
            home=home,
            email="",
            iban=account,
            customer="",
            before=f"{dice.randint(1, 180)} {dice.choice(_STREETS.split(','))}" if dice.random() < 0.08 else "",
        )
        members = [first]
        if dice.random() < 0.65:
            members.append(self._another(first, len(self.people) + 1, generation=0))
            if dice.random() < 0.2:
                members[1] = replace(members[1], earlier=dice.choice(_COMMON.split()))
        for _ in range(dice.choice((0, 0, 0, 1, 1, 2))):
            members.append(self._another(first, len(self.people) + len(members), generation=1))
            if dice.random() < 0.05:
                members.append(
                    replace(self._another(first, len(self.people) + len(members), generation=1), born=members[-1].born)
                )
        return self._mailed(members)

    def _another(self, first: Someone, number: int, *, generation: int) -> Someone:
        dice = self._dice
        is_namesake = generation == 1 and dice.random() < 0.02
        return replace(
            first,
            number=number,
            given=first.given if is_namesake else dice.choice([each for each in _GIVEN.split() if each != first.given]),
            born=first.born + timedelta(days=dice.randint(-2500, 2500) + generation * dice.randint(7500, 13000)),
            tel=f"+4477009{dice.randint(0, 99999):05d}",
            junior=is_namesake,
        )

    def _mailed(self, members: list[Someone]) -> list[Someone]:
        """Addresses and customer ids; some couples share the address, as they share the account."""
        shares = self._dice.random() < 0.12
        found: list[Someone] = []
        for nth, each in enumerate(members):
            own = f"{each.given}.{each.family}{each.number}@mail.example".lower()
            email = found[0].email if shares and nth == 1 else own
            found.append(replace(each, email=email, customer=f"C-{each.number:06d}"))
        return found


Fields = list[tuple[str, str, str | None]]


def _named(person: Someone, dice: random.Random, *, formal: bool = False) -> str:
    given = _SHORT.get(person.given, person.given) if not formal and dice.random() < 0.15 else person.given
    if dice.random() < 0.02:
        given = given[:2] + given[3:]
    family = person.earlier if person.earlier and dice.random() < 0.3 else person.family
    given = f"{given[0]}." if not formal and dice.random() < 0.06 else given
    suffix = " Jr" if person.junior and dice.random() < 0.3 else ""
    return f"{family}, {given}{suffix}" if dice.random() < 0.2 else f"{given} {family}{suffix}"


def _lives(person: Someone, dice: random.Random) -> str:
    street = person.before if person.before and dice.random() < 0.4 else person.street
    return f"{street}, Leeds {person.postcode}"


def _phoned(person: Someone, dice: random.Random) -> str:
    return person.home if dice.random() < 0.35 else person.tel


def _crm(person: Someone, dice: random.Random) -> Fields:
    fields: Fields = [("customer_id", person.customer, None), ("person_name", _named(person, dice, formal=True), None)]
    fields += [(Kind.EMAIL, person.email, None)] if dice.random() < 0.8 else []
    fields += [(Kind.PHONE, _phoned(person, dice), None)] if dice.random() < 0.9 else []
    fields += [(Kind.DATE_OF_BIRTH, person.born.isoformat(), None)] if dice.random() < 0.6 else []
    return [*fields, ("postal_address", _lives(person, dice), None)]


def _billing(person: Someone, dice: random.Random) -> Fields:
    fields: Fields = [("customer_id", person.customer, None)] if dice.random() < 0.5 else []
    fields += [("iban", person.iban, None)] if dice.random() < 0.7 else []
    return [*fields, ("person_name", _named(person, dice), None), ("postal_address", _lives(person, dice), None)]


def _tickets(person: Someone, dice: random.Random) -> Fields:
    fields: Fields = [("person_name", _named(person, dice), None)] if dice.random() < 0.9 else []
    fields += [(Kind.EMAIL, person.email, None)] if dice.random() < 0.6 else []
    return [*fields, *([(Kind.PHONE, _phoned(person, dice), None)] if dice.random() < 0.8 else [])]


def _sheet(person: Someone, dice: random.Random) -> Fields:
    fields: Fields = [("person_name", _named(person, dice), None), ("postal_address", _lives(person, dice), None)]
    fields += [(Kind.DATE_OF_BIRTH, person.born.strftime("%d/%m/%Y"), None)] if dice.random() < 0.7 else []
    return [*fields, (Kind.PHONE, _phoned(person, dice), None)]


def _newsletter(person: Someone, dice: random.Random) -> Fields:
    return [(Kind.EMAIL, person.email, None), *([("person_name", _named(person, dice), None)] if dice.random() < 0.5 else [])]


def in_crm(system: SystemId, person: Someone, dice: random.Random) -> Record:
    """As a customer."""
    return _record(system, _crm(person, dice), ours=True)


def _record(system: SystemId, fields: Fields, *, ours: bool) -> Record:
    found: dict[ClueKind, set[bytes]] = {}
    for type, value, head in fields:
        for clue in clues(type, value, regions=("GB",), field=head):
            told = f"{clue.kind.context}\0{clue.value.reveal('made up')}"
            found.setdefault(clue.kind, set()).add(hashlib.sha256(told.encode()).digest())
    return Record(id=new_id(), system=system, ours=ours, clues={kind: frozenset(blinds) for kind, blinds in found.items()})
