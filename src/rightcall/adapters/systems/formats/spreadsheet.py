"""Excel: the rows of every sheet, hidden ones too, under their heads; comments, headers and footers, links, properties, and the
copies of data that pivot tables keep. Sheets are read forward; only texts that cells share are held, within the limit."""

import re
from collections.abc import Iterator

from rightcall.adapters.systems.formats.breaking import Break
from rightcall.adapters.systems.formats.dialect import heads_of
from rightcall.adapters.systems.formats.documents import fits
from rightcall.adapters.systems.formats.keys import Equals, Known, identifying
from rightcall.adapters.systems.formats.markup import heard
from rightcall.adapters.systems.formats.model import WITHIN, Format, Told, Within
from rightcall.adapters.systems.formats.names import shown
from rightcall.adapters.systems.formats.office import as_xml, beside, short, written
from rightcall.adapters.systems.formats.packages import Package, opened
from rightcall.adapters.systems.formats.rows import batches, digest, is_sampled
from rightcall.adapters.systems.formats.sheets import Book, Sheet, Strings
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import PassedOver
from rightcall.discovery.parts import Row

_BOOK = "xl/workbook.xml"
_BOOK_LINKS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_SHARED = "xl/sharedStrings.xml"
_COMMENTS = re.compile(r"xl/(?:comments\d*|comments/.+|threadedComments/.+)\.xml")
_DRAWINGS = re.compile(r"xl/drawings/[^/]+\.xml")
_COPIES = re.compile(r"xl/pivotCache/[^/]+\.xml")


def parts(name: str, stream: Stream, within: Within) -> Told:
    with opened(stream, within) as package:
        book, shared, broken = Book(), Strings(within.spent), Break()
        for member in (_BOOK, _BOOK_LINKS, _STYLES):
            _listen(package, member, book, broken)
        _listen(package, _SHARED, shared, broken)
        if broken.why is not None:
            yield PassedOver(object=name, reason=broken.why.reason)
        for title, member in book.sheets():
            yield from _sheet(f"{name}{WITHIN}{shown(title)}", package, member, (book, shared), within)
        for member in package.names:
            yield from _around(name, package, member, within)
        yield from beside(name, package, within)


def _listen(package: Package, member: str, listener: Book | Strings, broken: Break) -> None:
    if member in package.names:
        for _ in broken.before(heard(package.stream(member), listener)):
            pass


def _around(name: str, package: Package, member: str, within: Within) -> Told:
    if _COMMENTS.fullmatch(member):
        yield from written(name, package, member, f"comments {short(member)}")
    elif _DRAWINGS.fullmatch(member):
        yield from written(name, package, member, f"drawings {short(member)}")
    elif _COPIES.fullmatch(member):
        yield from as_xml(name, package, member, f"pivot table {short(member)}", within)


def _sheet(name: str, package: Package, member: str, book: tuple[Book, Strings], within: Within) -> Told:
    broken = Break()
    sheet = Sheet(*book, within.limits)
    rows = broken.before(_filled(package, member, sheet))
    heads, ahead = heads_of(rows, lambda row: row.cells)
    yield from batches(name, heads, _known(_sampled(ahead, rows, within.sample), heads), sheet.taken)
    if sheet.margins:
        yield from prose(name, iter([(0, "\n".join(sheet.margins))]), "headers")
    if broken.is_of_all:
        broken.tell()
    if broken.why is not None:
        yield PassedOver(object=name, reason=broken.why.reason)


def _filled(package: Package, member: str, sheet: Sheet) -> Iterator[Row]:
    for amount in heard(package.stream(member), sheet):
        sheet.count(amount)
        yield from sheet.drained()


def _sampled(ahead: list[Row], rows: Iterator[Row], sample: float) -> Iterator[Row]:
    yield from ahead
    for row in rows:
        if is_sampled(digest(row.cells), sample):
            yield row


def _known(rows: Iterator[Row], heads: tuple[str, ...]) -> Iterator[Row]:
    equals, known, column = Equals(), Known(), identifying(heads)
    for row in rows:
        id = row.cells[column] if column is not None and column < len(row.cells) else None
        yield Row(row.key, row.cells, known.by(id) or equals.told(digest(row.cells)))


FORMAT = Format(
    name="XLSX",
    fits=fits,
    marker=_BOOK,
    parts=parts,
    endings=(".xlsx", ".xlsm"),
    reads="Rows of every sheet, hidden ones too, dates as dates; comments, headers, links, properties, copies in pivot tables",
    leaves="Formulas (their results are read); pictures; macros; the old formats (`.xls`, `.xlsb`)",
)
