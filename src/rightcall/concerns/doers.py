"""Who did what a concern is about, where that is known: they neither own, nor answer, nor read it.

Tokens are known, not people: whoever bears a second token is not recognised by it. What was done after the day on which it was
raised is not what it is about, so whoever looks into it is not barred by looking. Of that day itself all counts: a concern has a
day and no instant, so what came first nobody can tell.
"""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from uuid import UUID

from rightcall.actors import SYSTEM
from rightcall.canonical import parse_json, sha256
from rightcall.clock import day_of
from rightcall.concerns import store
from rightcall.concerns.model import AboutCall, AboutNotice, AboutPurpose, AboutRule, Concern
from rightcall.consent import actions as consent
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, PurposeId
from rightcall.policy import actions as policy
from rightcall.policy import adopting, overriding
from rightcall.policy.adoption.model import Adoption
from rightcall.policy.model import Axis
from rightcall.policy.reading import read_rules
from rightcall.purposes.statements import NoticePublished, PurposeCreated

_OF_REVIEWS = ("reviews.drafted", "reviews.signed")


def doers(tx: Transaction, concern: Concern) -> frozenset[UUID]:
    """Ids of tokens."""
    match concern.target:
        case AboutPurpose(purpose):
            found = _authors(tx, PurposeCreated.KIND, "purpose", purpose) | _reviewers(tx, purpose, concern.raised_on)
        case AboutNotice(notice):
            found = _authors(tx, NoticePublished.KIND, "notice", notice)
        case AboutCall(call):
            found = set() if call is None else _of_call(tx, call, concern.raised_on)
        case AboutRule(rule):
            found = _makers(tx, rule, concern.raised_on) | _setters_aside(tx, rule, concern.raised_on)
    return frozenset(found - {SYSTEM.id})


def _of_call(tx: Transaction, call: CallId, until: date) -> set[UUID]:
    asks = {ask.by.id for ask in consent.asks_of_call(tx, call) if day_of(ask.asked_at) <= until}
    choices = {choice.by.id for choice in consent.choices_of_call(tx, call) if day_of(choice.made_at) <= until}
    verdicts = {verdict.by.id for verdict in policy.of_call(tx, call) if day_of(verdict.asked_at) <= until}
    return asks | choices | verdicts


def _makers(tx: Transaction, rule: str, until: date) -> set[UUID]:
    """Who drafted and who signed the adoption that brought the text it had on that day; of several on the day itself, all. A rule
    of the law nobody here made, and neither one that was adopted as it comes with Rightcall."""
    named = re.compile(rf'@id\(\s*"{re.escape(rule)}"\s*\)')
    before = _shipped().get(rule)
    made: set[UUID] = set()
    for adopted in reversed(adopting.adoptions(tx)):
        begins = day_of(adopted.in_force_at)
        if begins > until:
            continue
        now = _text(tx, adopted, rule, named)
        if now != before:
            these = set() if now is None else _of_adoption(tx, adopted)
            made, before = (these if begins < until else made | these), now
    return made


def _text(tx: Transaction, adopted: Adoption, rule: str, named: re.Pattern[str]) -> bytes | None:
    """Stands for the rule as it was adopted then; None where it was not. Where it can no longer be read, its whole file does."""
    for file in adopting.get(tx, adopted.draft).proposal.files:
        if named.search(file.text):
            found, _ = read_rules(file.file, file.text, Axis.HOUSE)
            return next((sha256(each.canonical) for each in found if each.id == rule), sha256(file.text.encode()))
    return None


@lru_cache(maxsize=1)
def _shipped() -> dict[str, bytes]:
    """The house rules that come with Rightcall."""
    return {rule.id: sha256(rule.canonical) for rule in policy.load_rules().rules if rule.axis is Axis.HOUSE}


def _of_adoption(tx: Transaction, adopted: Adoption) -> set[UUID]:
    return {adopting.get(tx, adopted.draft).by.id, adopted.first.id, adopted.second.id}


def _setters_aside(tx: Transaction, rule: str, until: date) -> set[UUID]:
    """Who set the rule aside within a year before."""
    since = datetime(until.year, until.month, until.day, tzinfo=UTC) - timedelta(days=366)
    found = overriding.overrides_since(tx, since)
    return {each.by.id for each in found if each.rule == rule and day_of(each.begins_at) <= until}


def _reviewers(tx: Transaction, purpose: PurposeId, until: date) -> set[UUID]:
    """Who wrote or signed a review of the purpose."""
    said = [parse_json(leaf) for leaf in store.statements(tx, _OF_REVIEWS)]
    return {
        UUID(str(each["actor"]))
        for each in said
        if isinstance(each, dict) and each["purpose"] == str(purpose) and _day(each["at"]) <= until
    }


def _day(milliseconds: object) -> date:
    return day_of(datetime.fromtimestamp(int(str(milliseconds)) / 1000, UTC))


def _authors(tx: Transaction, kind: str, field: str, id: UUID) -> set[UUID]:
    said = [parse_json(leaf) for leaf in store.statements(tx, [kind])]
    return {UUID(str(each["actor"])) for each in said if isinstance(each, dict) and each[field] == str(id)}
