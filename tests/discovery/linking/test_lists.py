"""A log and a list in which many people stand: each of their entries is whose it is, and nobody is given those of the others."""

from collections import Counter
from pathlib import Path

from rightcall.discovery.findings.naming import with_names
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import LinkState
from rightcall.holdings.provenance import actions as provenance
from rightcall.holdings.provenance.prov_json import document
from tests.discovery.linking.test_letters import found_in, site
from tests.discovery.scans.fakes import Site

__all__ = ["site"]
NAMES = ("Ada Holm", "Ben Bach", "Clara Dahl", "Dorte Friis")


def _customers() -> str:
    rows = [f"KD-00000{n},{name},{_email(name)},20 11 22 3{n}\n" for n, name in enumerate(NAMES)]
    return "customer_no,name,email,phone\n" + "".join(rows)


def _email(name: str) -> str:
    return f"{name.split()[0].lower()}@caller.example"


def test_each_line_of_a_log_waits_on_its_own_person(site: Site, tmp_path: Path) -> None:
    lines = [f"2026-11-25T10:0{n}:07Z INFO login {_email(name)} ip=10.4.7.{n}\n" for n, name in enumerate(NAMES)]
    (tmp_path / "customers.csv").write_text(_customers())
    (tmp_path / "app.log").write_text("".join(lines))
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        waiting = linking.page_of_links(tx, state=LinkState.DOUBTFUL)
        found = [Counter(each.type for each in linking.findings_of(tx, link)) for link in waiting]
    assert len({each.subject for each in waiting}) == len(NAMES)
    assert found == [Counter(email=1, ip_address=1)] * len(NAMES)


def test_each_entry_of_a_list_is_that_of_its_person(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(_customers())
    (tmp_path / "to-ring.txt").write_text("".join(f"{name}, {_email(name)}, moves in May\n" for name in NAMES))
    site.scanned()
    found = found_in(site, "to-ring.txt")
    assert set(Counter(each.subject for each in found).values()) == {2}
    assert len({each.subject for each in found}) == len(NAMES)
    assert None not in {each.subject for each in found}


def test_a_note_of_two_says_how_much_in_it_is_of_others(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(_customers())
    (tmp_path / "note.txt").write_text(f"Rang about the bill of {_email('Ada')}, which goes to {_email('Ben')} from May.\n")
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        waiting = linking.page_of_links(tx, state=LinkState.DOUBTFUL)
        told = [[(each.type, each.of_others) for each in linking.findings_of(tx, link)] for link in waiting]
    assert len(told) == 2
    assert [sum(is_theirs for _, is_theirs in each) for each in told] == [1, 1]


def test_a_file_about_many_is_named_and_one_about_somebody_is_not(site: Site, tmp_path: Path) -> None:
    many = "".join(f"KD-0001{n:02},,p{n}@caller.example,\n" for n in range(10))
    (tmp_path / "customers.csv").write_text(_customers() + many)
    (tmp_path / "ada-holm.txt").write_text("Customer KD-000000, Ada Holm, called.\n")
    site.scanned()
    with site.database.transaction(site.controller) as tx:
        [ada] = {each.subject for each in found_in(site, "ada-holm.txt")}
        assert ada is not None
        trace = with_names(tx, site.vault, provenance.of_person(tx, site.vault, ada))
    named = [each.place.object_name for each in trace.items.values()]
    assert {None if each is None else each.reveal("test") for each in named} == {"customers.csv", None}
    told = document(trace, {}, {}, {})["entity"]
    assert isinstance(told, dict)
    assert {each.get("rc:objectName") for each in told.values() if isinstance(each, dict)} == {"customers.csv", None}
