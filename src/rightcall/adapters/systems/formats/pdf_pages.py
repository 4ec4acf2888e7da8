"""The text of a PDF, page by page. What is wrong with one page is told, and the others are read."""

import io
import logging
from collections.abc import Iterator

from pypdf import PageObject, PasswordType, PdfReader
from pypdf.errors import PyPdfError

from rightcall.adapters.systems.formats.model import FOREIGN, WITHIN, Told, Within
from rightcall.adapters.systems.formats.names import shown
from rightcall.adapters.systems.formats.stream import Stream
from rightcall.adapters.systems.formats.text import prose
from rightcall.discovery.model import NotRead, PassedOver, Reason

_HOSTILE = (PyPdfError, *FOREIGN)


def parts(name: str, stream: Stream, within: Within) -> Told:
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it stumbles over, which may be anyone's
    reader, number = _opened(stream)
    if number > within.limits.pages:
        raise NotRead(Reason.TOO_MANY)
    told: set[Reason] = set()
    for index in range(number):
        try:
            page = reader.pages[index]
            text = "\n".join([page.extract_text(), *_on(page)])
            is_picture = not text.strip() and _has_pictures(page)
        except _HOSTILE:
            told.add(Reason.BROKEN)
            continue
        if is_picture:
            told.add(Reason.PICTURES)
        yield from prose(name, iter([(within.spent.packed // number, text)]), f"page {index + 1}")
    yield from _beside(name, reader, within, told)
    for reason in sorted(told):
        yield PassedOver(object=name, reason=reason)


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


def _beside(name: str, reader: PdfReader, within: Within, told: set[Reason]) -> Told:
    try:
        properties = "".join(f"{key.lstrip('/')}: {value}\n" for key, value in (reader.metadata or {}).items())
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
