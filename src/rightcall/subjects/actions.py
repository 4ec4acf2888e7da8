"""Knowing who someone is, without ever guessing: finding, adding, telling apart, forgetting."""

from collections.abc import Sequence

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import StatementId, SubjectId, new_id
from rightcall.ledger import actions as ledger
from rightcall.ledger.model import Commitment
from rightcall.personal import Personal
from rightcall.subjects import rules, store
from rightcall.subjects.model import Identifier, IdentifierKind, Limit, Subject, subject_bytes
from rightcall.subjects.rules import Candidate, Known, Resolution, Shared
from rightcall.subjects.statements import IdentifierAdded, NameGiven, SubjectSplit
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

_NAME = "subjects.name"


def identify(
    tx: Transaction, vault: Vault, clock: Clock, identifiers: Sequence[Identifier], *, name: Personal[str] | None = None
) -> SubjectId:
    """The one subject whom these identifiers tell, else a new one. No identifiers (a withheld number): always a new one.

    Where they are shared and nothing tells which person this is: one subject, marked ambiguous, that stands for whoever it is
    until somebody says so. A customer id that nobody has is a new person's then.
    """
    blinds = [blind_of(tx, vault, identifier) for identifier in identifiers]
    store.hold_blinds(tx, blinds)
    resolution = _resolve(tx, identifiers, blinds)
    if isinstance(resolution, Known):
        subject = resolution.subject
    elif isinstance(resolution, Shared) and resolution.pending is not None:
        return resolution.pending
    else:
        subject = _create(tx, vault, clock, ambiguous=isinstance(resolution, Shared), split_from=None)
    have = {each.blind for each in store.identifiers_of(tx, subject)}
    for identifier, blind in zip(identifiers, blinds, strict=True):
        if blind not in have:
            _insert(tx, vault, clock, subject, identifier, blind)
    pending = isinstance(resolution, Shared)
    if name is not None and not pending and store.sealed_name(tx, subject) is None:
        store.set_name(tx, subject, vault.seal_value(tx, subject, name.reveal("seal name").encode(), _NAME))
    return subject


def find(tx: Transaction, vault: Vault, identifier: Identifier) -> list[SubjectId]:
    """Everyone known by it, from what they said or from another system, oldest first."""
    return store.known_by(tx, blind_of(tx, vault, identifier))


def only_person(tx: Transaction, vault: Vault, identifier: Identifier) -> SubjectId | None:
    """The one person who is known by it; None where it is nobody, or more than one, or not known yet who. By the same statements
    whoever it is: how long it takes tells nobody which."""
    found = store.people_known_by(tx, blind_of(tx, vault, identifier))
    return found[0] if len(found) == 1 else None


def get(tx: Transaction, subject: SubjectId) -> Subject:
    found = store.subject_by_id(tx, subject)
    if found is None:
        raise NotFound("There is no such subject. Look the person up by a number, an e-mail address or a customer id.")
    return found


def identifiers_of(tx: Transaction, vault: Vault, subject: SubjectId) -> list[Identifier] | Dark:
    get(tx, subject)
    identifiers = []
    for each in store.identifiers_of(tx, subject):
        value = vault.open_value(tx, subject, each.sealed, _context(each.kind))
        if isinstance(value, Dark):
            return value
        identifiers.append(Identifier(kind=each.kind, value=Personal(value.decode())))
    return identifiers


def name_of(tx: Transaction, vault: Vault, subject: SubjectId) -> Personal[str] | Dark | None:
    get(tx, subject)
    sealed = store.sealed_name(tx, subject)
    if sealed is None:
        return None
    value = vault.open_value(tx, subject, sealed, _NAME)
    return value if isinstance(value, Dark) else Personal(value.decode())


def add_identifier(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, identifier: Identifier, *, by: Actor) -> None:
    """Having it already is fine. Others may have it too: a number can be shared. A customer id cannot: Conflict says whose calls
    to attribute. Conflict once the person was erased."""
    found, blind = get(tx, subject), blind_of(tx, vault, identifier)
    store.hold_blinds(tx, [blind])
    if identifier.kind is IdentifierKind.CUSTOMER_ID:
        _check_customer_id(tx, found, blind)
    if _insert(tx, vault, clock, subject, identifier, blind):
        id = StatementId(new_id())
        statement = IdentifierAdded(
            at=clock.now(),
            controller=tx.of,
            subject=commitment(tx, vault, subject, id),
            identifier=identifier.kind,
            actor=by.id,
            role=by.role,
        )
        ledger.append(tx, statement, id=id)


def give_name(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, name: Personal[str], *, by: Actor) -> None:
    """How the person says that they are called, in place of what a call told before. Conflict once they were erased, and where
    the subject stands for whoever called: that is nobody's name."""
    if get(tx, subject).ambiguous:
        raise Conflict("This subject stands for whoever called from a shared number. Say who each call was by first.")
    id = StatementId(new_id())
    whose = commitment(tx, vault, subject, id)
    store.set_name(tx, subject, vault.seal_value(tx, subject, name.reveal("seal name").encode(), _NAME))
    ledger.append(tx, NameGiven(at=clock.now(), controller=tx.of, subject=whose, actor=by.id, role=by.role), id=id)


def _check_customer_id(tx: Transaction, subject: Subject, blind: bytes) -> None:
    if subject.ambiguous:
        raise Conflict(
            "This subject stands for whoever called from a shared number, so it cannot be one customer. Say who each call was by"
            " with POST /calls/{call}/parties/{party}/subject."
        )
    if any(each.subject != subject.id for each in store.holders(tx, [blind])):
        raise Conflict(
            "Another subject has this customer id. If it is the same person, give this subject's calls to that one with"
            " POST /calls/{call}/parties/{party}/subject; find it with GET /subjects?id=…."
        )


def commitment(tx: Transaction, vault: Vault, subject: SubjectId, statement: StatementId) -> Commitment:
    """What stands for the person in that statement, and for nobody once their key is destroyed. Conflict where it is already."""
    return Commitment(vault.commit(tx, subject, statement, subject_bytes(subject)))


def split(
    tx: Transaction,
    vault: Vault,
    clock: Clock,
    subject: SubjectId,
    *,
    moved: Sequence[Identifier],
    shared: Sequence[Identifier] = (),
    by_calls: bool = False,
    by: Actor,
) -> SubjectId:
    """A second person out of one: `moved` identifiers go to the new subject, `shared` ones belong to both from now on.

    `by_calls`: calls tell them apart, and are attributed to the new subject after this; then nothing need be moved. Past calls
    that are not attributed stay with `subject`. Coming calls tell the two apart by what one of them alone has. What the one
    person wanted of the use of their data counts for both.
    """
    get(tx, subject)
    if any(each.kind is IdentifierKind.CUSTOMER_ID for each in shared):
        raise Conflict("A customer id is one person's. Move it to the one whose it is.")
    moving = {blind_of(tx, vault, each): each for each in moved}
    sharing = {blind: each for each in shared if (blind := blind_of(tx, vault, each)) not in moving}
    store.hold_blinds(tx, [*moving, *sharing])
    have = {each.blind for each in store.identifiers_of(tx, subject)}
    if not moving and not by_calls:
        raise Conflict("Name what is the other person's alone: an identifier, such as a customer id, or calls.")
    if not have.issuperset((*moving, *sharing)):
        raise NotFound("This subject does not have all of these identifiers. Look at the subject's identifiers and try again.")
    made = _create(tx, vault, clock, ambiguous=False, split_from=subject)
    store.delete_identifiers(tx, subject, list(moving))
    for blind, identifier in (moving | sharing).items():
        _insert(tx, vault, clock, made, identifier, blind)
    _want_the_same(tx, subject, made)
    id = StatementId(new_id())
    statement = SubjectSplit(
        at=clock.now(),
        controller=tx.of,
        subject=commitment(tx, vault, subject, id),
        made=commitment(tx, vault, made, id),
        moved=len(moving),
        shared=len(sharing),
        actor=by.id,
        role=by.role,
    )
    ledger.append(tx, statement, id=id)
    return made


def forget_identifiers(tx: Transaction, subject: SubjectId) -> int:
    """Deletes the blind rows and the sealed values, the name too, and says how many values went. What other systems' records told
    of the subject is forgotten with it."""
    get(tx, subject)
    store.delete_known(tx, subject, None)
    blinds = [each.blind for each in store.identifiers_of(tx, subject)]
    store.hold_blinds(tx, blinds)
    deleted = store.delete_identifiers(tx, subject, blinds)
    store.delete_unused_blinds(tx, blinds)
    return deleted + store.forget_name(tx, subject)


def _resolve(tx: Transaction, identifiers: Sequence[Identifier], blinds: Sequence[bytes]) -> Resolution:
    """Subjects that are joined are one candidate."""
    found = store.holders(tx, blinds)
    roots = store.roots(tx, list({each.subject for each in found})) if found else {}
    candidates = [
        Candidate(
            subject=subject,
            ambiguous=any(each.ambiguous for each in found if roots[each.subject] == subject),
            has=frozenset(blinds.index(each.blind) for each in found if roots[each.subject] == subject),
            has_customer_id=any(each.has_customer_id for each in found if roots[each.subject] == subject),
        )
        for subject in dict.fromkeys(roots[each.subject] for each in found)
    ]
    return rules.resolve(identifiers, candidates)


def _want_the_same(tx: Transaction, subject: SubjectId, made: SubjectId) -> None:
    """It is doubtful which of two who were taken for one asked that their data is not used: it counts for both, until somebody
    says whose wish it is (`requests.carried`)."""
    since = store.own_limits(tx, [subject]).get(subject)
    if since is None:
        return
    for limit, at in ((Limit.RESTRICTED, since.restricted_at), (Limit.OBJECTED, since.objected_at)):
        if at is not None:
            store.set_limit(tx, [made], limit, at)


def _create(tx: Transaction, vault: Vault, clock: Clock, *, ambiguous: bool, split_from: SubjectId | None) -> SubjectId:
    subject = Subject(id=SubjectId(new_id()), ambiguous=ambiguous, split_from=split_from, created_at=clock.now())
    store.insert_subject(tx, subject)
    vault.create_subject(tx, subject.id)
    return subject.id


def _insert(tx: Transaction, vault: Vault, clock: Clock, subject: SubjectId, identifier: Identifier, blind: bytes) -> bool:
    """False where the subject has it already."""
    sealed = vault.seal_value(tx, subject, identifier.value.reveal("seal identifier").encode(), _context(identifier.kind))
    return store.insert_identifier(tx, subject, identifier.kind, blind, sealed, clock.now())


def blind_of(tx: Transaction, vault: Vault, identifier: Identifier) -> bytes:
    """What it is found by, here and among what other systems' records tell."""
    return vault.blind(tx, _context(identifier.kind), identifier.value.reveal("blind identifier"))


def _context(kind: str) -> str:
    return f"subjects.{kind}"
