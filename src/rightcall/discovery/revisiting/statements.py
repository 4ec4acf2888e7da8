"""What looking again at linked records says in the ledger: how much went to whom it belongs to. A link that is over has a
decision of its own (`decisions.statements`)."""

from dataclasses import dataclass
from typing import ClassVar

from rightcall.ledger.model import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsFollowed(Statement):
    """So many linked records said more, and so many findings of them are their people's now, by the links that stand."""

    KIND: ClassVar[str] = "discovery.records_followed"

    records: int
    findings: int
