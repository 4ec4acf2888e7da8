"""Facts as the one who asks gives them: of an act in another system, before it is done there, or of nothing that has happened.

The forms are the policy's own records; a member that is missing or unknown is a mistake. A telephone number is looked at for the
place that it belongs to, and kept nowhere.
"""

from dataclasses import replace
from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import ConfigDict, Field, StringConstraints
from pydantic.dataclasses import dataclass

from rightcall.actors import PartyRole
from rightcall.api.forms import Form, Line
from rightcall.calls.model import Age
from rightcall.errors import Malformed
from rightcall.policy import situations
from rightcall.policy.model import (
    Act,
    ConsentQuality,
    PartyFacts,
    PauseReason,
    Place,
    PlaceSource,
    Preference,
    Question,
    Said,
)
from rightcall.policy.vocabulary import FACTS_OF
from rightcall.purposes.model import Purpose
from rightcall.subjects.places import number_place
from rightcall.subjects.rules import international

_WHOLE = ConfigDict(extra="forbid")
_RECORDS = ("design", "analysis", "handover", "contact", "origin", "request", "keeping", "breach", "destruction")
Code = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
International = Annotated[str, StringConstraints(pattern=r"^\+[0-9]{3,20}$")]


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class AnalysisForm(situations.AnalysisFacts):
    """See `analysis` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class DesignForm(situations.DesignFacts):
    """See `design` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class HandoverForm(situations.HandoverFacts):
    """See `handover` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class ContactForm(situations.ContactFacts):
    """See `contact` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class OriginForm(situations.OriginFacts):
    """See `origin` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class RequestFactsForm(situations.RequestFacts):
    """See `request` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class KeepingForm(situations.KeepingFacts):
    """See `keeping` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class BreachForm(situations.BreachFacts):
    """See `breach` in docs/reference/rules.md."""


@dataclass(config=_WHOLE, frozen=True, slots=True, kw_only=True)
class DestructionForm(situations.DestructionFacts):
    """See `destruction` in docs/reference/rules.md."""


class ToldForm(Form):
    """What only the one who asks can know. Whatever the act does not bring is a mistake; `design` is told with `activate` alone:
    elsewhere it is what the purpose's review says."""

    design: DesignForm | None = None
    analysis: AnalysisForm | None = None
    handover: HandoverForm | None = None
    contact: ContactForm | None = None
    origin: OriginForm | None = None
    request: RequestFactsForm | None = None
    keeping: KeepingForm | None = None
    breach: BreachForm | None = None
    destruction: DestructionForm | None = None
    fenced: bool | None = None
    machine_speaks: bool = False
    machine_told: bool = False


class PartyForm(Form):
    """`number` (as +4532123456) says whose law applies beside the controller's, as `residence` does, and who it may be; it is
    kept nowhere. `subject`: a person known here. A no to the purpose that is on record of them counts, whatever `answer` says."""

    role: PartyRole
    answer: Said
    preference: Preference = Preference.NONE
    bundled: bool = False
    explicit: bool = False
    quality: ConsentQuality = ConsentQuality.UNWEIGHED
    declined_recording: bool = False
    age: Age = Age.UNMARKED
    in_distress: bool = False
    asks_for_it: bool = False
    restricted: bool = False
    number: International | None = None
    subject: UUID | None = None
    residence: Code | None = None


class WhatIfForm(Form):
    """Facts as given. The first of `parties` is the speaker. `collected_for`: keys of purposes."""

    parties: list[PartyForm] = Field(default_factory=list, max_length=50)
    pauses: list[PauseReason] = Field(default_factory=list, max_length=10)
    carries_card_data: bool | None = None
    carries_authentication_data: bool | None = None
    last_day: date | None = None
    collected_for: list[Line] | None = Field(default=None, max_length=50)


_BRINGS = {"pauses": "pauses", "last_day": "term_over", "collected_for": "collected_for"}
_BRINGS |= {name: name for name in ("carries_card_data", "carries_authentication_data")}


def only_brought(act: Act, what_if: WhatIfForm) -> None:
    """Malformed where a fact was given that no rule would read for this act: whoever gives it thinks that it counts."""
    for name in sorted(what_if.model_fields_set & _BRINGS.keys()):
        if _BRINGS[name] not in FACTS_OF[act]:
            raise not_brought(act, name)


def not_brought(act: Act, name: str) -> Malformed:
    return Malformed(f"{act.value} brings no {name}. Leave it out; docs/reference/rules.md says which act brings what.")


def with_told(question: Question, told: ToldForm) -> Question:
    """The question with what was told. Malformed where its act does not bring that, or the records say it."""
    given = {name: value for name in _RECORDS if (value := getattr(told, name)) is not None}
    given |= {"fenced": told.fenced} if told.fenced is not None else {}
    given |= {name: True for name in ("machine_speaks", "machine_told") if getattr(told, name)}
    for name in given:
        if name not in FACTS_OF[question.act]:
            raise not_brought(question.act, name)
    if "design" in given and question.act is not Act.ACTIVATE:
        raise Malformed("How a purpose is set up is what its review says. Leave design out.")
    return replace(question, **given)


def party_facts(form: PartyForm, purpose: Purpose | None) -> PartyFacts:
    if purpose is None:
        raise Malformed("Parties are seen from a purpose. Name one, or leave parties out.")
    return PartyFacts(
        role=form.role,
        answer=form.answer,
        basis=purpose.basis_for(form.role),
        preference=form.preference,
        bundled=form.bundled,
        explicit=form.explicit,
        quality=form.quality,
        declined_recording=form.declined_recording,
        age=form.age,
        in_distress=form.in_distress,
        asks_for_it=form.asks_for_it,
        restricted=form.restricted,
    )


def places_of(form: WhatIfForm) -> frozenset[Place]:
    """The places that the parties bring."""
    found = set()
    for party in form.parties:
        if party.residence is not None:
            found.add(Place(place=party.residence, by=PlaceSource.RESIDENCE))
        if party.number is not None and (place := number_place([international(party.number)])) is not None:
            found.add(Place(place=place, by=PlaceSource.NUMBER))
    return frozenset(found)
