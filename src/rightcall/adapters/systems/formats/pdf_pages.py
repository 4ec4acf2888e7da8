"""The text of a PDF, page by page. What is wrong with one page is told, and the others are read."""

import io
import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import PyPdfError

from rightcall.adapters.systems.formats.model import FOREIGN, WITHIN, Told, Within
from rightcall.adapters.systems.formats.names import shown
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, PassedOver, Reason

_HOSTILE = (PyPdfError, *FOREIGN)
_LARGEST_PAGE = 16 << 20
_INSTANT = re.compile(r"^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")
_LEFT_OUT = ("skipped", "exceed", "limit")


def parts(name: str, stream: Stream, within: Within) -> Told:
    heard = _Heard()
    told: set[Reason] = set()
    with heard.all():
        reader, number = _opened(stream)
        if number > within.limits.pages:
            raise NotRead(Reason.TOO_MANY)
        until = time.monotonic() + within.limits.seconds
        for index in range(number):
            if time.monotonic() >= until:
                told.add(Reason.TOO_SLOW)
                break
            text = _text(reader, index, within, told)
            if text is not None:
                yield from prose(name, iter([(within.spent.packed // number, text)]), f"page {index + 1}")
        yield from _beside(name, reader, within, told)
    if heard.is_cut:
        told.add(Reason.TOO_LONG)
    for reason in sorted(told):
        yield PassedOver(object=name, reason=reason)


class _Heard(logging.Handler):
    """What the parser logs is kept from the logs, since it may hold anyone's data; but that it left something out is told."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.is_cut = False

    def emit(self, record: logging.LogRecord) -> None:
        self.is_cut = self.is_cut or any(word in str(record.msg).lower() for word in _LEFT_OUT)

    @contextmanager
    def all(self) -> Iterator[None]:
        logger = logging.getLogger("pypdf")
        logger.propagate = False
        logger.addHandler(self)
        try:
            yield
        finally:
            logger.removeHandler(self)


def _text(reader: PdfReader, index: int, within: Within, told: set[Reason]) -> str | None:
    """None where the page could not be read, which is told. Raises NotRead where the document unpacks to far too much."""
    try:
        page = reader.pages[index]
        content = page.get_contents()
        size = 0 if content is None else len(content.get_data())
    except _HOSTILE:
        told.add(Reason.BROKEN)
        return None
    within.spent.unpack(size)
    if size > _LARGEST_PAGE:
        told.add(Reason.TOO_LARGE)
        return None
    try:
        text = "\n".join([page.extract_text(), *_on(page)])
        if not text.strip() and _has_pictures(page):
            told.add(Reason.PICTURES)
    except _HOSTILE:
        told.add(Reason.BROKEN)
        return None
    return text


def _opened(stream: Stream) -> tuple[PdfReader, int]:
    try:
        reader = PdfReader(stream.sought(), strict=False)
        if reader.is_encrypted and reader.decrypt("") is PasswordType.NOT_DECRYPTED:
            raise NotRead(Reason.ENCRYPTED)
        return reader, len(reader.pages)
    except _HOSTILE as error:
        raise NotRead(Reason.BROKEN) from error


def _on(page: PageObject) -> Iterator[str]:
    """Notes, links and what was put into fields."""
    for each in page.annotations or ():
        note = each.get_object()
        for key in ("/Contents", "/V"):
            if isinstance(note.get(key), str):
                yield str(note[key])
        action = note.get("/A")
        if action is not None and isinstance(action.get_object().get("/URI"), str):
            yield str(action.get_object()["/URI"])


def _has_pictures(page: PageObject) -> bool:
    resources = page.get("/Resources")
    objects = resources.get_object().get("/XObject") if resources is not None else None
    return bool(
        objects is not None and any(each.get_object().get("/Subtype") == "/Image" for each in objects.get_object().values())
    )


def _told(value: object) -> str:
    """An instant with its marks: as PDF writes it, it is fourteen figures in a row."""
    return _INSTANT.sub(r"\1-\2-\3 \4:\5:\6", str(value))


def _beside(name: str, reader: PdfReader, within: Within, told: set[Reason]) -> Told:
    try:
        properties = "".join(f"{key.lstrip('/')}: {_told(value)}\n" for key, value in (reader.metadata or {}).items())
        fields = "".join(f"{key}: {value}\n" for key, value in reader.get_form_text_fields().items() if value)
        attached = [(each.name, each.content) for each in reader.attachment_list]
    except _HOSTILE:
        told.add(Reason.BROKEN)
        return
    yield from prose(name, iter([(0, properties)]), "properties")
    if fields:
        yield from prose(name, iter([(0, fields)]), "forms")
    for title, content in attached:
        yield from within.inner(f"{name}{WITHIN}{shown(title)}", io.BytesIO(content))
