"""A database of somebody else's, as untidy as they are, and what the tests ask of each kind of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rightcall.adapters.systems.pace import Pace
from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Row, Rows
from rightcall.discovery.ports import Listed, System

PLANTED = "Skovgaard-4571-9920"
"""A value that must be found nowhere but where it lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estate:
    """`ask` runs statements as its owner; `open` opens it as a source; `schema` is what its names of tables begin with."""

    schema: str
    long_text: str = "text"
    ask: Callable[..., None]
    open: Callable[..., System]

    def name(self, table: str) -> str:
        return f"{self.schema}{table}"

    def read(self, table: str, *, sample: float = 1.0, pace: Pace | None = None) -> tuple[list[Rows], list[PassedOver]]:
        """All batches of it, and what of it was passed over."""
        system = self.open(pace=pace)
        try:
            return sorted_out(system, self.name(table), sample)
        finally:
            system.close()


def sorted_out(system: System, name: str, sample: float = 1.0) -> tuple[list[Rows], list[PassedOver]]:
    batches: list[Rows] = []
    passed: list[PassedOver] = []
    for part in system.read(Listed(name=name, fingerprint=None, size=None), sample=sample):
        if isinstance(part, PassedOver):
            passed.append(part)
        else:
            assert isinstance(part, Rows)
            batches.append(part)
    return batches, passed


def rows_of(batches: Sequence[Rows]) -> list[Row]:
    return [row for batch in batches for row in batch.rows]


def cells_of(batches: Sequence[Rows]) -> list[tuple[str | None, ...]]:
    return [row.cells for row in rows_of(batches)]
