"""Parquet, by its first bytes."""

from rightcall.adapters.systems.formats.model import Format, Head
from rightcall.adapters.systems.formats.parsers import parser


def fits(head: Head) -> bool:
    return head.bytes.startswith((b"PAR1", b"PARE"))


FORMAT = Format(
    name="Parquet",
    fits=fits,
    parts=parser("parquet_rows"),
    endings=(".parquet", ".pq"),
    reads="Rows in batches, nested values under their paths",
    leaves="Encrypted columns; notes that writers put beside the schema",
)
