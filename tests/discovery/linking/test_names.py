"""A file or folder that has a customer's number in its name is theirs, read or not; and so named nowhere without a purpose."""

import wave
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from rightcall.api.forms import Items
from rightcall.api.scans import Whose, page_of
from rightcall.discovery.findings import actions as findings
from rightcall.discovery.findings.model import Wanted
from rightcall.discovery.parts import IN_NAME
from rightcall.discovery.ports import Spot
from rightcall.discovery.scans import actions as scans
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import Change, OwnNumber
from rightcall.recordings.tools import Tools
from tests.discovery.linking.test_letters import customer, found_in, owner, site
from tests.discovery.scans.fakes import BY, Site

__all__ = ["site"]
CUSTOMERS = "customer_no,name,email\nKD-000001,Ada Holm,ada@caller.example\nKD-000002,Ben Bach,ben@caller.example\n"
READ, UNREAD, NOBODYS = "2026/KD-000001_note.txt", "KD-000002/picture.png", "CASE-2041.txt"


def test_a_file_named_after_a_customer_is_theirs_and_its_name_is_shown_to_nobody(site: Site, tmp_path: Path) -> None:
    said = {"customers.csv": CUSTOMERS, READ: "She has hearing loss.\n", NOBODYS: "He has hearing loss.\n"}
    files = {UNREAD: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), **{name: text.encode() for name, text in said.items()}}
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with site.database.transaction(site.controller) as tx:
        change = Change(numbers=(*site.system.numbers, OwnNumber(name="case_number", expression="CASE-[0-9]{4}")))
        systems.checked(tx, site.vault, site.clock, site.system, change, abilities=site.system.abilities, by=BY)
        site.system = systems.get(tx, site.system.id)
    scan = site.scanned()
    ada, ben = (customer(site, row) for row in (2, 3))
    assert {each.type for each in found_in(site, READ)} >= {"customer_id", "health"}
    assert owner(found_in(site, READ)) == ada
    [picture] = found_in(site, UNREAD)
    assert (picture.subject, picture.field) == (ben, IN_NAME)
    assert "in the name of its file" in picture.why
    [spot] = [each.spot for each in found_in(site, READ) if each.field == IN_NAME]
    assert spot is not None
    assert site.source.export(Spot(object=READ, field=spot.field, start=spot.start, end=spot.end)) == b"KD-000001"
    with site.database.transaction(site.controller) as tx:
        names = findings.plain_names(tx, site.vault, site.system, [each.object for each in site.findings()])
        unread = scans.skipped(tx, site.vault, site.system, scan.id, after=None, limit=9)
        wanted, tools = Wanted(system=site.system.id), cast(Tools, SimpleNamespace(vault=site.vault))
        page = page_of(tx, tools, site.system, wanted, None, after=None, limit=99)
    assert not names
    assert isinstance(page, Items)
    assert {each.whose for each in page.items} == {Whose.NOBODY, Whose.SOMEBODY}
    assert {each.name for each in page.items} == {None}
    assert [(each.object, each.name) for each in unread] == [(picture.object, None)]


def test_a_recording_named_by_who_called_is_so_found_and_its_name_is_shown_to_nobody(site: Site, tmp_path: Path) -> None:
    for name in ("rec_4551732088.wav", "rec_20261127093000.wav"):
        with wave.open(str(tmp_path / name), "wb") as sound:
            sound.setparams((1, 2, 8000, 0, "NONE", ""))
            sound.writeframes(bytes(1600))
    (tmp_path / "note.txt").write_text("A word.\n")
    scan = site.scanned()
    [found] = [each for each in site.findings() if each.field == IN_NAME]
    assert (found.type, found.clue_kinds) == ("phone", ("tel",))
    assert found.spot is not None
    assert found.spot.object == "rec_4551732088.wav"
    with site.database.transaction(site.controller) as tx:
        inside = scans.passed_over_inside(tx, site.vault, site.system, scan.id)
        unread = [*scans.skipped(tx, site.vault, site.system, scan.id, after=None, limit=9), *inside]
    assert {each.name for each in unread} == {None, "rec_20261127093000.wav"}
