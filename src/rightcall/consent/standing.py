"""What stands: the latest word of each party about each purpose, what it is worth, and the grant that lives on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import store
from rightcall.consent.model import Answer, Choice, Quality, Standing
from rightcall.consent.quality import actions as quality
from rightcall.database.connection import Transaction
from rightcall.database.together import beside
from rightcall.ids import CallId, ChoiceId, GrantId, PartyId, PurposeId
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import Purpose
from rightcall.vault.quarantine import actions as quarantine


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidIn:
    """The latest choice of each party about each purpose, what a yes is worth, and the grants that live."""

    latest: Mapping[tuple[PartyId, PurposeId], Choice]
    worth: Mapping[ChoiceId, Quality]
    grants: Mapping[tuple[PartyId, PurposeId], GrantId]


def standing_in(tx: Transaction, call: CallId) -> dict[tuple[PartyId, PurposeId], Standing]:
    """Every party of the call with every active purpose: `answer` is None for those never asked or on another basis."""
    living = store.living_grants_of_call(tx, call)
    said = _weighed(tx, store.choices_of_call(tx, call), living)
    return standing_of(said, calls.parties(tx, call), purposes.active(tx))


def said_in(tx: Transaction, among: Sequence[CallId]) -> SaidIn:
    """What was said in these calls about any purpose, as it stands now."""
    with beside(tx) as ask:
        choices = ask(lambda tx: store.choices_of_calls(tx, among))
        living = ask(lambda tx: store.living_grants_of_calls(tx, among))
    return _weighed(tx, choices.value, living.value)


def _weighed(tx: Transaction, choices: Sequence[Choice], living: Sequence[tuple[PartyId, PurposeId, GrantId]]) -> SaidIn:
    latest = {(choice.party, choice.purpose): choice for choice in choices}
    granted = [choice.id for choice in latest.values() if choice.answer is Answer.GRANTED]
    with beside(tx) as ask:
        shut = ask(lambda tx: quarantine.shut(tx, [grant for _, _, grant in living]))
        weighed = ask(lambda tx: quality.quality_of(tx, granted))
    grants = {(party, purpose): grant for party, purpose, grant in living if grant not in shut.value}
    return SaidIn(latest=latest, grants=grants, worth={choice: each.quality for choice, each in weighed.value.items()})


def standing_of(said: SaidIn, parties: Sequence[Party], active: Sequence[Purpose]) -> dict[tuple[PartyId, PurposeId], Standing]:
    """Each of these parties with each of these purposes, by what was said in their calls."""
    stands = {}
    for party in parties:
        for purpose in active:
            pair = (party.id, purpose.id)
            choice = said.latest.get(pair)
            worth = None if choice is None else said.worth.get(choice.id)
            stands[pair] = Standing(
                answer=None if choice is None else choice.answer,
                choice=None if choice is None else choice.id,
                grant=None if worth is Quality.VOID else said.grants.get(pair),
                basis=purpose.basis_for(party.role),
                quality=worth,
                made_at=None if choice is None else choice.made_at,
            )
    return stands
