"""Asking in a call, and writing down what was answered: a law may need somebody's yes beside what their data rests on.

In Germany an agent's words rest on legitimate interests, as elsewhere, and yet a call recorded without the agent's yes is an
offence (StGB §201). Whether that is so here is the policy's to say, on the record; without such a law asking stays a Conflict.
"""

from rightcall.actors import Actor
from rightcall.consent import actions as consent
from rightcall.consent.model import Ask, Choice, NewChoice
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import CallId, NoticeId, PartyId, PurposeId
from rightcall.policy import actions as policy
from rightcall.policy.model import Verdict
from rightcall.purposes import actions as purposes
from rightcall.purposes.model import LawfulBasis
from rightcall.recordings import rules, settling, store
from rightcall.recordings.tools import Tools


def ask(tx: Transaction, tools: Tools, *, call: CallId, party: PartyId, notice: NoticeId, by: Actor) -> Ask:
    """The notice was put to the party. Conflict where asking would be a fake, or is not right now."""
    verdict = _verdict(tx, tools, call, party, purposes.notice(tx, notice).purpose, by)
    if verdict is not None and verdict.lawful and not verdict.proceeds:
        raise Conflict(" ".join(reason.instead for reason in verdict.reasons))
    beside = verdict is not None and verdict.proceeds
    return consent.ask(tx, tools.clock, call=call, party=party, notice=notice, by=by, beside_basis=beside)


def choose(tx: Transaction, tools: Tools, new: NewChoice) -> Choice:
    """What a party answered. An answer that a law asks for lands whatever the moment: it is no new question."""
    verdict = None if new.call is None else _verdict(tx, tools, new.call, new.party, new.purpose, new.by)
    beside = verdict is not None and verdict.lawful is True
    return consent.choose(tx, tools.vault, tools.clock, new, beside_basis=beside)


def _verdict(tx: Transaction, tools: Tools, call: CallId, party: PartyId, purpose: PurposeId, by: Actor) -> Verdict | None:
    """May this party be asked? None where nothing has to be weighed: their data rests on consent, or they are in no live call."""
    session = store.session(tx, call)
    if session is None:
        return None
    facts, wanted = settling.facts(tx, tools, session), purposes.get(tx, purpose)
    who = next((each for each in facts.present if each.id == party), None)
    if who is None or wanted.basis_for(who.role) is LawfulBasis.CONSENT:
        return None
    question = rules.asking(facts, who, wanted)
    return policy.ask(tx, rules=tools.rules, clock=tools.clock, question=question, by=by)[1]
