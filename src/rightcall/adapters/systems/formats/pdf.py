"""PDF, by its first bytes. What is called a PDF may have others before them, but not the beginning of an archive: that may have a
PDF in it, as it is."""

from rightcall.adapters.systems.formats import packages
from rightcall.adapters.systems.formats.model import Format, Head
from rightcall.adapters.systems.formats.parsers import parser

ENDINGS = (".pdf",)
ARCHIVES = packages.BEGINS

_BEGINS, _WITHIN_FIRST = b"%PDF-", 1024
_BLANK = b"\x00\t\n\f\r \xef\xbb\xbf"


def fits(head: Head) -> bool:
    before, begins, _ = head.bytes[:_WITHIN_FIRST].partition(_BEGINS)
    return bool(begins) and (not before.strip(_BLANK) or (head.ending in ENDINGS and not before.startswith(ARCHIVES)))


FORMAT = Format(
    name="PDF",
    fits=fits,
    parts=parser("pdf_apart"),
    endings=ENDINGS,
    reads="Text by page, links and notes on the page, fields of forms, properties, attached files",
    leaves="Pages that are pictures (told); documents behind a password; the order of columns is not always that of reading",
)
