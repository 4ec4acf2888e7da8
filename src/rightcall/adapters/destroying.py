"""Which statements say that something was destroyed, and writing that down before it is so (docs/adr/0052).

Whoever destroys, the web process, a command, the recorder or a worker, has it on the list beside the keys before its transaction
is committed: nothing is confirmed that a restored backup could not be told. Deliberately elsewhere: telling a restored database
(`worker.destroyed`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from rightcall.activities.processors.statements import ProcessorRetired
from rightcall.activities.telling.statements import LettersForgotten
from rightcall.adapters.destroyed import Destroyed, DestroyedKind, DestroyedList
from rightcall.calls import actions as calls
from rightcall.canonical import parse_json
from rightcall.concerns.statements import ConsentWithdrawn, ForgettingAsked
from rightcall.consent.quality.statements import GrantWithheld
from rightcall.consent.statements import GrantDestroyed
from rightcall.database.connection import Said, Transaction
from rightcall.discovery.systems.statements import SystemRetired
from rightcall.erasure import actions as erasures
from rightcall.erasure.elsewhere.statements import PlacesForgotten
from rightcall.erasure.statements import SubjectErased
from rightcall.errors import Breach
from rightcall.holdings.holds.statements import HoldLifted
from rightcall.ids import ErasureId
from rightcall.policy.overrides.statements import OverrideForgotten
from rightcall.staff.members.statements import MemberForgotten, MemberSuspended
from rightcall.vault.actions import epoch_key, grants_of

_FIELDS: Mapping[str, tuple[DestroyedKind, str]] = {
    SubjectErased.KIND: (DestroyedKind.SUBJECT, "erasure"),
    GrantDestroyed.KIND: (DestroyedKind.GRANT, "grant"),
    HoldLifted.KIND: (DestroyedKind.HOLD, "hold"),
    GrantWithheld.KIND: (DestroyedKind.WITHHELD, "grant"),
    ConsentWithdrawn.KIND: (DestroyedKind.CONSENT, "key"),
    OverrideForgotten.KIND: (DestroyedKind.OVERRIDE, "override"),
    ForgettingAsked.KIND: (DestroyedKind.CONCERN, "key"),
    SystemRetired.KIND: (DestroyedKind.SYSTEM, "system"),
    PlacesForgotten.KIND: (DestroyedKind.PLACES, "erasure"),
    LettersForgotten.KIND: (DestroyedKind.LETTERS, "erasure"),
    ProcessorRetired.KIND: (DestroyedKind.PROCESSOR, "key"),
    MemberForgotten.KIND: (DestroyedKind.MEMBER, "member"),
    MemberSuspended.KIND: (DestroyedKind.SUSPENDED, "member"),
}
DESTROYING = frozenset(_FIELDS)
"""The kinds of statements that say so."""


@dataclass(frozen=True, slots=True)
class WrittenFirst:
    """Implements `database.connection.Foreword`: on the disk when it returns."""

    kept: DestroyedList

    @property
    def kinds(self) -> frozenset[str]:
        return DESTROYING

    def __call__(self, tx: Transaction, said: list[Said], /) -> None:
        self.kept.add(epoch_key(tx), [line for each in said for line in lines_of(tx, each)])


def lines_of(tx: Transaction, said: Said, *, index: int | None = None) -> list[Destroyed]:
    """The ledger names no person, so whose key an erasure destroyed is looked up. Grants that were another person's before are
    told one by one: a backup from before that has them under the other's key."""
    statement = parse_json(said.leaf)
    if not isinstance(statement, Mapping):
        raise Breach("A leaf of the ledger is not a statement. Stop, and tell the DPO.")
    kind, field = _FIELDS[said.kind]
    id = UUID(str(statement[field]))
    told = partial(Destroyed, index=index, controller=tx.of, statement=said.id)
    if kind is not DestroyedKind.SUBJECT:
        return [told(kind=kind, id=id)]
    part = ErasureId(UUID(str(statement.get("part") or id)))
    subject = erasures.get(tx, part).subject
    grants = grants_of(tx, calls.attributed_to(tx, subject))
    return [told(kind=kind, id=subject, erasure=part), *(told(kind=DestroyedKind.GRANT, id=grant) for grant in grants)]
