"""What of the record follows from what: third countries, and what is missing. Pure.

A country is third by the law of the controller's own places: outside the EEA for one in the EU or EEA (GDPR Art. 44), outside the
United Kingdom for one there; a controller elsewhere has no transfers in this sense.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from rightcall.activities.model import (
    Capacity,
    Gap,
    Kept,
    Missing,
    NewRecipient,
    NewResponsible,
    Recipient,
    RecipientKind,
    Responsible,
    Standing,
    UseMade,
)
from rightcall.activities.saying import category_in_words
from rightcall.actors import Role
from rightcall.errors import Malformed
from rightcall.holdings.categories import Sensitivity, category_named
from rightcall.holdings.uses.model import UseAct
from rightcall.languages import canonical_language
from rightcall.purposes.model import Purpose

_UNION = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"
EEA = frozenset(f"{_UNION} IS LI NO".split())  # a list of words reads better as words
"""The 27 member states of the Union, and Iceland, Liechtenstein and Norway."""
_BY_THE_GDPR = EEA | {"EU"}
_COUNTRY = re.compile(r"[A-Z]{2}")
_LONGEST_NAME = 200
_LEAVES = frozenset({UseAct.SHARE})


def checked_recipient(new: NewRecipient) -> NewRecipient:
    """Malformed where something is missing or cannot be."""
    if not new.name.strip() or len(new.name) > _LONGEST_NAME or not new.name.isprintable():
        raise Malformed(f"A recipient has the name of an organisation, of at most {_LONGEST_NAME} characters on one line.")
    if not _COUNTRY.fullmatch(new.country):
        raise Malformed("The country is the two letters of ISO 3166 in capitals, such as DK or US: where the data is processed.")
    if not new.purposes or len(set(new.purposes)) != len(new.purposes):
        raise Malformed("Name the purposes for which it receives data: at least one, and each once.")
    return replace(new, language=None if new.language is None else canonical_language(new.language))


def checked_responsible(new: NewResponsible) -> NewResponsible:
    for each in (new.name, new.contact):
        if not each.strip() or len(each) > _LONGEST_NAME or not each.isprintable():
            raise Malformed(
                f"Give a name and a contact, each of at most {_LONGEST_NAME} characters on one line. They are published."
            )
    return new


def is_transfer(jurisdictions: Sequence[str], country: str) -> bool:
    """Whether data that goes there leaves the area of the controller's data protection law."""
    places = {code.partition("-")[0] for code in jurisdictions}
    if places & _BY_THE_GDPR:
        return country not in EEA
    return bool(places & {"UK", "GB"}) and country != "GB"


def general_gaps(
    responsible: Sequence[Responsible],
    unpurposed: Sequence[Kept],
    *,
    purposeless: Sequence[str],
    not_known: Sequence[str],
    is_counted: bool,
) -> Iterator[Gap]:
    """`purposeless`: systems that serve no purpose in which something was found that is nobody's. `not_known`: of systems, in
    words. `is_counted`: whether anybody has counted what is kept."""
    if not any(each.capacity is Capacity.DPO for each in responsible):
        yield Gap(missing=Missing.NO_DPO)
    for system in dict.fromkeys((*(each.system or "" for each in unpurposed), *purposeless)):
        yield Gap(missing=Missing.NO_PURPOSE, about=system)
    for told in not_known:
        yield Gap(missing=Missing.NOT_KNOWN, about=told)
    if not is_counted:
        yield Gap(missing=Missing.NOT_COUNTED)


def gaps(
    purpose: Purpose,
    standing: Standing,
    kept: Sequence[Kept] | None,
    recipients: Sequence[Recipient],
    transfers: Sequence[Recipient],
    uses: Sequence[UseMade],
) -> Iterator[Gap]:
    """What this activity's entry should say and cannot, and where what runs is not what is written. `kept` None: not counted."""
    categories = {each.category for each in kept or ()}
    for category in sorted(categories - set(purpose.data_categories)):
        yield Gap(missing=Missing.UNDECLARED_CATEGORY, about=category)
    for category in sorted(categories):
        if category_named(category).sensitivity in _GRAVE:
            yield Gap(missing=Missing.GRAVE_CATEGORY, about=category)
    if standing is Standing.RUNS and kept is not None and not kept:
        yield Gap(missing=Missing.NOTHING_HELD)
    if standing is Standing.ENDED and kept:
        yield Gap(missing=Missing.HELD_AFTER_END)
    for each in transfers:
        if each.safeguard is None:
            yield Gap(missing=Missing.NO_SAFEGUARD, about=each.country)
    for role in sorted({use.role for use in uses} - purpose.may_use - _NEED_NO_NAMING):
        yield Gap(missing=Missing.UNDECLARED_ROLE, about=role.value)
    if any(use.act in _LEAVES for use in uses) and not _outside(recipients):
        yield Gap(missing=Missing.UNDECLARED_SHARING)


_NEED_NO_NAMING = frozenset((Role.SYSTEM, Role.SUBJECT))
"""Rightcall, which puts together what a person asks for; and the person, who reads what is theirs."""
_GRAVE = frozenset((Sensitivity.SPECIAL_CATEGORY, Sensitivity.CRIMINAL))
_OF_CATEGORIES = frozenset((Missing.UNDECLARED_CATEGORY, Missing.GRAVE_CATEGORY))


def _outside(recipients: Sequence[Recipient]) -> list[Recipient]:
    return [each for each in recipients if each.kind is not RecipientKind.PROCESSOR]


SAYS: Mapping[Missing, str] = {
    Missing.NO_DPO: "Nobody is declared as data protection officer: that somebody works here in the role DPO declares nobody."
    " Declare who it is with `rightcall activities add-responsible`; where you need none, say so beside this record.",
    Missing.NO_SAFEGUARD: "Data goes to a third country without anything declared that lets it: {about}.",
    Missing.UNDECLARED_CATEGORY: "This is held for the purpose, and the purpose does not name it: {about}.",
    Missing.GRAVE_CATEGORY: "What the law protects most is held for it: {about}. Write down which ground of Art. 9(2) or 10 lets"
    " you, or let it go.",
    Missing.NOTHING_HELD: "Nothing is held for it at present.",
    Missing.HELD_AFTER_END: "The purpose has ended, and something is still held for it.",
    Missing.UNDECLARED_ROLE: "Somebody used it who may not by the purpose's entry: {about}.",
    Missing.UNDECLARED_SHARING: "Something was shared for it, and no recipient is declared.",
    Missing.NO_PURPOSE: "Something is held that serves no purpose: {about}.",
    Missing.NOT_KNOWN: "This record cannot tell all. {about}",
    Missing.NOT_COUNTED: "What is kept, and how it was used, was not counted yet. The worker does that: look again soon.",
}


def words_of(gap: Gap) -> str:
    about = category_in_words(gap.about) if gap.missing in _OF_CATEGORIES else gap.about
    return SAYS[gap.missing].format(about=about or "Rightcall itself")
