"""Which value a name in a text stands for."""

from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.turns import contacts as turns
from rightcall.bench._corpora.ways import contacts, telephones

_NOBODYS = {
    "back": telephones.back,
    "misheard": telephones.misheard,
    "ends": telephones.ends,
    "ext": telephones.extension,
    "ibanback": contacts.iban_back,
    "ticket": turns.ticket,
    "reading": turns.reading,
    "once": turns.once,
    "miles": turns.miles,
    "sum": turns.sum_of,
    "clock": turns.clock,
}
_OTHERS = {
    **NUMBERS,
    **_NOBODYS,
    "phone": telephones.phone,
    "mobile": telephones.mobile,
    "landline": telephones.landline,
    "intl": telephones.abroad,
    "foreign": telephones.foreign,
    "wide": telephones.wide,
    "iban": contacts.iban,
    "sort": contacts.sorting,
    "account": contacts.account,
}
KINDS = Kinds({**NAMES, "email": contacts.mail}, _OTHERS, each_new=frozenset((*_NOBODYS, "order", "expiry")))
