"""Which value a name in a text stands for."""

from collections.abc import Callable, Mapping

from rightcall.bench._corpora.fresh import contacts, numbers
from rightcall.bench._corpora.fresh.values import Maker, Person, Value

_OF_PEOPLE: Mapping[str, Callable[[Maker, Person], Value]] = {
    "name": contacts.full,
    "turned": contacts.turned,
    "first": contacts.first,
    "last": contacts.last,
    "spelled": contacts.spelled,
    "email": contacts.mail,
}
_OTHERS: Mapping[str, Callable[[Maker], Value]] = {
    "card": numbers.card,
    "amex": numbers.amex,
    "code": numbers.code,
    "codelong": numbers.long_code,
    "expiry": numbers.expiry,
    "phone": contacts.phone,
    "iban": numbers.iban,
    "account": numbers.account,
    "sort": numbers.sorting,
    "routing": numbers.routing,
    "birth": contacts.birth,
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
    "address": contacts.address,
    "usaddress": contacts.us_address,
    "postcode": contacts.postcode,
    "ip": contacts.ip,
    "plate": numbers.plate,
    "customer": numbers.customer,
    "case": numbers.case,
    "order": numbers.order,
    "price": contacts.price,
    "hours": contacts.hours,
    "date": contacts.date,
    "version": contacts.version,
    "town": contacts.town,
}
_EACH_NEW = frozenset(("order", "price", "hours", "date", "version", "town", "expiry"))


def make(maker: Maker, name: str, key: str) -> Value:
    """What is somebody's comes again when it is asked for again with its key, or again with none."""
    if name in _EACH_NEW and not key:
        return _OTHERS[name](maker)
    if (name, key) not in maker.made:
        of_people = _OF_PEOPLE.get(name)
        maker.made[name, key] = of_people(maker, maker.person(key)) if of_people else _OTHERS[name](maker)
    return maker.made[name, key]
