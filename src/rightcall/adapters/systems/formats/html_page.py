"""HTML: what a page shows, and what its attributes say (`mailto:`, `tel:`, titles, values of forms), with entities decoded."""

import re

from rightcall.adapters.systems.formats.decoding import encoding_of, text_of
from rightcall.adapters.systems.formats.model import Format, Head
from rightcall.adapters.systems.formats.parsers import parser

ENDINGS = (".html", ".htm", ".xhtml")
_BEGINS = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def fits(head: Head) -> bool:
    if encoding_of(head.bytes) is None:
        return False
    text = text_of(head.bytes[:4096])
    return _BEGINS.match(text) is not None or (head.ending in ENDINGS and "<" in text)


FORMAT = Format(
    name="HTML",
    fits=fits,
    parts=parser("html_text"),
    endings=ENDINGS,
    reads="What a page shows, scripts, comments and the values of attributes, entities decoded",
    leaves="Styles; what scripts would fetch",
)
