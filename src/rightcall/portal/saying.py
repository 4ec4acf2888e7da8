"""How the public page says what the rooms have words of their own for, in the reader's tongue."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rightcall.actors import Role
from rightcall.breaches.model import Nature
from rightcall.concerns.model import Outcome
from rightcall.concerns.rates import Band
from rightcall.design.tongues import Tongue
from rightcall.design.wording import language_of
from rightcall.ethics.model import Measure
from rightcall.policy.overrides.model import Category
from rightcall.purposes.model import LawfulBasis
from rightcall.requests import wording
from rightcall.requests.model import RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    roles: Mapping[Role, str]
    bases: Mapping[LawfulBasis, str]
    kinds: Mapping[RequestKind, str]
    outcomes: Mapping[Outcome, str]
    measures: Mapping[Measure, str]
    categories: Mapping[Category, str]
    natures: Mapping[Nature, str]


def banded(tongue: Tongue, count: Band) -> str:
    """A count that is told in steps."""
    if count.at_least == 0:
        return tongue.words.gettext("fewer than %(many)s") % {"many": count.at_most + 1}
    return tongue.words.gettext("%(least)s to %(most)s") % {
        "least": tongue.number(count.at_least),
        "most": tongue.number(count.at_most),
    }


def law(tongue: Tongue, cite: str) -> str:
    """As letters cite it."""
    return wording.words_of(language_of(tongue.code)).law(cite)


@cache
def words_of(tongue: Tongue) -> Words:
    _ = tongue.words.gettext
    return Words(
        roles={
            Role.AGENT: _("the agents who talk with you"),
            Role.SUPERVISOR: _("the agents' supervisors"),
            Role.DPO: _("the data protection officer"),
            Role.AUDITOR: _("auditors"),
            Role.ENGINEER: _("engineers who keep the system running"),
            Role.CONSERVER: _("a program that passes conversations on"),
            Role.SUBJECT: _("you"),
            Role.SYSTEM: _("the system by itself"),
        },
        bases={
            LawfulBasis.CONSENT: _("Your yes, given to exactly this."),
            LawfulBasis.CONTRACT: _("A contract with you, or what you asked for before one."),
            LawfulBasis.LEGAL_OBLIGATION: _("A duty that the law puts on us."),
            LawfulBasis.VITAL_INTERESTS: _("Protecting somebody's life."),
            LawfulBasis.PUBLIC_TASK: _("A task in the public interest. You can object."),
            LawfulBasis.LEGITIMATE_INTERESTS: _("An interest of ours, weighed against yours. You can object."),
        },
        kinds={
            RequestKind.ACCESS: _("A copy of their data"),
            RequestKind.ERASURE: _("Erasure"),
            RequestKind.RECTIFICATION: _("A correction"),
            RequestKind.RESTRICTION: _("To keep it and not use it"),
            RequestKind.OBJECTION: _("An objection"),
            RequestKind.PORTABILITY: _("Their data to take elsewhere"),
            RequestKind.WITHDRAWAL: _("To take back every yes"),
        },
        outcomes={
            Outcome.UPHELD: _("It was right: something was wrong"),
            Outcome.PARTLY: _("It was right in part"),
            Outcome.NOT_UPHELD: _("Nothing wrong was found"),
            Outcome.CANNOT_TELL: _("It could not be told"),
        },
        measures={
            Measure.WAITING: _("they wait longer"),
            Measure.HANDLING: _("they are talked with for longer or shorter"),
            Measure.TRANSFERS: _("they are passed on more often"),
            Measure.UNRESOLVED: _("their matter goes unresolved more often"),
            Measure.HANG_UPS: _("they are hung up on more often"),
        },
        categories={
            Category.SAFETY: _("somebody's life or health"),
            Category.PERSON_ASKED: _("the person asked for it"),
            Category.LEGAL_CLAIM: _("a legal claim"),
            Category.INQUIRY: _("something was looked into"),
            Category.TECHNICAL: _("something was mended"),
            Category.OTHER: _("another reason"),
        },
        natures={
            Nature.CONFIDENTIALITY: _("somebody could see what they should not"),
            Nature.INTEGRITY: _("it was changed and should not have been"),
            Nature.AVAILABILITY: _("it was lost, or could not be had"),
        },
    )
