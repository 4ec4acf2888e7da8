"""Asking in a call, and writing down what was answered. Whether anybody may be asked now is the policy's to say, on the record:
during a pause nobody is, on whatever their data rests.

A law may need somebody's yes beside what their data rests on. In Germany an agent's words rest on legitimate interests, as
elsewhere, and yet a call recorded without the agent's yes is an offence (StGB §201). Without such a law asking stays a Conflict.
"""

from dataclasses import dataclass
from datetime import datetime

from rightcall.actors import Actor
from rightcall.calls import actions as calls
from rightcall.calls.model import Party
from rightcall.consent import actions as consent
from rightcall.consent import rules as consent_rules
from rightcall.consent.model import Ask, Choice, NewChoice, Told
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import CallId, NoticeId, PartyId, PurposeId
from rightcall.policy import actions as policy
from rightcall.policy.model import Verdict
from rightcall.policy.rules import NO_PERMIT
from rightcall.policy.unknown import not_known
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis, Purpose
from rightcall.recordings import rules, settling, store
from rightcall.recordings.tools import Tools


def ask(
    tx: Transaction,
    tools: Tools,
    *,
    call: CallId,
    party: PartyId,
    notice: NoticeId,
    by: Actor,
    told: Told | None = None,
    shown_at: datetime | None = None,
) -> Ask:
    """The notice was put to the party. Conflict where asking would be a fake, or is not lawful or right now. `told`, `shown_at`:
    see `consent.ask`."""
    weighed = _weighed(tx, tools, call, party, purposes.notice(tx, notice).purpose, by)
    if weighed is not None and not weighed.verdict.proceeds:
        raise Conflict(_why_not(weighed))
    beside = weighed is not None and weighed.purpose.basis_for(weighed.party.role) is not LawfulBasis.CONSENT
    return consent.ask(
        tx, tools.clock, call=call, party=party, notice=notice, by=by, beside_basis=beside, told=told, shown_at=shown_at
    )


def choose(tx: Transaction, tools: Tools, new: NewChoice) -> Choice:
    """What a party answered. An answer that a law asks for lands whatever the moment: it is no new question."""
    beside = new.call is not None and _is_asked_beside(tx, tools, new.call, new)
    return consent.choose(tx, tools.vault, tools.clock, new, beside_basis=beside)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    party: Party
    purpose: Purpose
    verdict: Verdict


def _weighed(tx: Transaction, tools: Tools, call: CallId, party: PartyId, purpose: PurposeId, by: Actor) -> _Weighed | None:
    """May this party be asked? None where they are in no live call."""
    session = store.session(tx, call)
    if session is None:
        return None
    facts, wanted = settling.facts(tx, tools, session), purposes.get(tx, purpose)
    who = next((each for each in facts.present if each.id == party), None)
    if who is None:
        return None
    question = rules.asking(facts, who, wanted)
    _, verdict = policy.ask(tx, rules=tools.rules, clock=tools.clock, question=question, by=by)
    return _Weighed(party=who, purpose=wanted, verdict=verdict)


def _is_asked_beside(tx: Transaction, tools: Tools, call: CallId, new: NewChoice) -> bool:
    """Whether a law needs this party's answer though their data rests on something else than consent."""
    role = calls.party(tx, new.party).role
    if purposes.get(tx, new.purpose).basis_for(role) is LawfulBasis.CONSENT:
        return False
    weighed = _weighed(tx, tools, call, new.party, new.purpose, new.by)
    return weighed is not None and weighed.verdict.lawful is True


def _why_not(weighed: _Weighed) -> str:
    """On what the purpose rests for this party, where that is no consent; then every rule in the way, with what to do or say
    instead; and what is not known."""
    basis = weighed.purpose.basis_for(weighed.party.role)
    said = [] if basis is LawfulBasis.CONSENT else [consent_rules.no_need_to_ask(basis)]
    said += [f"{reason.says} {reason.instead}" for reason in weighed.verdict.reasons if reason.rule != NO_PERMIT]
    said += [not_known(each) for each in weighed.verdict.missing]
    return " ".join(said) or "No law that is in force here lets this party be asked. Ask the DPO which rules are loaded."
