"""PDF, by its first bytes."""

from rightcall.adapters.systems.formats.later import later
from rightcall.adapters.systems.formats.model import Format, Head

_BEGINS, _WITHIN_FIRST = b"%PDF-", 1024


def fits(head: Head) -> bool:
    return _BEGINS in head.bytes[:_WITHIN_FIRST]


FORMAT = Format(
    name="PDF",
    fits=fits,
    parts=later("pdf_apart"),
    endings=(".pdf",),
    reads="Text by page, links and notes on the page, fields of forms, properties, attached files",
    leaves="Pages that are pictures (told); documents behind a password; the order of columns is not always that of reading",
)
