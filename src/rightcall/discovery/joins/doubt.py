"""Whoever may be the same person as somebody who wants their data kept alone, or not used: until a person says whether they are,
what is kept of them is not used either. To have used it wrongly cannot be undone; to have let it lie for a while can.

It reaches those of whom a proposal that waits says so, and nobody through them. Refused, it counts no longer; accepted, it counts
for the whole person like everything that they want (`subjects.joining`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import store
from rightcall.discovery.joins.model import JoinProposal
from rightcall.discovery.joins.statements import HeldInDoubt
from rightcall.ids import JoinProposalId, SubjectId
from rightcall.ledger import actions as ledger
from rightcall.subjects import restricting
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import Limit, Since

_NOTHING = Since()


def settle(tx: Transaction, clock: Clock, subjects: Collection[SubjectId]) -> int:
    """What these people want, or whether they may be somebody else, has changed: what counts for them and for whoever may be one
    of them is said anew. For how many subjects it is another than before. They are held, so that of a wish and a proposal that
    come at the same time the second sees the first."""
    if not subjects:
        return 0
    people = joining.hold_people(tx, list(subjects))
    people |= joining.hold_people(tx, _ends(store.waiting_pairs(tx, list(people))))
    pairs = store.waiting_pairs(tx, list(people))
    everybody = people | joining.hold_people(tx, _ends(pairs)) if pairs else people
    wants = _wants(everybody, restricting.own_limits(tx, list(everybody)) if pairs else {})
    near: dict[SubjectId, set[SubjectId]] = {}
    for one, other in pairs:
        near.setdefault(everybody[one], set()).add(everybody[other])
        near.setdefault(everybody[other], set()).add(everybody[one])
    found = {each: _first(wants[other] for other in near.get(top, ())) for each, top in people.items()}
    changed = restricting.hold_in_doubt(tx, found)
    if changed:
        ledger.append(tx, HeldInDoubt(at=clock.now(), controller=tx.of, count=changed))
    return changed


def held_by(tx: Transaction, proposals: Sequence[JoinProposal]) -> dict[JoinProposalId, frozenset[Limit]]:
    """Of those that wait which wish of one of the two counts for the other meanwhile, where there is one."""
    own = restricting.own_limits(tx, [each for one in proposals for each in (one.subject, one.other)])
    found = {
        each.id: _limits(own.get(each.subject, _NOTHING)) ^ _limits(own.get(each.other, _NOTHING))
        for each in proposals
        if each.is_open
    }
    return {id: limits for id, limits in found.items() if limits}


def _ends(pairs: Iterable[tuple[SubjectId, SubjectId]]) -> list[SubjectId]:
    return list({each for pair in pairs for each in pair})


def _wants(people: Mapping[SubjectId, SubjectId], own: Mapping[SubjectId, Since]) -> dict[SubjectId, Since]:
    """Of each person, by whom stands for them: what any of their subjects wants."""
    members: dict[SubjectId, list[Since]] = {}
    for each, top in people.items():
        members.setdefault(top, []).append(own.get(each, _NOTHING))
    return {top: _first(theirs) for top, theirs in members.items()}


def _first(wishes: Iterable[Since]) -> Since:
    """What any of these says, since it was first said."""
    said = list(wishes)
    return Since(
        restricted_at=min((each.restricted_at for each in said if each.restricted_at is not None), default=None),
        objected_at=min((each.objected_at for each in said if each.objected_at is not None), default=None),
    )


def _limits(since: Since) -> frozenset[Limit]:
    stand = {Limit.RESTRICTED: since.restricted_at, Limit.OBJECTED: since.objected_at}
    return frozenset(limit for limit, at in stand.items() if at is not None)
