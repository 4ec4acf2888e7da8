"""From what someone asks about to the facts a verdict needs. A fact that is not known stays unknown: then the answer is no.

About a call or a holding the facts are read from the records, never taken from the one who asks. Only a question about neither,
a "what if", is answered on facts as given.
"""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from rightcall.actors import Actor, PartyRole
from rightcall.api.door import Door
from rightcall.api.forms import Case, Form, Line, Reason
from rightcall.api.known import is_on_record, with_their_no
from rightcall.api.named import purpose_of
from rightcall.api.what_if import PartyForm, ToldForm, WhatIfForm, only_brought, party_facts, places_of, with_told
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent.standing import standing_in
from rightcall.database.connection import Transaction
from rightcall.errors import Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.ids import CallId, HoldingId, PartyId
from rightcall.policy.model import Act, PartyFacts, PauseReason, Preference, PurposeFacts, Question
from rightcall.policy.reasons import names_case, says_why
from rightcall.policy.vocabulary import FACTS_OF
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.recordings import actions as recordings
from rightcall.recordings.cards import carried
from rightcall.recordings.circumstances import circumstances
from rightcall.recordings.model import Happening, TimelineEntry
from rightcall.recordings.rules import Circumstances, as_they_stand
from rightcall.staff.actions import require
from rightcall.staff.model import Deed


class QuestionForm(Form):
    """May this be done for `purpose` (an id or a key), by you, now? About a `holding`; or a `call` and the `party` who speaks; or
    `what_if`. An act that is about no purpose, such as answer_request, needs none of them. `told`: what only you can know.
    `reason` and `case` are weighed by whether they are such, and kept nowhere."""

    act: Act
    purpose: Line | None = None
    holding: UUID | None = None
    call: UUID | None = None
    party: UUID | None = None
    what_if: WhatIfForm | None = None
    told: ToldForm = ToldForm()
    reason: Reason | None = None
    case: Case | None = None
    for_speaker: bool = False


def question_of(tx: Transaction, door: Door, form: QuestionForm) -> Question:
    """The question with its facts. Malformed where it is about more than one thing, or about nothing and its act is not such."""
    at = door.house.clock.now()
    purpose = None if form.purpose is None else purposes.get(tx, purpose_of(tx, form.purpose))
    given = [each for each in (form.holding, form.call, form.what_if) if each is not None]
    if len(given) > 1 or (not given and "speaker" in FACTS_OF[form.act]):
        raise Malformed("Ask about one thing: a holding, or a call with its party, or what_if.")
    if purpose is None and "purpose" in FACTS_OF[form.act]:
        raise Malformed("This act is done for a purpose. Name it by its id or its key.")
    if purpose is None and (form.holding is not None or form.call is not None):
        raise Malformed("A holding or a call is seen from a purpose. Name one by its id or its key.")
    if form.what_if is not None:
        only_brought(form.act, form.what_if)
    asked, around = _asked(tx, door, form, purpose, at)
    return with_told(around.around(asked), form.told)


def _asked(
    tx: Transaction, door: Door, form: QuestionForm, purpose: Purpose | None, at: datetime
) -> tuple[Question, Circumstances]:
    """The question but for what holds around it, and that."""
    present: list[Party] = []
    if form.holding is not None and purpose is not None:
        asked, present = _about_holding(tx, form, purpose, HoldingId(form.holding), at, door.actor)
    elif form.call is not None and purpose is not None:
        asked, present = _about_call(tx, form, purpose, CallId(form.call), at, door.actor)
    else:
        asked = _about_nothing(tx, door, form, form.what_if or WhatIfForm(), purpose, at)
    around = circumstances(tx, present, rules=door.house.rules, clock=door.house.clock)
    if form.what_if is not None:
        around = replace(around, places=around.places | places_of(form.what_if))
    return asked, around


def _about_nothing(
    tx: Transaction, door: Door, form: QuestionForm, what_if: WhatIfForm, purpose: Purpose | None, at: datetime
) -> Question:
    parties = tuple(_party(tx, door, party, purpose) for party in what_if.parties)
    return Question(
        act=form.act,
        at=at,
        purpose=None if purpose is None else PurposeFacts.of(purpose, at),
        actor=door.actor,
        speaker=parties[0] if parties else None,
        parties=parties or None,
        pauses=frozenset(what_if.pauses),
        carries_card_data=what_if.carries_card_data,
        carries_authentication_data=what_if.carries_authentication_data,
        reason_given=says_why(form.reason),
        case_given=names_case(form.case),
        last_day=what_if.last_day,
        collected_for=None if what_if.collected_for is None else frozenset(what_if.collected_for),
        for_speaker=form.for_speaker,
    )


def _party(tx: Transaction, door: Door, form: PartyForm, purpose: Purpose | None) -> PartyFacts:
    facts = party_facts(form, purpose)
    if purpose is None or not is_on_record(form):
        return facts
    require(door.actor, Deed.FIND_SUBJECT)
    return with_their_no(tx, door.house.vault, form, purpose.id, facts)


def is_about_the_record(form: QuestionForm) -> bool:
    """Whether anything that is kept here of a call, a holding or a person is part of the question."""
    parties = [] if form.what_if is None else form.what_if.parties
    return form.call is not None or form.holding is not None or any(is_on_record(party) for party in parties)


def _about_call(
    tx: Transaction, form: QuestionForm, purpose: Purpose, call: CallId, at: datetime, actor: Actor
) -> tuple[Question, list[Party]]:
    if form.party is None:
        raise Malformed("A question about a call names the party who speaks: give its id as party.")
    present = [party for party in calls.parties(tx, call) if party.left_at is None or party.id == form.party]
    facts = _party_facts(tx, call, present, purpose)
    if PartyId(form.party) not in facts:
        raise NotFound("This call has no such party. Read the call to see who takes part.")
    pauses = _pauses(tx, call)
    asked = Question(
        act=form.act,
        at=at,
        purpose=PurposeFacts.of(purpose, at),
        actor=actor,
        speaker=facts[PartyId(form.party)],
        parties=tuple(facts.values()),
        pauses=pauses,
        carries_card_data=PauseReason.CARD_DATA in pauses,
        carries_authentication_data=PauseReason.CARD_DATA in pauses,
        reason_given=says_why(form.reason),
        case_given=names_case(form.case),
        for_speaker=form.for_speaker,
        call=call,
    )
    return asked, present


def _about_holding(
    tx: Transaction, form: QuestionForm, purpose: Purpose, id: HoldingId, at: datetime, actor: Actor
) -> tuple[Question, list[Party]]:
    """Of a take: those who were there while the words were spoken, each as they stand today. Of anything else the parties are not
    known, and a rule that needs them cannot tell."""
    holding = holdings.get(tx, id)
    facts: dict[PartyId, PartyFacts] = {}
    present: list[Party] = []
    speaker, carries = None, None
    if holding.call is not None:
        take = next((take for take in recordings.call_state(tx, holding.call).takes if take.id == id), None)
        if take is not None:
            present = [
                party
                for party in calls.parties(tx, holding.call)
                if (party.left_at is None or party.left_at >= take.opened_at)
                and (take.cut_at is None or party.joined_at <= take.cut_at)
            ]
            facts = _party_facts(tx, holding.call, present, purpose)
            carries = carried(tx, holding.call, take.opened_at, take.cut_at)
            outsiders = [party.id for party in present if party.role is not PartyRole.AGENT]
            speaker = facts.get(take.party) if take.party is not None else facts[outsiders[0]] if outsiders else None
    asked = Question(
        act=form.act,
        at=at,
        purpose=PurposeFacts.of(purpose, at),
        actor=actor,
        speaker=speaker,
        parties=tuple(facts.values()) if facts else None,
        pauses=frozenset(),
        carries_card_data=None if carries is None else carries.card_data,
        carries_authentication_data=None if carries is None else carries.authentication_data,
        reason_given=says_why(form.reason),
        case_given=names_case(form.case),
        last_day=holding.last_day(purpose.id),
        collected_for=frozenset(purposes.get(tx, each).key for each in holding.purposes),
        for_speaker=form.for_speaker,
        call=holding.call,
        stream=holding.stream,
        holding=id,
    )
    return asked, present


def _party_facts(tx: Transaction, call: CallId, present: list[Party], purpose: Purpose) -> dict[PartyId, PartyFacts]:
    standing, wishes = standing_in(tx, call), _wishes(recordings.timeline(tx, call))
    return {party.id: as_they_stand(party, purpose, standing, wishes.get(party.id, Preference.NONE)) for party in present}


def _wishes(timeline: list[TimelineEntry]) -> dict[PartyId, Preference]:
    """The last wish that each party's phone stated."""
    stated = [entry for entry in timeline if entry.kind is Happening.PREFERRED]
    return {entry.party: Preference(entry.reason) for entry in stated if entry.party is not None and entry.reason is not None}


def _pauses(tx: Transaction, call: CallId) -> frozenset[PauseReason]:
    try:
        return recordings.call_state(tx, call).session.pauses
    except NotFound:
        return frozenset()
