"""The words of the record of processing that stand in the table and on the page alike."""

from collections.abc import Mapping

from rightcall.activities.model import Capacity, Kept, Recipient, RecipientKind, Standing, UseMade
from rightcall.holdings import saying
from rightcall.holdings.categories import category_named
from rightcall.purposes.model import LawfulBasis

PEOPLE = "customers, others on the call, and the controller's own people on it"
"""Art. 30(1)(c): whoever may be a party to a call."""
BASES: Mapping[LawfulBasis, str] = {
    LawfulBasis.CONSENT: "consent, GDPR Art. 6(1)(a)",
    LawfulBasis.CONTRACT: "contract, GDPR Art. 6(1)(b)",
    LawfulBasis.LEGAL_OBLIGATION: "legal obligation, GDPR Art. 6(1)(c)",
    LawfulBasis.VITAL_INTERESTS: "vital interests, GDPR Art. 6(1)(d)",
    LawfulBasis.PUBLIC_TASK: "public task, GDPR Art. 6(1)(e)",
    LawfulBasis.LEGITIMATE_INTERESTS: "legitimate interests, GDPR Art. 6(1)(f)",
}
STANDINGS: Mapping[Standing, str] = {
    Standing.RUNS: "runs",
    Standing.RESTS: "rests: no review of it is in force",
    Standing.ENDED: "has ended; something is still kept",
}
CAPACITIES: Mapping[Capacity, str] = {
    Capacity.DPO: "Data protection officer",
    Capacity.REPRESENTATIVE: "Representative (Art. 27)",
    Capacity.JOINT_CONTROLLER: "Joint controller (Art. 26)",
}
KINDS: Mapping[RecipientKind, str] = {
    RecipientKind.PROCESSOR: "processor",
    RecipientKind.JOINT_CONTROLLER: "joint controller",
    RecipientKind.CONTROLLER: "another controller",
    RecipientKind.AUTHORITY: "authority",
}


def term_in_words(days: int) -> str:
    return "1 day" if days == 1 else f"{days:,} days"


def amount(kept: Kept) -> str:
    items = "1 item" if kept.items == 1 else f"{kept.items:,} items"
    return f"{items} of {people_in_words(kept.people) if kept.people else 'nobody that is known'}"


def people_in_words(number: int) -> str:
    return "1 person" if number == 1 else f"{number:,} people"


def category_in_words(term: str) -> str:
    """`pd:UID` as the map and a person's view have it."""
    return saying.category(category_named(term))


def use_in_words(use: UseMade) -> str:
    return f"{use.act.value.replace('_', ' ')} by {use.role.value}: {use.times:,}"


def recipient_in_words(recipient: Recipient) -> str:
    return f"{recipient.name} ({KINDS[recipient.kind]}, {recipient.country})"
