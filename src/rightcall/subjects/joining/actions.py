"""Two subjects that are one person. A join is a line between them and moves nothing, so undoing it leaves everything as it was.

Each keeps its own key, choices and holdings: nobody's yes is wider for a join. Whoever asks for one is shown both; erasing one
erases both, and neither comes back when the join is undone. Likewise what one wants of the use of their data holds for both, and
stays with each. What is learnt of the person afterwards belongs to the subject that
stands for it, and stays there.
"""

from collections.abc import Sequence

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.subjects.actions import commitment, get, identifiers_of
from rightcall.subjects.joining import store
from rightcall.subjects.model import Identifier, Join, JoinReason
from rightcall.subjects.statements import JoinUndone, SubjectsJoined
from rightcall.subjects.store import roots, spread_limits
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason


def join(
    tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, *, into: SubjectId, reason: JoinReason, by: Actor
) -> Join:
    """`subject`, and whoever is joined to it, is the person that `into` is. Conflict where they are one already, where either was
    erased, and where either stands for somebody who is not known yet."""
    for each in (subject, into):
        if get(tx, each).ambiguous:
            raise Conflict("One of these stands for somebody who is not known yet. Say first whose its calls are.")
        if not vault.subject_exists(tx, each):
            raise Conflict("One of these was erased. Nothing can be joined to it, so that nothing of it comes back.")
    store.hold_subjects(tx, [*person(tx, subject), *person(tx, into)])
    top, under = standing_for(tx, into), standing_for(tx, subject)
    if top == under:
        raise Conflict("These are one person already. Look at the subject to see its joins.")
    id = StatementId(new_id())
    made = Join(id=id, subject=under, into=top, reason=reason, by=by, joined_at=clock.now(), undone_at=None)
    said = SubjectsJoined(
        at=made.joined_at,
        controller=tx.of,
        subject=commitment(tx, vault, under, id),
        into=commitment(tx, vault, top, id),
        reason=reason,
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, said, id=id)
    store.insert_join(tx, made)
    spread_limits(tx, person(tx, top))
    return made


def undo(tx: Transaction, clock: Clock, join: StatementId, *, by: Actor) -> Join:
    """They are two people again, each with what it had and what came to it since. Again is fine."""
    found = get_join(tx, join)
    if found.undone_at is None:
        at, statement = clock.now(), StatementId(new_id())
        ledger.append(tx, JoinUndone(at=at, controller=tx.of, join=join, actor=by.id, role=by.role), id=statement)
        store.undo_join(tx, join, by=by, at=at, statement=statement)
    return get_join(tx, join)


def get_join(tx: Transaction, join: StatementId) -> Join:
    found = store.join_by_id(tx, join)
    if found is None:
        raise NotFound("There is no such join here. Look at the subject to see its joins.")
    return found


def person(tx: Transaction, subject: SubjectId) -> tuple[SubjectId, ...]:
    """All subjects that are this person, the one that stands for it first; the subject alone where it is joined to none."""
    return tuple(store.person(tx, subject))


def hold(tx: Transaction, subject: SubjectId) -> tuple[SubjectId, ...]:
    """The same, held until the transaction ends: two deeds about one person follow each other."""
    store.hold_subjects(tx, person(tx, subject))
    return person(tx, subject)


def hold_people(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """All subjects of these people, each with the one that stands for it, held until the transaction ends."""
    store.hold_subjects(tx, list(people(tx, list(set(stand_for(tx, subjects).values())))))
    return people(tx, list(set(stand_for(tx, subjects).values())))


def known_by(tx: Transaction, vault: Vault, subject: SubjectId) -> list[Identifier] | Dark:
    """What the whole person is known by, each once. Dark where all of them were erased."""
    found = [identifiers_of(tx, vault, each) for each in person(tx, subject)]
    known = [each for each in found if not isinstance(each, Dark)]
    return list(dict.fromkeys(one for each in known for one in each)) if known else Dark(reason=DarkReason.SUBJECT_ERASED)


def standing_for(tx: Transaction, subject: SubjectId) -> SubjectId:
    return roots(tx, [subject]).get(subject, subject)


def stand_for(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """For each the subject that stands for the person."""
    return roots(tx, subjects) if subjects else {}


def people(tx: Transaction, tops: Sequence[SubjectId]) -> dict[SubjectId, SubjectId]:
    """Of those who stand for people all their subjects, each with the one that stands for it."""
    return store.people(tx, tops) if tops else {}


def told_apart(tx: Transaction, subjects: Sequence[SubjectId]) -> dict[SubjectId, frozenset[SubjectId]]:
    """Of each whom a person said that they are not: they were split, or joined and two again."""
    found: dict[SubjectId, set[SubjectId]] = {}
    for one, other in store.told_apart(tx, subjects):
        found.setdefault(one, set()).add(other)
    return {one: frozenset(others) for one, others in found.items()}


def joins_of(tx: Transaction, subject: SubjectId) -> list[Join]:
    """Those that this person came of, and undone ones of its subjects, in their order."""
    return store.joins_of(tx, person(tx, subject))
