"""Office documents, written by the libraries that people write them with."""

import io
import zipfile
from datetime import date, datetime

import docx
import openpyxl
import pytest
from openpyxl.comments import Comment

from rightcall.adapters.systems.formats.limits import Limits
from rightcall.adapters.systems.formats.sheets import column_of, date_of, number_of
from rightcall.discovery.model import Reason
from tests.adapters.systems.formats.reading import read


@pytest.fixture(scope="module")
def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Kunder"
    sheet.append(["Navn", "Født", "Kort", "Ring"])
    sheet.append(["Ada", date(1980, 3, 12), 4111111111111111, datetime(2026, 1, 2, 3, 4)])  # noqa: DTZ001  # as sheets have it
    sheet.append([None] * 4)
    sheet.append(["Bo", "ukendt", 12.5, True])
    sheet["A2"].comment = Comment("ring 32 12 34 56", "Eva")
    sheet["A4"].hyperlink = "mailto:bo@x.example"
    sheet.oddHeader.left.text = "Fortroligt"
    hidden = book.create_sheet("hidden")
    hidden.sheet_state = "hidden"
    hidden.append(["ada@x.example"])
    book.properties.creator = "Jane Doe"
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def test_rows_of_every_sheet_with_dates_as_dates(workbook: bytes) -> None:
    shown = read("a.xlsx", workbook)
    assert shown.rows["a.xlsx!/Kunder"] == [
        {"Navn": "Ada", "Født": "1980-03-12", "Kort": "4111111111111111", "Ring": "2026-01-02 03:04:00"},
        {"Navn": "Bo", "Født": "ukendt", "Kort": "12.5", "Ring": "true"},
    ]
    assert shown.rows["a.xlsx!/hidden"] == [{"column 1": "ada@x.example"}]
    assert shown.keys == ["2", "4", "1"]
    assert shown.passed == []


def test_what_stands_beside_the_rows(workbook: bytes) -> None:
    said = " ".join(read("a.xlsx", workbook).texts.values())
    for each in ("ring 32 12 34 56", "mailto:bo@x.example", "Fortroligt", "Jane Doe"):
        assert each in said


def test_a_document_with_header_table_author_and_what_was_deleted() -> None:
    document = docx.Document()
    document.add_paragraph("Kære Ada")
    document.add_table(1, 2).cell(0, 1).text = "32 12 34 56"
    document.sections[0].header.paragraphs[0].text = "Fortroligt"
    document.core_properties.author = "John Roe"
    written = io.BytesIO()
    document.save(written)
    shown = read("a.docx", changed(written.getvalue(), "word/document.xml", b"<w:t>K", b"<w:delText>4711</w:delText><w:t>K"))
    assert shown.texts["a.docx", None].startswith("4711Kære Ada\n")
    assert "\t32 12 34 56\n" in shown.texts["a.docx", None]
    assert shown.texts["a.docx", "header1"] == "Fortroligt\n"
    assert "John Roe" in shown.texts["a.docx", "properties core"]


def test_slides_and_open_documents() -> None:
    slides = {
        "ppt/presentation.xml": "<p/>",
        "ppt/slides/slide2.xml": '<s xmlns:a="u"><a:p><a:t>Bo</a:t></a:p></s>',
        "ppt/slides/slide1.xml": '<s xmlns:a="u"><a:p><a:t>A</a:t><a:t>da</a:t></a:p></s>',
        "ppt/media/image1.png": "x",
    }
    shown = read("a.pptx", zipped(slides))
    assert shown.texts == {("a.pptx", "slide 1"): "Ada\n", ("a.pptx", "slide 2"): "Bo\n"}
    assert shown.passed == [("a.pptx", Reason.PICTURES)]
    text = {"content.xml": '<o xmlns:t="u"><t:h>Hej</t:h><t:p>A<t:span>da</t:span></t:p></o>', "meta.xml": "<m><by>Eva</by></m>"}
    assert read("a.odt", zipped(text)).texts == {("a.odt", None): "Hej\nAda\n", ("a.odt", "properties meta"): "by: Eva\n"}


def test_a_million_empty_rows_cost_little_and_are_no_rows(workbook: bytes) -> None:
    empty = b"".join(b'<row r="%d"/>' % number for number in range(2, 1_048_576))
    sheet = (
        b"<worksheet><sheetData>"
        + empty
        + b'<row r="1048576"><c t="inlineStr"><is><t>ada@x.example</t></is></c></row></sheetData></worksheet>'
    )
    shown = read("a.xlsx", changed(workbook, "xl/worksheets/sheet1.xml", None, sheet))
    assert shown.rows["a.xlsx!/Kunder"] == [{"column 1": "ada@x.example"}]
    assert shown.keys[0] == "1048576"


def test_what_is_broken_in_one_part_leaves_the_others(workbook: bytes) -> None:
    shown = read("a.xlsx", changed(workbook, "xl/worksheets/sheet1.xml", b"</sheetData>", b"<"))
    assert ("a.xlsx!/Kunder", Reason.BROKEN) in shown.passed
    assert shown.rows["a.xlsx!/hidden"] == [{"column 1": "ada@x.example"}]


def test_texts_that_cells_share_are_held_within_a_limit() -> None:
    members = {
        "xl/workbook.xml": '<w xmlns:r="u"><sheets><sheet name="S" r:id="1"/></sheets></w>',
        "xl/_rels/workbook.xml.rels": '<R><Relationship Id="1" Target="worksheets/s.xml"/></R>',
        "xl/sharedStrings.xml": "<sst>" + "".join(f"<si><t>person {number}</t></si>" for number in range(100)) + "</sst>",
        "xl/worksheets/s.xml": "<s>"
        '<row><c t="s"><v>0</v></c><c><v>7</v></c></row><row><c t="s"><v>99</v></c><c><v>8</v></c></row></s>',
    }
    rows = read("a.xlsx", zipped(members)).rows["a.xlsx!/S"]
    assert [list(row.values()) for row in rows] == [["person 0", "7"], ["person 99", "8"]]
    shown = read("a.xlsx", zipped(members), Limits(held=4000))
    assert [list(row.values()) for row in shown.rows["a.xlsx!/S"]] == [["person 0", "7"], [None, "8"]]
    assert shown.passed == [("a.xlsx", Reason.TOO_LARGE)]


def test_cells_beyond_the_columns_that_there_may_be_are_put_to_the_last(workbook: bytes) -> None:
    [ada, _] = read("a.xlsx", workbook, Limits(columns=2)).rows["a.xlsx!/Kunder"]
    assert list(ada.values()) == ["Ada", "1980-03-12\n4111111111111111\n2026-01-02 03:04:00"]


def test_an_open_document_behind_a_password_is_told() -> None:
    members = {"content.xml": "\x01", "META-INF/manifest.xml": "<m:file-entry><m:encryption-data/></m:file-entry>"}
    assert read("a.odt", zipped(members)).passed == [("a.odt", Reason.ENCRYPTED)]


def test_numbers_dates_and_columns_of_sheets() -> None:
    first = datetime(1899, 12, 30)  # noqa: DTZ001  # as sheets have it
    assert [date_of(each, first) for each in ("1", "60000.5", "-3", "1e300", "x")] == [
        "1899-12-31",
        "2064-04-08 12:00:00",
        "-3",
        "1e300",
        "x",
    ]
    assert [number_of(each) for each in ("4.5321234E7", "1.5", "12.0", "1E400", "1e-3")] == [
        "45321234",
        "1.5",
        "12",
        "1E400",
        "1e-3",
    ]
    assert [column_of(each) for each in ("A1", "AB12", "", "ÆØ1")] == [1, 28, 0, 0]


def zipped(members: dict[str, str]) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def changed(archive: bytes, member: str, old: bytes | None, new: bytes) -> bytes:
    """The archive with one member's text changed; all of it where `old` is None."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as before, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == member:
                assert old is None or old in content
                content = new if old is None else content.replace(old, new, 1)
            after.writestr(name, content)
    return written.getvalue()


def test_heads_of_a_sheet_are_found_below_its_title() -> None:
    book = openpyxl.Workbook()
    for row in (["Kundenliste"], [], ["Nr", "Name", "Geburtstag"], [1, "Ada", "10.12.1990"]):
        book.active.append(row)
    written = io.BytesIO()
    book.save(written)
    rows = read("a.xlsx", written.getvalue()).rows["a.xlsx!/Sheet"]
    assert rows == [
        {"Nr": "Kundenliste", "Name": None, "Geburtstag": None},
        {"Nr": "1", "Name": "Ada", "Geburtstag": "10.12.1990"},
    ]
