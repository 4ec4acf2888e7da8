"""A row put in above, taken out or changed in a file: the others stay the same findings, with their days, links and decisions."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from rightcall.actors import Actor, Role
from rightcall.adapters.systems.folder.system import Folder
from rightcall.database.connection import Database
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkReason, LinkState
from rightcall.ids import ControllerId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import Identifier, IdentifierKind
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_TEL
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import FakeSource, Site, ids, site_of

DPO = Actor(id=new_id(), role=Role.DPO)
NEWS = "date,name,email\n2026-01-02,,ada@caller.example\n2026-01-03,Ben Holm,ben@caller.example\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, folder: Path) -> Site:
    source: FakeSource = Folder(folder)  # type: ignore[assignment]  # a real one in the place of the fake
    return site_of(database, controller, vault, clock, source)


def known(site: Site) -> SubjectId:
    with site.database.transaction(site.controller) as tx:
        of = [Identifier(kind=IdentifierKind.EMAIL, value=Personal(ADA_EMAIL))]
        return subjects.identify(tx, site.vault, site.clock, of)


def accepted(site: Site) -> SubjectId:
    """The only one that waits."""
    with site.database.transaction(site.controller) as tx:
        [link] = linking.page_of_links(tx, state=LinkState.DOUBTFUL)
        done = decisions.accept(tx, site.vault, site.clock, link.id, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
        return done.subject


def facts(site: Site) -> dict[object, object]:
    return {each.id: (each.record, each.subject, each.holding, each.first_seen_at) for each in site.findings()}


def of_ada(site: Site, ada: SubjectId) -> list[KeptFinding]:
    return [each for each in site.findings() if each.subject == ada]


@pytest.mark.parametrize("name", ["news.csv", "news.jsonl"])
def test_a_row_put_in_above_leaves_all_below_as_they_were(site: Site, folder: Path, name: str) -> None:
    rows = NEWS if name.endswith("csv") else '{"email": "ada@caller.example"}\n{"email": "ben@caller.example"}\n'
    above = "2026-01-01,Carl Holm,carl@caller.example\n" if name.endswith("csv") else '{"email": "carl@caller.example"}\n'
    (folder / name).write_text(rows)
    known(site)
    site.scanned()
    accepted(site)
    before = facts(site)
    head, rest = rows.split("\n", 1) if name.endswith("csv") else ("", rows)
    (folder / name).write_text(f"{head}\n{above}{rest}" if head else f"{above}{rest}")
    site.clock.at += timedelta(days=3)
    site.scanned()
    after = facts(site)
    assert before.items() <= after.items()
    assert len(after) > len(before)
    with site.database.transaction(site.controller) as tx:
        assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []
    for each in site.findings():
        assert each.spot is not None
        assert site.source.export(each.spot).decode() in (folder / name).read_text()


def _as_document(rows: list[tuple[str, str]]) -> bytes:
    return json.dumps({"people": [{"note": name, "email": email} for name, email in rows]}).encode()


def _as_sheet(rows: list[tuple[str, str]]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in (("note", "email"), *rows):
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def _as_parquet(rows: list[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"note": [one for one, _ in rows], "email": [two for _, two in rows]}), out)
    return out.getvalue()


@pytest.mark.parametrize(("name", "write"), [("a.json", _as_document), ("a.parquet", _as_parquet), ("a.xlsx", _as_sheet)])
def test_a_row_that_only_its_number_tells_keeps_its_link_and_its_first_day(
    site: Site, folder: Path, name: str, write: Callable[[list[tuple[str, str]]], bytes]
) -> None:
    """Also where the row that now has its number says the same but for who it is."""
    rows = [("may", ADA_EMAIL), ("june", "ben@caller.example")]
    (folder / name).write_bytes(write(rows))
    ada = known(site)
    site.scanned()
    accepted(site)
    [before] = of_ada(site, ada)
    (folder / name).write_bytes(write([("april", "carl@caller.example"), *rows]))
    site.clock.at += timedelta(days=3)
    site.scanned()
    [after] = of_ada(site, ada)
    assert (after.record, after.first_seen_at) == (before.record, before.first_seen_at)
    assert after.spot is not None
    assert site.source.export(after.spot).decode() == ADA_EMAIL
    with site.database.transaction(site.controller) as tx:
        assert linking.page_of_links(tx, state=LinkState.DOUBTFUL) == []


def test_who_has_anothers_number_and_says_the_same_is_not_taken_for_the_other(site: Site, folder: Path) -> None:
    """Three of one office, one of them put in above."""

    def ids_by_record() -> dict[object, str]:
        spots = {each.record: each.spot for each in site.findings() if each.spot is not None}
        return {
            record: json.loads(site.source.export(replace(spot, field=None, start=None, end=None)))["people[].id"]
            for record, spot in spots.items()
        }

    office = [{"id": "a", "tel": ADA_TEL}, {"id": "b", "tel": ADA_TEL}]
    (folder / "office.json").write_text(json.dumps({"people": office}))
    site.scanned()
    before = ids_by_record()
    assert sorted(before.values()) == ["a", "b"]
    (folder / "office.json").write_text(json.dumps({"people": [{"id": "c", "tel": ADA_TEL}, *office]}))
    site.scanned()
    after = ids_by_record()
    assert before.items() <= after.items()
    assert sorted(after.values()) == ["a", "b", "c"]


def test_equal_rows_are_as_many_findings_as_they_are_rows(site: Site, folder: Path) -> None:
    (folder / "log.csv").write_text(f"when,tel\nMay,{ADA_TEL}\nMay,{ADA_TEL}\nJune,{ADA_TEL}\n")
    site.scanned()
    found = site.findings()
    assert (len(found), len({each.record for each in found})) == (3, 3)
    (folder / "log.csv").write_text(f"when,tel\nApril,{ADA_TEL}\nMay,{ADA_TEL}\nMay,{ADA_TEL}\nJune,{ADA_TEL}\n")
    site.scanned()
    assert ids(found) < ids(site.findings())


def test_a_row_that_changed_is_the_same_record_by_its_number_and_is_held_since_then(site: Site, folder: Path) -> None:
    ada = known(site)
    (folder / "people.csv").write_text("customer_no,name,email\nC-1,,ada@caller.example\nC-2,,ben@caller.example\n")
    site.scanned()
    assert accepted(site) == ada
    [before] = of_ada(site, ada)
    (folder / "people.csv").write_text("customer_no,name,email\nC-1,Ada Holm,ada@caller.example\nC-2,,ben@caller.example\n")
    site.clock.at += timedelta(days=3)
    site.scanned()
    after = {each.type: each for each in of_ada(site, ada)}
    assert after["email"].record == before.record
    assert after["email"].first_seen_at == before.first_seen_at
