"""PDF: text by page; what is sealed, broken or a picture is told."""

import io
import logging
from collections.abc import Callable

from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject

from rightcall.adapters.systems.formats.limits import Limits
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
        writer.add_metadata({"/Author": "Jane Doe"})
        writer.add_annotation(0, FreeText(text="ring 4711", rect=(0, 0, 50, 50)))
        writer.add_attachment("k.csv", b"name,n\nBo,2\n")

    shown = read("a.pdf", made("Kære Ada", "Bo, 32 12 34 56", change=change))
    assert shown.texts["a.pdf", "page 1"] == "Kære Ada\nring 4711"
    assert shown.texts["a.pdf", "page 2"] == "Bo, 32 12 34 56"
    assert "Author: Jane Doe\n" in shown.texts["a.pdf", "properties"]
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

    shown = read("a.pdf", made(*[""] * 30, change=change), Limits(held=1 << 20, ratio=10))
    assert shown.passed == [("a.pdf", Reason.BOMB)]


def test_broken_files_are_told() -> None:
    whole = made("Ada", "Bo")
    assert read("a.pdf", b"%PDF-1.7\nnothing").passed == [("a.pdf", Reason.BROKEN)]
    for cut in range(20, len(whole), 97):
        read("a.pdf", whole[:cut])
        read("a.pdf", whole[:cut] + b"\xff" * 20 + whole[cut + 20 :])
    assert read("a.pdf", whole, Limits(pages=1)).passed == [("a.pdf", Reason.TOO_MANY)]
