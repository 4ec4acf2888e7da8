"""Which value a name in a text stands for."""

from rightcall.bench._corpora.making import others
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.unseen import contacts, places, strangers

_OF_PEOPLE = {
    **NAMES,
    "middle": contacts.middle,
    "initial": contacts.initial,
    "email": contacts.mail,
}
_STRANGERS = {
    "price": strangers.price,
    "large": strangers.large,
    "time": strangers.time,
    "later": strangers.later,
    "date": strangers.date,
    "parcel": strangers.parcel,
    "product": strangers.product,
    "reading": strangers.reading,
    "once": strangers.once,
    "share": strangers.share,
    "few": strangers.few,
    "firm": strangers.firm,
    "version": others.version,
    "town": others.town,
}
_OTHERS = {
    **NUMBERS,
    **_STRANGERS,
    "phone": contacts.phone,
    "usphone": contacts.us_phone,
    "foreign": contacts.foreign,
    "birth": contacts.birth,
    "young": contacts.young,
    "address": places.address,
    "lines": places.lines,
    "street": places.street,
    "postcode": places.postcode,
    "usaddress": places.us_address,
    "ip": others.ip,
    "customer": contacts.customer,
    "case": contacts.case,
}
KINDS = Kinds(_OF_PEOPLE, _OTHERS, each_new=frozenset((*_STRANGERS, "order", "expiry")))
