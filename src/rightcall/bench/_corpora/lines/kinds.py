"""Which value a name in a text stands for."""

from rightcall.bench._corpora.fresh import contacts as fresh
from rightcall.bench._corpora.lines import contacts, telephones
from rightcall.bench._corpora.making import others
from rightcall.bench._corpora.making.kinds import NAMES, NUMBERS, Kinds
from rightcall.bench._corpora.unseen import contacts as unseen

_TELEPHONES = {
    "phone": telephones.phone,
    "mobile": telephones.mobile,
    "landline": telephones.landline,
    "intl": telephones.international,
    "foreign": telephones.foreign,
    "usphone": telephones.american,
    "irish": telephones.irish,
    "swiss": telephones.swiss,
    "austrian": telephones.austrian,
    "belgian": telephones.belgian,
    "finnish": telephones.finnish,
    "back": telephones.back,
}
_NOBODYS = {
    "parcel": contacts.parcel,
    "part": contacts.part,
    "reading": contacts.reading,
    "ref": contacts.ref,
    "ext": contacts.ext,
    "tail": contacts.tail,
    "once": contacts.once,
    "time": contacts.time,
    "bic": contacts.bic,
    "price": fresh.price,
    "hours": fresh.hours,
    "date": fresh.date,
    "version": others.version,
    "town": others.town,
}
_OTHERS = {
    **NUMBERS,
    **_TELEPHONES,
    **_NOBODYS,
    "iban": contacts.iban,
    "account": contacts.account,
    "usaccount": contacts.american_account,
    "hetu": contacts.hetu,
    "birth": unseen.birth,
    "address": fresh.address,
    "usaddress": fresh.us_address,
    "postcode": fresh.postcode,
    "ip": others.ip,
    "member": contacts.member,
}
KINDS = Kinds({**NAMES, "email": contacts.mail}, _OTHERS, each_new=frozenset((*_NOBODYS, "back", "order", "expiry")))
