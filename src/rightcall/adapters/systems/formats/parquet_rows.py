"""The rows of a Parquet file, a few hundred at a time."""

from collections.abc import Iterator

import pyarrow.parquet
from pyarrow import ArrowException

from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.model import FOREIGN, Told, Within
from rightcall.adapters.systems.formats.records import Record, flatten, known, place, sheets
from rightcall.adapters.systems.formats.rows import digest, is_sampled
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.discovery.model import NotRead, Reason

_ROWS = 500
_BUFFER = 1 << 20
_ENCRYPTED = b"PARE"


def parts(name: str, stream: Stream, within: Within) -> Told:
    if stream.head().startswith(_ENCRYPTED):
        raise NotRead(Reason.ENCRYPTED)
    file = stream.sought()
    try:
        table = pyarrow.parquet.ParquetFile(file, buffer_size=_BUFFER)
        sizes = [table.metadata.row_group(number).total_byte_size for number in range(table.metadata.num_row_groups)]
    except (ArrowException, *FOREIGN) as error:
        raise NotRead(Reason.BROKEN) from error
    for size in sizes:
        within.spent.unpack(max(0, size))
    taken = _Share(within.spent.packed, table.metadata.num_rows)
    broken = Break()
    yield from sheets(name, broken.before(known(_records(table, within, taken))), within.limits.columns, taken.taken)
    broken.tell()


class _Share:
    """Each row has its even share of the file's bytes."""

    def __init__(self, size: int, rows: int) -> None:
        self._size, self._rows, self._seen, self._told = size, max(1, rows), 0, 0

    def count(self) -> None:
        self._seen += 1

    def taken(self) -> int:
        now = self._size * self._seen // self._rows
        taken, self._told = now - self._told, now
        return max(0, taken)


def _records(table: pyarrow.parquet.ParquetFile, within: Within, share: _Share) -> Iterator[Record]:
    number = 0
    for names, columns in _batches(table):
        for values in zip(*columns, strict=True):
            number += 1
            share.count()
            if is_sampled(digest([str(number)]), within.sample):
                yield _record(str(number), names, values, within.limits.nesting)


def _batches(table: pyarrow.parquet.ParquetFile) -> Iterator[tuple[list[str], list[list[object]]]]:
    """One group of rows after the other: asked for together, they are held longer."""
    for group in range(table.metadata.num_row_groups):
        batches = table.iter_batches(batch_size=_ROWS, row_groups=[group], use_threads=False)
        while True:
            try:
                batch = next(batches)
                names, columns = batch.schema.names, [column.to_pylist() for column in batch.columns]
            except StopIteration:
                break
            except (ArrowException, *FOREIGN) as error:
                raise NotRead(Reason.BROKEN) from error
            yield names, columns


def _record(key: str, names: list[str], values: tuple[object, ...], nesting: int) -> Record:
    record = Record(key)
    for name, value in zip(names, values, strict=True):
        try:
            flatten(value, record, nesting, path=place("", name, record))
        except RecursionError as error:
            raise NotRead(Reason.TOO_DEEP) from error
    return record
