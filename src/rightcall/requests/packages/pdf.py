"""A sheet as a PDF, to be printed or kept: the same words as its page of HTML, on sheets of A4.

The fonts are those that every reader has, so nothing is embedded, and they have the letters of Western Europe. What they lack is
shown as ¿, and the foot of the last page says so.
"""

import io
from collections.abc import Iterator

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from rightcall.requests.packages.sheets import Card, Sheet, words_for

_WIDTH, _HEIGHT = A4
_EDGE, _COLUMN, _GAP = 56.0, 120.0, 12.0
_PLAIN, _BOLD = "Helvetica", "Helvetica-Bold"
_COVERED = {"▒": "*", "…": "...", "\t": "    "}
_LACKING = "¿"
_INK, _QUIET = 0.0, 0.35


def pdf(sheet: Sheet, name: str) -> bytes:
    """`name`: of its page of HTML, which has every letter."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=A4, pageCompression=1, invariant=1, lang=sheet.language)
    canvas.setTitle(_text(sheet.title)[0])
    print_ = _Printing(canvas)
    print_.paragraph(sheet.title, font=_BOLD, size=17, after=10)
    for each in sheet.says:
        print_.paragraph(each, after=6)
    for card in sheet.cards:
        print_.card(card)
    if print_.lacks:
        print_.paragraph(words_for(sheet.language).say("pdf_lacks", file=name), grey=_QUIET)
    print_.end()
    return written.getvalue()


class _Printing:
    """Goes down the page, and on to the next where a line has no room."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._y = _HEIGHT - _EDGE
        self._page = 1
        self.lacks = False

    def card(self, card: Card) -> None:
        self._room(70)
        self._y -= 10
        self.paragraph(card.title, font=_BOLD, size=12, after=4)
        for line in card.lines:
            self._named(line.name, line.says)
        if card.value is not None:
            self.paragraph(card.value, left=_EDGE + _GAP, after=4)
        for link in card.links:
            self.paragraph(f"{link.name}: {link.file}", size=9, grey=_QUIET, after=2)

    def paragraph(
        self, text: str, *, font: str = _PLAIN, size: float = 10, left: float = _EDGE, grey: float = _INK, after: float = 0
    ) -> None:
        for line in self._lines(text, font, size, _WIDTH - _EDGE - left):
            self._put(line, font, size, left, grey)
        self._y -= after

    def end(self) -> None:
        self._foot()
        self._canvas.showPage()
        self._canvas.save()

    def _named(self, name: str, says: tuple[str, ...]) -> None:
        """The name at the left, what is said beside it."""
        self._room(16)
        top, page = self._y, self._page
        for line in self._lines(name, _PLAIN, 9, _COLUMN - _GAP):
            self._put(line, _PLAIN, 9, _EDGE, _QUIET)
        below = self._y if page == self._page else top
        if page == self._page:
            self._y = top
        for each in says:
            self.paragraph(each, size=9, left=_EDGE + _COLUMN)
        self._y = min(self._y, below) if page == self._page else self._y
        self._y -= 3

    def _put(self, line: str, font: str, size: float, left: float, grey: float) -> None:
        self._room(size * 1.35)
        self._y -= size * 1.35
        self._canvas.setFont(font, size)
        self._canvas.setFillGray(grey)
        self._canvas.drawString(left, self._y, line)

    def _room(self, needed: float) -> None:
        if self._y - needed < _EDGE:
            self._foot()
            self._canvas.showPage()
            self._page += 1
            self._y = _HEIGHT - _EDGE

    def _foot(self) -> None:
        self._canvas.setFont(_PLAIN, 8)
        self._canvas.setFillGray(_QUIET)
        self._canvas.drawRightString(_WIDTH - _EDGE, _EDGE / 2, str(self._page))

    def _lines(self, text: str, font: str, size: float, width: float) -> Iterator[str]:
        shown, is_whole = _text(text)
        self.lacks = self.lacks or not is_whole
        for paragraph in shown.splitlines() or [""]:
            yield from _wrapped(paragraph, font, size, width)


def _text(text: str) -> tuple[str, bool]:
    """As the fonts can show it, and whether they have every letter."""
    for sign, instead in _COVERED.items():
        text = text.replace(sign, instead)
    shown = "".join(each if _has(each) else _LACKING for each in text)
    return shown, shown.count(_LACKING) == text.count(_LACKING)


def _has(sign: str) -> bool:
    try:
        sign.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return sign.isprintable() or sign == "\n"


def _wrapped(text: str, font: str, size: float, width: float) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if stringWidth(longer, font, size) <= width:
            line = longer
            continue
        if line:
            yield line
        line = word
        while stringWidth(line, font, size) > width:
            fits = _fitting(line, font, size, width)
            yield line[:fits]
            line = line[fits:]
    yield line


def _fitting(word: str, font: str, size: float, width: float) -> int:
    """How many signs of a word that is wider than the line fit on it."""
    fits = 1
    while stringWidth(word[: fits + 1], font, size) <= width:
        fits += 1
    return fits
