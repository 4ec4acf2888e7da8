"""What one of two wanted, after a join that was wrong: it stays with whoever asked, and with the other until somebody says so."""

from collections.abc import Callable

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.joins import actions as proposals
from rightcall.erasure import actions as erasures
from rightcall.errors import Conflict
from rightcall.ids import ErasureId, SubjectId, new_id
from rightcall.requests import actions, carried, limiting
from rightcall.requests.actions import Came
from rightcall.requests.model import NotTheirs, ProofKind, Request, RequestKind
from rightcall.subjects import actions as subjects
from rightcall.subjects import restricting
from rightcall.subjects.model import Join, JoinReason, Limit, Limits
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL, BEN_TEL
from tests.conftest import FixedClock
from tests.requests.conftest import Known

DPO = Actor(id=new_id(), role=Role.DPO)
FREE = Limits(restricted=False, objected=False)
Two = tuple[SubjectId, SubjectId]
Ask = Callable[..., Request]
KINDS = [(RequestKind.RESTRICTION, Limit.RESTRICTED), (RequestKind.OBJECTION, Limit.OBJECTED)]


@pytest.fixture
def two(known: Known) -> Two:
    return known(ADA_TEL), known(BEN_TEL)


@pytest.fixture
def ask(tx: Transaction, vault: Vault, clock: FixedClock) -> Ask:
    def ask(subject: SubjectId, kind: RequestKind, proof: ProofKind = ProofKind.VOUCHED) -> Request:
        return actions.receive(tx, vault, clock, subject=subject, kind=kind, by=DPO, came=Came(proof=proof))

    return ask


@pytest.fixture
def join(tx: Transaction, vault: Vault, clock: FixedClock) -> Callable[[SubjectId, SubjectId], Join]:
    def join(one: SubjectId, into: SubjectId) -> Join:
        return proposals.join(tx, vault, clock, one, into=into, reason=JoinReason.PERSON_SAID_SO, by=DPO)

    return join


def limits(stands: Limit) -> Limits:
    return Limits(restricted=stands is Limit.RESTRICTED, objected=stands is Limit.OBJECTED)


@pytest.mark.parametrize(("kind", "limit"), KINDS)
@pytest.mark.parametrize("stands_for_both", [True, False], ids=["asked by the one that stands", "by the joined one"])
@pytest.mark.parametrize("before", [True, False], ids=["before the join", "during it"])
def test_who_asked_keeps_it_and_the_other_until_somebody_says_that_it_is_not_theirs(
    tx: Transaction,
    vault: Vault,
    clock: FixedClock,
    two: Two,
    ask: Ask,
    join: Callable[[SubjectId, SubjectId], Join],
    kind: RequestKind,
    limit: Limit,
    stands_for_both: bool,
    before: bool,
) -> None:
    asker, other = two
    wish = ask(asker, kind) if before else None
    made = join(other, asker) if stands_for_both else join(asker, other)
    wish = wish or ask(asker, kind)
    assert carried.carried_by(tx, made) == {}
    proposals.undo(tx, clock, made.id, by=DPO)

    [own], [left] = carried.wishes_of(tx, asker), carried.wishes_of(tx, other)
    assert (own.requests, own.is_carried) == ((wish.id,), False)
    assert left.is_carried
    assert ([each.id for each in left.came_by], left.asked_there) == ([made.id], (wish.id,))
    assert carried.carried_by(tx, made) == {other: (limit,)}

    with pytest.raises(Conflict, match="themselves"):
        carried.lift(tx, vault, clock, asker, limit, reason=NotTheirs.OTHER_ASKED, by=DPO)
    with pytest.raises(Conflict, match="still stands"):
        carried.lift(tx, vault, clock, other, limit, reason=NotTheirs.REQUEST_OVER, by=DPO)
    assert restricting.limits_of(tx, other) == limits(limit)
    carried.lift(tx, vault, clock, other, limit, reason=NotTheirs.OTHER_ASKED, by=DPO)
    assert restricting.limits_of(tx, other) == FREE
    assert restricting.limits_of(tx, asker) == limits(limit)
    with pytest.raises(Conflict, match="nothing to lift"):
        carried.lift(tx, vault, clock, other, limit, reason=NotTheirs.OTHER_ASKED, by=DPO)


def test_it_stays_with_the_other_when_the_request_is_lifted_and_ends_as_over(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, join: Callable[[SubjectId, SubjectId], Join]
) -> None:
    asker, other = two
    wish, made = ask(asker, RequestKind.RESTRICTION), join(other, asker)
    proposals.undo(tx, clock, made.id, by=DPO)
    limiting.tell_before_lifting(tx, clock, wish.id, by=DPO)
    limiting.lift(tx, clock, wish.id, by=DPO)
    assert restricting.limits_of(tx, asker) == FREE
    assert restricting.limits_of(tx, other) == limits(Limit.RESTRICTED)
    carried.lift(tx, vault, clock, other, Limit.RESTRICTED, reason=NotTheirs.REQUEST_OVER, by=DPO)
    assert restricting.limits_of(tx, other) == FREE


def test_the_others_own_request_goes_before_even_while_it_is_not_shown_who_asks(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, join: Callable[[SubjectId, SubjectId], Join]
) -> None:
    asker, other = two
    ask(asker, RequestKind.RESTRICTION)
    made = join(other, asker)
    proposals.undo(tx, clock, made.id, by=DPO)
    came = Came(proof=None)
    actions.receive_unproved(tx, vault, clock, subject=other, kind=RequestKind.RESTRICTION, by=DPO, came=came)
    with pytest.raises(Conflict, match="themselves"):
        carried.lift(tx, vault, clock, other, Limit.RESTRICTED, reason=NotTheirs.PERSON_AGREED, by=DPO)
    assert restricting.limits_of(tx, other) == limits(Limit.RESTRICTED)


def test_an_erasure_of_whoever_asked_leaves_the_deed_and_one_of_the_other_ends_it(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, join: Callable[[SubjectId, SubjectId], Join]
) -> None:
    asker, other = two
    ask(asker, RequestKind.OBJECTION)
    made = join(asker, other)
    proposals.undo(tx, clock, made.id, by=DPO)
    erase(tx, vault, clock, ask(asker, RequestKind.ERASURE))
    with pytest.raises(Conflict, match="erased"):
        carried.lift(tx, vault, clock, asker, Limit.OBJECTED, reason=NotTheirs.OTHER_ASKED, by=DPO)
    carried.lift(tx, vault, clock, other, Limit.OBJECTED, reason=NotTheirs.OTHER_ASKED, by=DPO)
    assert restricting.limits_of(tx, other) == FREE


def test_while_the_other_is_being_erased_nothing_is_lifted_for_them(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, join: Callable[[SubjectId, SubjectId], Join]
) -> None:
    asker, other = two
    made = join(other, asker)
    ask(asker, RequestKind.OBJECTION)
    proposals.undo(tx, clock, made.id, by=DPO)
    wish = ask(other, RequestKind.ERASURE)
    actions.begin(tx, clock, wish.id)
    with pytest.raises(Conflict, match="erased"):
        carried.lift(tx, vault, clock, other, Limit.OBJECTED, reason=NotTheirs.OTHER_ASKED, by=DPO)
    assert restricting.limits_of(tx, other) == limits(Limit.OBJECTED)


def test_an_erasure_that_began_while_they_were_one_is_of_both_though_the_join_is_undone(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, join: Callable[[SubjectId, SubjectId], Join]
) -> None:
    asker, other = two
    made, whole = join(other, asker), ErasureId(new_id())
    ask(asker, RequestKind.OBJECTION)
    erasures.begin(tx, clock, erasure=whole, subject=asker)
    erasures.begin(tx, clock, erasure=ErasureId(new_id()), subject=other, part_of=whole)
    proposals.undo(tx, clock, made.id, by=DPO)
    with pytest.raises(Conflict, match="erased"):
        carried.lift(tx, vault, clock, other, Limit.OBJECTED, reason=NotTheirs.OTHER_ASKED, by=DPO)


def erase(tx: Transaction, vault: Vault, clock: FixedClock, request: Request) -> None:
    actions.begin(tx, clock, request.id)
    erasures.begin(tx, clock, erasure=ErasureId(request.id), subject=request.subject)
    erasures.destroy(tx, vault, clock, erasure=ErasureId(request.id))


@pytest.mark.parametrize(("kind", "limit"), KINDS)
def test_who_is_split_from_somebody_who_asked_has_it_until_somebody_says_that_it_is_not_theirs(
    tx: Transaction, vault: Vault, clock: FixedClock, two: Two, ask: Ask, kind: RequestKind, limit: Limit
) -> None:
    asker, _ = two
    wish = ask(asker, kind)
    made = subjects.split(tx, vault, clock, asker, moved=[], by_calls=True, by=DPO)
    [own], [left] = carried.wishes_of(tx, asker), carried.wishes_of(tx, made)
    assert (own.is_carried, left.is_carried, left.came_by, left.asked_there) == (False, True, (), (wish.id,))
    assert restricting.limits_of(tx, made) == limits(limit)
    carried.lift(tx, vault, clock, made, limit, reason=NotTheirs.OTHER_ASKED, by=DPO)
    assert (restricting.limits_of(tx, made), restricting.limits_of(tx, asker)) == (FREE, limits(limit))
    nobody_asked = subjects.split(tx, vault, clock, made, moved=[], by_calls=True, by=DPO)
    assert restricting.limits_of(tx, nobody_asked) == FREE
