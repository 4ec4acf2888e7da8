"""The erasure of one person: what was found, what was destroyed, what is confirmed gone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rightcall.evidence.graded import Residual
from rightcall.evidence.model import CertificateId
from rightcall.ids import ErasureId, StatementId, SubjectId


class Missing(StrEnum):
    """Why it is not known whether what was let go is still so: the list of what was destroyed is not there, or the ledger's last
    checkpoint; statements that were signed are not in the ledger any more, or others are; or it could not be looked at."""

    LIST = "list"
    CHECKPOINT = "checkpoint"
    STATEMENTS = "statements"
    HISTORY = "history"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """`destroyed_at`: no key opens anything of the person any more. `epoch`: the last one under which anything was wrapped; once
    it is over, no backup opens anything either, and `turned` says so. `confirmed_at`: every object was deleted and its store said
    so. `salt` opens the ledger's commitment to the person. `held`: slices that a hold keeps; they go when it is lifted, and then
    the erasure is confirmed and certified anew. `kept_for_recipients`: so many identifiers are kept until these were told.
    `doubtful`: so many records may be about the person, of which nobody had said whose they are when the key went. `part_of`: the
    erasure of the subject that stands for the same person; that one is certified, for all of them. `opening`: what opens the
    commitment to the whole person, drawn when the first of its keys goes. `unasked`: why recipients are not asked by what records
    of other systems tell, of somebody of whom nothing else does."""

    id: ErasureId
    subject: SubjectId
    begun_at: datetime
    destroyed_at: datetime | None
    epoch: int | None
    identifiers: int | None
    destroyed: StatementId | None
    salt: bytes | None
    disposed: int
    held: int
    confirmed_at: datetime | None
    confirmed: StatementId | None
    certificate: CertificateId | None
    turned: StatementId | None
    kept_for_recipients: int = 0
    doubtful: int = 0
    part_of: ErasureId | None = None
    opening: bytes | None = None
    unasked: frozenset[Residual] = frozenset()

    @property
    def root(self) -> ErasureId:
        """By which the whole is known: the request's id, where there is one."""
        return self.part_of or self.id
