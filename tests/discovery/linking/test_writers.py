"""Who typed a letter is not whom it is about; and is found all the same."""

from pathlib import Path

import docx
import openpyxl
import pytest

from tests.discovery.linking.test_letters import CUSTOMERS, customer, found_in, site
from tests.discovery.scans.fakes import Site

__all__ = ["site"]
BODY = "Til Lise Bach, KD-000001\nTlf. 20 11 22 33\n\nVi har modtaget din klage.\n"


@pytest.mark.parametrize(("author", "is_hers"), [("Tove Winther", False), ("Lise Bach", True), ("", False)])
def test_a_letter_is_linked_whoever_typed_it(site: Site, tmp_path: Path, author: str, is_hers: bool) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    letter = docx.Document()
    for line in BODY.splitlines():
        letter.add_paragraph(line)
    letter.core_properties.author = letter.core_properties.last_modified_by = author
    letter.save(str(tmp_path / "letter.docx"))
    site.scanned()
    lise, found = customer(site, 2), found_in(site, "letter.docx")
    typed = [each for each in found if each.spot is not None and each.spot.field == "properties core"]
    assert {each.subject for each in found if each not in typed} == {lise}
    assert {each.type for each in typed} == ({"person_name"} if author else set())
    assert {each.subject for each in typed} == ({lise} if is_hers else {None} if author else set())
    assert all(("in another role" in each.why) is not is_hers for each in typed)


def test_a_workbook_is_nobodys_by_who_made_it(site: Site, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = "Tove Winther"
    book.save(tmp_path / "book.xlsx")
    site.scanned()
    found = found_in(site, "book.xlsx")
    assert {(each.type, each.subject, each.clue_kinds) for each in found} == {("person_name", None, ())}
