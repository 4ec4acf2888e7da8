"""Which value a name in a text stands for."""

from rightcall.bench._corpora.fresh import contacts
from rightcall.bench._corpora.making import others
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds

_OTHERS = {
    **NUMBERS,
    "phone": contacts.phone,
    "birth": contacts.birth,
    "address": contacts.address,
    "usaddress": contacts.us_address,
    "postcode": contacts.postcode,
    "ip": others.ip,
    "customer": contacts.customer,
    "case": contacts.case,
    "price": contacts.price,
    "hours": contacts.hours,
    "date": contacts.date,
    "version": others.version,
    "town": others.town,
}
KINDS = Kinds(
    {**NAMES, "email": contacts.mail},
    _OTHERS,
    each_new=frozenset(("order", "price", "hours", "date", "version", "town", "expiry")),
)
