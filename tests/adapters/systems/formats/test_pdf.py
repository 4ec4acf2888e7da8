"""PDF: text by page; what is sealed, broken or a picture is told."""

import io
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from rightcall.adapters.systems.formats import pdf_apart
from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.table import parts
from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


def made(*pages: str, change: Callable[[PdfWriter], None] = lambda _: None) -> bytes:
    """A page for each text; none of its own where the text is empty."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    named = DictionaryObject({NameObject(key): NameObject(value) for key, value in font.items()})
    for text in pages:
        page = writer.add_blank_page(300, 300)
        content = DecodedStreamObject()
        content.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode("cp1252") if text else b"")
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): DictionaryObject({NameObject("/F1"): named})})
    change(writer)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def test_text_by_page_with_properties_notes_and_attachments() -> None:
    def change(writer: PdfWriter) -> None:
        writer.add_metadata({"/Author": "Jane Doe", "/CreationDate": "D:20261126052404+01'00'"})
        writer.add_annotation(0, FreeText(text="ring 4711", rect=(0, 0, 50, 50)))
        writer.add_attachment("k.csv", b"name,n\nBo,2\n")

    shown = read("a.pdf", made("Kære Ada", "Bo, 32 12 34 56", change=change))
    assert shown.texts["a.pdf", "page 1"] == "Kære Ada\nring 4711"
    assert shown.texts["a.pdf", "page 2"] == "Bo, 32 12 34 56"
    assert "Author: Jane Doe\n" in shown.texts["a.pdf", "properties"]
    assert "CreationDate: 2026-11-26 05:24:04" in shown.texts["a.pdf", "properties"]
    assert shown.rows == {"a.pdf!/k.csv": [{"name": "Bo", "n": "2"}]}
    assert shown.passed == []


def test_one_behind_a_password_is_told_and_one_with_an_empty_one_is_read() -> None:
    sealed = made("Ada", change=lambda writer: writer.encrypt("secret", algorithm="AES-256"))
    assert read("a.pdf", sealed).passed == [("a.pdf", Reason.ENCRYPTED)]
    open_ = made("Ada", change=lambda writer: writer.encrypt("", "owner", algorithm="AES-256"))
    assert read("a.pdf", open_).texts["a.pdf", "page 1"] == "Ada"


def test_a_page_that_is_a_picture_is_told() -> None:
    def change(writer: PdfWriter) -> None:
        picture = DecodedStreamObject()
        picture.set_data(b"\xff")
        for key, value in (("/Type", "/XObject"), ("/Subtype", "/Image"), ("/ColorSpace", "/DeviceGray")):
            picture[NameObject(key)] = NameObject(value)
        for key, number in (("/Width", 1), ("/Height", 1), ("/BitsPerComponent", 8)):
            picture[NameObject(key)] = NumberObject(number)
        objects = DictionaryObject({NameObject("/I"): writer._add_object(picture)})
        writer.pages[1][NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): objects})

    shown = read("a.pdf", made("Ada", "", change=change))
    assert shown.texts["a.pdf", "page 1"] == "Ada"
    assert shown.passed == [("a.pdf", Reason.PICTURES)]


def test_pages_that_lead_in_a_circle_end() -> None:
    content = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R 2 0 R]/Count 2>>endobj\n3 0 obj<</Type/Pages/Kids[2 0 R]/Count 2>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )
    assert {reason for _, reason in read("a.pdf", content).passed} <= {Reason.BROKEN}
    assert read("a.pdf", content).passed


def test_a_document_that_takes_too_long_or_draws_itself_too_often_is_told() -> None:
    assert read("a.pdf", made("Ada", "Bo"), Limits(seconds=0)).passed == [("a.pdf", Reason.TOO_SLOW)]

    def change(writer: PdfWriter) -> None:
        below = None
        for _ in range(5):
            form = DecodedStreamObject()
            form.set_data(b"BT (x) Tj ET" if below is None else b" /X Do" * 10)
            form[NameObject("/Subtype")] = NameObject("/Form")
            inner = DictionaryObject() if below is None else DictionaryObject({NameObject("/X"): below})
            form[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): inner})
            below = writer._add_object(form)
        assert below is not None
        writer.pages[0][NameObject("/Resources")] = DictionaryObject(
            {NameObject("/XObject"): DictionaryObject({NameObject("/X"): below})}
        )
        content = DecodedStreamObject()
        content.set_data(b"/X Do")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(content)

    written = io.StringIO()
    listening = logging.StreamHandler(written)
    logging.getLogger().addHandler(listening)
    assert read("a.pdf", made("Ada", change=change)).passed == [("a.pdf", Reason.TOO_LONG)]
    logging.getLogger().removeHandler(listening)
    assert written.getvalue() == ""


def test_pages_that_are_the_same_great_content_again_and_again_are_a_bomb() -> None:
    def change(writer: PdfWriter) -> None:
        content = DecodedStreamObject()
        content.set_data(b"BT ET " * 20_000)
        shared = writer._add_object(content.flate_encode())
        for page in writer.pages:
            page[NameObject("/Contents")] = shared

    shown = read("a.pdf", made(*[""] * 30, change=change), Limits(held=1 << 20, ratio=10, swollen=1 << 20))
    assert shown.passed == [("a.pdf", Reason.BOMB)]


def test_broken_files_are_told() -> None:
    whole = made("Ada", "Bo")
    assert read("a.pdf", b"%PDF-1.7\nnothing").passed == [("a.pdf", Reason.BROKEN)]
    for cut in range(20, len(whole), 97):
        read("a.pdf", whole[:cut])
        read("a.pdf", whole[:cut] + b"\xff" * 20 + whole[cut + 20 :])
    assert read("a.pdf", whole, Limits(pages=1)).passed == [("a.pdf", Reason.TOO_MANY)]


def endless(page: DictionaryObject, writer: PdfWriter) -> None:
    """A page that takes minutes to read, within the limit on its size."""
    content = DecodedStreamObject()
    content.set_data(b"BT /F1 12 Tf " + b"(x) Tj " * 2_000_000 + b"ET")
    page[NameObject("/Contents")] = writer._add_object(content.flate_encode())


def test_a_page_that_takes_too_long_is_ended_and_what_came_before_it_is_read() -> None:
    def change(writer: PdfWriter) -> None:
        endless(writer.pages[1], writer)

    shown = read("a.pdf", made("Ada", "", "Bo", change=change), Limits(seconds=2, ratio=10_000))
    assert shown.texts == {("a.pdf", "page 1"): "Ada"}
    assert shown.passed == [("a.pdf", Reason.TOO_SLOW)]
    assert read("b.pdf", made("Cy")).texts["b.pdf", "page 1"] == "Cy", "the next one has a reader of its own"


def test_a_reader_that_dies_is_told_and_the_next_one_reads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf_apart._children().end()
    with monkeypatch.context() as patched:
        patched.setattr(pdf_apart, "_CHILD", "this")
        assert read("a.pdf", made("Ada")).passed == [("a.pdf", Reason.STOPS_READERS)]
    assert read("a.pdf", made("Ada")).texts["a.pdf", "page 1"] == "Ada"


def test_one_reader_reads_many_and_knows_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    pdf_apart._children().end()
    monkeypatch.setenv("RIGHTCALL_DATABASE_URL", "postgresql://of:secrets@host/name")
    for _ in range(3):
        read("a.pdf", made("Ada"))
        read("b.pdf", b"%PDF-1.7\nnothing")
    [child] = pdf_apart._children()._idle
    assert b"secrets" not in Path(f"/proc/{child._process.pid}/environ").read_bytes()


def test_a_document_in_a_document_has_a_reader_beside_the_first() -> None:
    def change(writer: PdfWriter) -> None:
        writer.add_attachment("inner.pdf", made("Bo"))

    shown = read("a.pdf", made("Ada", change=change))
    assert shown.texts["a.pdf!/inner.pdf", "page 1"] == "Bo"


def test_whoever_stops_taking_leaves_no_reader_behind() -> None:
    pdf_apart._children().end()
    content = made("Ada", "Bo")
    told = parts("a.pdf", io.BytesIO(content), size=len(content), limits=Limits())
    next(told)
    told.close()  # type: ignore[attr-defined]  # it is a generator
    assert pdf_apart._children()._idle == []
