"""Which value a name in a text stands for: one table for each part of the corpora."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from rightcall.bench._corpora.making import numbers, people
from rightcall.bench._corpora.making.values import Maker, Person, Value

NAMES: Mapping[str, Callable[[Maker, Person], Value]] = {
    "name": people.full,
    "turned": people.turned,
    "first": people.first,
    "last": people.last,
    "spelled": people.spelled,
}
NUMBERS: Mapping[str, Callable[[Maker], Value]] = {
    "card": numbers.card,
    "amex": numbers.amex,
    "code": numbers.code,
    "codelong": numbers.long_code,
    "expiry": numbers.expiry,
    "iban": numbers.iban,
    "account": numbers.account,
    "sort": numbers.sorting,
    "routing": numbers.routing,
    "nino": numbers.nino,
    "nhs": numbers.nhs,
    "ssn": numbers.ssn,
    "tax": numbers.tax,
    "nir": numbers.nir,
    "cpr": numbers.cpr,
    "personnummer": numbers.personnummer,
    "hetu": numbers.hetu,
    "bsn": numbers.bsn,
    "dni": numbers.dni,
    "nie": numbers.nie,
    "plate": numbers.plate,
    "order": numbers.order,
}


@dataclass(frozen=True, slots=True)
class Kinds:
    """`each_new`: what is another one each time that it is asked for without a key."""

    of_people: Mapping[str, Callable[[Maker, Person], Value]]
    others: Mapping[str, Callable[[Maker], Value]]
    each_new: frozenset[str]

    def make(self, maker: Maker, name: str, key: str) -> Value:
        """What is somebody's comes again when it is asked for again with its key, or again with none."""
        if name in self.each_new and not key:
            return self.others[name](maker)
        if (name, key) not in maker.made:
            of_people = self.of_people.get(name)
            maker.made[name, key] = of_people(maker, maker.person(key)) if of_people else self.others[name](maker)
        return maker.made[name, key]
