"""Before a person is erased it is weighed what a law wants kept, and what holds keep: each by a verdict, law first, then house.

What the verdict lets stay is put under a hold, proposed by the system and for a person to agree to; what it does not, goes with
everything else. Where it cannot be told, both stay as they would on a yes, a duty for the days that a person has to agree within:
what is destroyed never comes back. So does a duty whose law the register does not name, for somebody to name it. A hold on which
two had agreed falls only where it keeps nobody else's things, and is weighed once, though it keeps things of several subjects of
the person. Decided once for each request and subject: again changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from rightcall.actors import SYSTEM
from rightcall.clock import day_of
from rightcall.database.connection import Transaction
from rightcall.erasure import actions as erasures
from rightcall.holdings import actions as holdings
from rightcall.holdings.holds import actions as holds
from rightcall.holdings.holds import weighing
from rightcall.holdings.holds.model import Hold, HoldName, HoldReason, Law, Slice
from rightcall.holdings.holds.rules import MOST_SLICES
from rightcall.ids import HoldId, HoldingId, RequestId, SubjectId
from rightcall.policy import actions as policy
from rightcall.policy.model import Axis, Outcome, Verdict
from rightcall.purposes import actions as purposes
from rightcall.purposes.citing import is_citation
from rightcall.purposes.model import LawfulBasis, Purpose
from rightcall.recordings.tools import Tools
from rightcall.requests.conflicts import store
from rightcall.requests.conflicts.model import Conflict, Weighed
from rightcall.subjects.joining import actions as joining

_DUTY = HoldReason.LEGAL_OBLIGATION
_NO = frozenset({Outcome.UNLAWFUL, Outcome.NOT_RIGHT})


def decide(tx: Transaction, tools: Tools, *, request: RequestId, subject: SubjectId) -> int:
    """How many conflicts there were."""
    if store.is_decided(tx, request, subject):
        return 0
    held = erasures.kept_and_why(tx, subject)
    known = {conflict.hold for conflict, _ in store.of_request(tx, request)}
    found = [_of_hold(tx, tools, request, subject, hold) for hold, _ in held if hold.id not in known]
    keeping = {each.id for hold, kept in held for each in kept}
    for purpose in purposes.all_purposes(tx):
        if purpose.lawful_basis is LawfulBasis.LEGAL_OBLIGATION:
            kept = _kept_for(tx, tools, subject, purpose, keeping)
            if kept:
                found.append(_of_duty(tx, tools, request, subject, purpose, kept))
    for conflict, placed in found:
        store.insert(tx, conflict, placed)
    store.decided(tx, request, subject)
    return len(found)


def weighed(tx: Transaction, request: RequestId) -> list[Weighed]:
    """What was decided for this request, with the reasons."""
    return [_weighed(tx, conflict, by) for conflict, by in store.of_request(tx, request)]


def _of_hold(tx: Transaction, tools: Tools, request: RequestId, subject: SubjectId, hold: Hold) -> tuple[Conflict, list[HoldId]]:
    duty = weighing.duty_of(tx, hold.slices)
    asked = weighing.weigh(
        tx,
        tools.rules,
        tools.clock,
        reason=hold.reason,
        law_named=hold.law is not None,
        duty=duty,
        against_wish=True,
        by=SYSTEM,
    )
    person = joining.standing_for(tx, subject)
    mine_alone = all(each.subject == person for each in holds.about(tx, hold.id))
    stays = asked.verdict.outcome not in _NO or not mine_alone
    if not stays:
        holds.lift(tx, tools.vault, tools.clock, hold.id, by=SYSTEM)
    conflict = Conflict(
        request=request,
        subject=subject,
        verdict=asked.id,
        purpose=None,
        hold=hold.id,
        stays=stays,
        decided_at=tools.clock.now(),
    )
    return conflict, []


def _of_duty(
    tx: Transaction,
    tools: Tools,
    request: RequestId,
    subject: SubjectId,
    purpose: Purpose,
    kept: Mapping[date, Sequence[HoldingId]],
) -> tuple[Conflict, list[HoldId]]:
    duty = purpose.legal_duty or ""
    asked = weighing.weigh(
        tx, tools.rules, tools.clock, reason=_DUTY, law_named=bool(duty), duty=duty, against_wish=True, by=SYSTEM
    )
    law = _law_of(asked.verdict, duty)
    placed = []
    stays = asked.verdict.outcome not in _NO or not duty
    for number, (until, slices) in enumerate(_parts(purpose, kept) if stays else ()):
        name = HoldName(text=f"duty-{asked.id.hex[-12:-6]}-{asked.id.hex[-6:]}-{number}")
        hold = holds.place(
            tx,
            tools.vault,
            tools.clock,
            name=name,
            reason=_DUTY,
            law=law,
            owner=SYSTEM,
            until=until,
            slices=slices,
            verdict=asked.id,
        )
        placed.append(hold.id)
    conflict = Conflict(
        request=request,
        subject=subject,
        verdict=asked.id,
        purpose=purpose.id,
        hold=None,
        stays=bool(placed),
        decided_at=tools.clock.now(),
    )
    return conflict, placed


def _law_of(verdict: Verdict, duty: str) -> Law | None:
    """What the rule of that very duty cites, else the law that the register names: with what the first rule cites, where that is
    a short name alone. None where no rule says that it may be, and where the register names none."""
    cited = [each for each in verdict.reasons if each.axis is Axis.LAW]
    own = [each.ground for each in cited if each.rule.startswith(f"{duty}.")]
    if own or not cited or not duty:
        return Law(text=own[0]) if own else None
    return Law(text=duty if is_citation(duty) else f"{duty} ({cited[0].ground})")


def _parts(purpose: Purpose, kept: Mapping[date, Sequence[HoldingId]]) -> Iterator[tuple[date, list[Slice]]]:
    """One hold for each last day, so that nothing is kept a day longer than its own."""
    for until, found in sorted(kept.items()):
        for start in range(0, len(found), MOST_SLICES):
            yield until, [Slice(holding=each, purpose=purpose.id) for each in found[start : start + MOST_SLICES]]


def _kept_for(
    tx: Transaction, tools: Tools, subject: SubjectId, purpose: Purpose, held: set[HoldingId]
) -> dict[date, list[HoldingId]]:
    """What is there about the person for this purpose, and neither dark nor held: by its last day."""
    found = holdings.kept_of(tx, subject, purpose.id, day_of(tools.clock.now()))
    open_yet = tools.vault.may_open_yet(tx, [each.holding for each in found if each.is_ours])
    kept: dict[date, list[HoldingId]] = {}
    for each in found:
        if each.holding not in held and (not each.is_ours or each.holding in open_yet):
            kept.setdefault(each.last_day, []).append(each.holding)
    return kept


def _weighed(tx: Transaction, conflict: Conflict, by: Sequence[HoldId]) -> Weighed:
    found = [holds.get(tx, each) for each in by]
    standing = [each.ends_on for each in found if each.lifted_at is None]
    return Weighed(
        conflict=conflict,
        verdict=policy.get(tx, conflict.verdict).verdict,
        reason=found[0].reason if found else _DUTY,
        law=found[0].law if found else None,
        until=max(standing, default=None) if conflict.stays else None,
        is_told=all(each.untold is None for each in found),
    )
