"""Which value a name in a text stands for."""

from rightcall.bench._corpora.fresh import contacts as fresh
from rightcall.bench._corpora.making import others
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.turns import contacts, telephones

_NOBODYS = {
    "begun": telephones.begun,
    "ends": telephones.ends,
    "back": telephones.back,
    "ibanback": contacts.iban_back,
    "ticket": contacts.ticket,
    "reading": contacts.reading,
    "once": contacts.once,
    "miles": contacts.miles,
    "sum": contacts.sum_of,
    "clock": contacts.clock,
    "price": fresh.price,
    "hours": fresh.hours,
    "date": fresh.date,
    "town": others.town,
}
_OTHERS = {
    **NUMBERS,
    **_NOBODYS,
    "phone": telephones.phone,
    "mobile": telephones.mobile,
    "landline": telephones.landline,
    "intl": telephones.abroad,
    "foreign": telephones.foreign,
    "iban": contacts.iban,
    "hetu": contacts.hetu,
    "cpr": contacts.cpr,
    "personnummer": contacts.personnummer,
    "birth": fresh.birth,
    "address": fresh.address,
}
KINDS = Kinds({**NAMES, "email": contacts.mail}, _OTHERS, each_new=frozenset((*_NOBODYS, "order", "expiry")))
