"""Who did what a concern is about, where that is known: they neither own, nor answer, nor read it.

Tokens are known, not people: whoever bears a second token is not recognised by it. What was done after the concern was raised is
not what it is about, so whoever looks into it is not barred by looking.
"""

import re
from datetime import date
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import parse_json
from rightcall.clock import day_of
from rightcall.concerns import store
from rightcall.concerns.model import AboutCall, AboutNotice, AboutPurpose, AboutRule, Concern
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.ids import CallId
from rightcall.policy import actions as policy
from rightcall.policy import adopting
from rightcall.purposes.statements import NoticePublished, PurposeCreated


def doers(tx: Transaction, concern: Concern) -> frozenset[UUID]:
    """Ids of tokens."""
    match concern.target:
        case AboutPurpose(purpose):
            found = _authors(tx, PurposeCreated.KIND, "purpose", purpose)
        case AboutNotice(notice):
            found = _authors(tx, NoticePublished.KIND, "notice", notice)
        case AboutCall(call):
            found = set() if call is None else _of_call(tx, call, concern.raised_on)
        case AboutRule(rule):
            found = _adopters(tx, rule, concern.raised_on)
    return frozenset(found - {SYSTEM.id})


def _of_call(tx: Transaction, call: CallId, until: date) -> set[UUID]:
    asks = {ask.by.id for ask in consent.asks_of_call(tx, call) if day_of(ask.asked_at) <= until}
    choices = {choice.by.id for choice in consent.choices_of_call(tx, call) if day_of(choice.made_at) <= until}
    verdicts = {verdict.by.id for verdict in policy.of_call(tx, call) if day_of(verdict.asked_at) <= until}
    return asks | choices | verdicts


def _adopters(tx: Transaction, rule: str, until: date) -> set[UUID]:
    """Who drafted and who signed the house rules that it stood in then. A rule of the law nobody here made."""
    adopted = next((each for each in adopting.adoptions(tx) if day_of(each.adopted_at) <= until), None)
    if adopted is None:
        return set()
    draft, named = adopting.get(tx, adopted.draft), re.compile(rf'@id\(\s*"{re.escape(rule)}"\s*\)')
    stands_there = any(named.search(each.text) for each in draft.proposal.files)
    return {draft.by.id, adopted.first.id, adopted.second.id} if stands_there else set()


def _authors(tx: Transaction, kind: str, field: str, id: UUID) -> set[UUID]:
    said = [parse_json(leaf) for leaf in store.register_statements(tx)]
    return {
        UUID(str(each["actor"])) for each in said if isinstance(each, dict) and each["kind"] == kind and each[field] == str(id)
    }
