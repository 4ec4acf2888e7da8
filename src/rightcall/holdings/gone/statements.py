"""What is said in the ledger where nothing is known any more of what is gone."""

from dataclasses import dataclass
from typing import ClassVar

from rightcall.ledger.model import Digest, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneForgotten(Statement):
    """That so many things were ever held is known no more, `days` after they went. `root`: of their ids (`rules.ids_root`)."""

    KIND: ClassVar[str] = "holdings.gone_forgotten"

    days: int
    count: int
    root: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class UsesForgotten(Statement):
    """So many lines of the access log are no more: each is older than `days`, and what was used is not known either."""

    KIND: ClassVar[str] = "holdings.uses_forgotten"

    days: int
    count: int
