"""What erasing says in the ledger. Whose erasure it is, the ledger alone does not tell: the certificate opens the commitment."""

from dataclasses import dataclass
from typing import ClassVar

from rightcall.erasure.model import Missing
from rightcall.ids import ErasureId
from rightcall.ledger.model import Commitment, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectErased(Statement):
    """The subject's key is destroyed, and with it every grant, in `epoch`: backups of it die with that epoch's key. `subject`
    is a commitment to the person. `part`: which of their joined subjects, where it is not the one that stands for them."""

    KIND: ClassVar[str] = "erasure.destroyed"

    erasure: ErasureId
    subject: Commitment
    epoch: int
    identifiers: int
    part: ErasureId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureConfirmed(Statement):
    """Every object of the person was deleted, each confirmed by its store, but for the `held` slices."""

    KIND: ClassVar[str] = "erasure.confirmed"

    erasure: ErasureId
    disposed: int
    held: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedAnyway(Statement):
    """A person took it upon them to open a database of which it was not known whether what was let go is in it again: what was
    `missing`, and how many signed statements are `lost`, as far as anybody could tell. Why, lies beside the keys."""

    KIND: ClassVar[str] = "erasure.opened_anyway"

    missing: Missing
    lost: int
