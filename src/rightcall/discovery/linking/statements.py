"""What linking says in the ledger: how many records were linked."""

from dataclasses import dataclass
from typing import ClassVar

from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsLinked(Statement):
    """A batch of records, by what became of them."""

    KIND: ClassVar[str] = "discovery.records_linked"

    certain: int
    likely: int
    doubtful: int
    new: int
    unlinked: int
