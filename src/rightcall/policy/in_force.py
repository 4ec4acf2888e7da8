"""Which rules a question is decided by now: the law and the charter, with the house rules that its controller adopted last, or
else those of the deployment; and the overrides in force. Read in the transaction that asks, so that every process follows an
adoption at once.

House rules that were adopted and cannot be read with the words of today leave open what is right: `cannot_tell`, never the old
rules and never the default.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from rightcall.canonical import sha256
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Breach
from rightcall.ids import ControllerId
from rightcall.policy.adoption import store
from rightcall.policy.adoption.model import InForce
from rightcall.policy.loading import charter, law_of, read_house, with_house
from rightcall.policy.model import Finding, Outcome, Question, RuleSet, Verdict
from rightcall.policy.overrides.rules import decide_under
from rightcall.policy.reading import doubled
from rightcall.policy.rules import decide
from rightcall.policy.saying import Ruled, ruled_in
from rightcall.policy.texts import Proposal
from rightcall.policy.vocabulary import schema_text, words

HOUSE_RULES = "house_rules"
"""What is missing where the adopted house rules cannot be read."""
_MOST = 256
_log = logging.getLogger(__name__)


class Shelf:
    """Rule sets that were read once, by the digests of the law and of the house rules. What cannot be read stays on it too: its
    texts never change."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[bytes, bytes], RuleSet | None] = OrderedDict()

    def get(self, law: RuleSet, house: bytes, texts: Callable[[], Proposal]) -> RuleSet | None:
        """None where they cannot be read. `texts` is asked where they are not on the shelf."""
        key = (law.digest, house)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = _read(law, house, texts())
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return found


_SHELF = Shelf()


def in_force(tx: Transaction, clock: Clock, rules: RuleSet) -> InForce:
    """What `tx`'s controller is judged by now. `rules` are those of the deployment: law, charter, and the house's default."""
    law, at = law_of(rules), clock.now()
    found = store.standing(tx, at=at, law=law.digest, vocabulary=vocabulary())
    kept = frozenset(rule.id for rule in charter())
    if found.draft is None:
        return InForce(rules=rules, unreadable=False, adoption=None, asides=found.asides, kept=kept)
    draft = found.draft
    composed = _SHELF.get(law, found.house, lambda: _texts(store.texts(tx, draft)))
    if composed is None:
        return InForce(
            rules=RuleSet(found.house, law.rules), unreadable=True, adoption=found.adoption, asides=found.asides, kept=kept
        )
    if not found.is_kept:
        keep(tx, clock, law, found.house, composed)
    return InForce(rules=composed, unreadable=False, adoption=found.adoption, asides=found.asides, kept=kept)


def judge(standing: InForce, question: Question) -> Verdict:
    """The verdict by what is in force."""
    if standing.unreadable:
        return _open(decide(standing.rules, question))
    return decide_under(standing.rules, standing.asides, standing.kept, question)


def consider(tx: Transaction, *, rules: RuleSet, clock: Clock, questions: Sequence[Question]) -> list[Verdict]:
    """What the verdicts would be, without asking on the record."""
    if not questions:
        return []
    standing = in_force(tx, clock, rules)
    return [judge(standing, question) for question in questions]


def unreadable_houses(system_tx: Transaction, clock: Clock, rules: RuleSet) -> list[ControllerId]:
    """The controllers whose adopted house rules cannot be read: there, nothing is right until others are adopted."""
    law = law_of(rules)
    found = []
    for controller, draft, house in store.in_force_everywhere(system_tx, clock.now()):
        if _SHELF.get(law, house, lambda draft=draft: _texts(store.texts(system_tx, draft))) is None:  # type: ignore[misc]  # bound now
            found.append(controller)
    return found


def keep(tx: Transaction, clock: Clock, law: RuleSet, house: bytes, rules: RuleSet) -> None:
    """Keeps the texts behind the digest that verdicts name, with the words of today."""
    store.keep(
        tx,
        rule_set=rules.digest,
        vocabulary=vocabulary(),
        law=law.digest,
        house=house,
        words=words(),
        rules=[{"axis": rule.axis.value, "file": rule.file, "source": rule.source} for rule in rules.rules],
        at=clock.now(),
    )


@lru_cache(maxsize=1)
def vocabulary() -> bytes:
    """The digest of the words that rules may use."""
    return sha256(schema_text().encode())


def _open(verdict: Verdict) -> Verdict:
    """What the law alone says, with what is right left open."""
    if verdict.lawful is not True:
        return replace(verdict, right=None)
    missing = tuple(sorted({*verdict.missing, HOUSE_RULES}))
    return replace(verdict, outcome=Outcome.CANNOT_TELL, right=None, reasons=(), duties=(), missing=missing)


def says(tx: Transaction, clock: Clock, rules: RuleSet) -> dict[str, str]:
    """What each rule that is in force says, by its id."""
    return {rule.id: rule.says for rule in in_force(tx, clock, rules).rules.rules}


def ruled(tx: Transaction, clock: Clock, rules: RuleSet, language: str) -> Ruled:
    """What is in force says in this language."""
    return ruled_in(in_force(tx, clock, rules).rules, language)


def _read(law: RuleSet, house: bytes, proposal: Proposal) -> RuleSet | None:
    rules, findings = read_house(proposal.files)
    findings += doubled([*law.rules, *rules])
    if not rules and not findings:
        findings.append(Finding(file="-", line=1, rule=None, problem="There is no rule in it.", advice="Adopt others."))
    if findings:
        _log.critical(
            "adopted house rules cannot be read with the words of today: what is right cannot be told until others are adopted",
            extra={"house": house.hex(), "where": [f"{each.file}:{each.line}" for each in findings[:20]]},
        )
        return None
    return with_house(law, rules)


def _texts(found: Proposal | None) -> Proposal:
    if found is None:
        raise Breach("House rules were adopted, and their texts are not there. Stop, and tell the DPO.")
    return found
