"""Which value a name in a text stands for."""

from rightcall.bench._corpora.lives import papers
from rightcall.bench._corpora.making import others
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.unseen import contacts, places, strangers

_STRANGERS = {
    "price": strangers.price,
    "large": strangers.large,
    "time": strangers.time,
    "later": strangers.later,
    "date": strangers.date,
    "parcel": strangers.parcel,
    "product": strangers.product,
    "version": others.version,
    "town": others.town,
}
_OTHERS = {
    **NUMBERS,
    **_STRANGERS,
    "phone": papers.phone,
    "passport": papers.passport,
    "birth": contacts.birth,
    "young": contacts.young,
    "address": places.address,
    "lines": places.lines,
    "street": places.street,
    "postcode": places.postcode,
    "usaddress": places.us_address,
    "ip": others.ip,
    "customer": papers.member,
    "case": papers.case,
}
_OF_PEOPLE = {
    **NAMES,
    "middle": contacts.middle,
    "initial": contacts.initial,
    "email": contacts.mail,
    "licence": papers.licence,
}
KINDS = Kinds(_OF_PEOPLE, _OTHERS, each_new=frozenset((*_STRANGERS, "order", "expiry")))
