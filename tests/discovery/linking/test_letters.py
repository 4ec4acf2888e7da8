"""Letters of a couple with one mailbox, and records that tell of kin: whose each is, and what in it is somebody else's."""

from dataclasses import replace
from pathlib import Path

import pytest

from rightcall.adapters.systems.folder.system import Folder
from rightcall.database.connection import Database
from rightcall.discovery.findings.model import KeptFinding
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Link, LinkState
from rightcall.ids import ControllerId, HoldingId, SubjectId
from rightcall.vault.actions import Vault
from tests.conftest import FixedClock
from tests.discovery.scans.fakes import FakeSource, Site, site_of

SHARED = "familien.bach@mailhus.example"
HEAD = f"From: {SHARED}\nTo: kundeservice@havblik.example\nSubject: Re: Flytning\n\n"
QUOTED = "> Vi flytter den 1. december til Egevej 4\n> Mvh Lise Bach\n"
CUSTOMERS = (
    "customer_no,name,email,phone,date_of_birth,notes\n"
    f"KD-000001,Lise Bach,{SHARED},20 11 22 33,1975-02-01,Husband Karl will be home on Friday. Daughter aged 9 waits with him.\n"
)
HUSBAND = f"KD-000002,Karl Bach,{SHARED},20 11 22 44,1974-04-03,\n"
GERMAN = "KD-000003,Jens Feld,feld@webpost.example,0461 1234567,1960-01-05,\n"


@pytest.fixture
def site(database: Database, controller: ControllerId, vault: Vault, clock: FixedClock, tmp_path: Path) -> Site:
    source: FakeSource = Folder(tmp_path)  # type: ignore[assignment]  # a real one in the place of the fake
    made = site_of(database, controller, vault, clock, source)
    made.serve_care()
    return made


def found_in(site: Site, name: str, row: str = "") -> list[KeptFinding]:
    found = [each for each in site.findings() if each.spot is not None and each.spot.object == name]
    return [each for each in found if each.spot is not None and (each.spot.row or "").startswith(row)]


def owner(found: list[KeptFinding]) -> SubjectId | None:
    [subject] = {each.subject for each in found}
    return subject


def customer(site: Site, row: int) -> SubjectId:
    subject = owner(found_in(site, "customers.csv", f"{row}#"))
    assert subject is not None
    return subject


def others(site: Site, found: list[KeptFinding]) -> set[str]:
    """Types of what is told as somebody else's."""
    with site.database.transaction(site.controller) as tx:
        told = linking.links_of(tx, [HoldingId(each.id) for each in found])
    return {each.type for each in found if told[HoldingId(each.id)].of_another}


@pytest.mark.parametrize(
    "body",
    [
        "Hej igen, Karl her. Kan I ringe til mig på 20 11 22 44?\nKarl\n\n" + QUOTED,
        "Hej igen\nKan I ringe til mig?\n\nKarl\n\nDen 3. nov. 2026 kl. 10.11 skrev Lise Bach <"
        + SHARED
        + ">:\n\nHej\nMvh Lise Bach\n",
        "Please call me.\n\nRegards\nKarl\n\nOn Tue, 3 Nov 2026 at 10:11, Lise Bach wrote:\n" + QUOTED,
    ],
    ids=["says-so", "signs", "answers-in-english"],
)
def test_who_writes_is_not_who_is_quoted(site: Site, tmp_path: Path, body: str) -> None:
    """Though she alone is known by the mailbox; and his, once he is known by it too."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "letter.eml").write_text(HEAD + body)
    site.scanned()
    assert customer(site, 2) not in {each.subject for each in found_in(site, "letter.eml")}
    (tmp_path / "customers.csv").write_text(CUSTOMERS + HUSBAND)
    site.scanned()
    assert {each.subject for each in found_in(site, "letter.eml")} <= {None, customer(site, 3)}


def test_an_address_and_a_quoted_name_tell_nobody(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS + HUSBAND)
    (tmp_path / "letter.eml").write_text(HEAD + "Hvornår kommer I?\n\n" + QUOTED)
    site.scanned()
    assert owner(found_in(site, "letter.eml")) is None


def test_ones_own_letter_is_ones_own_and_what_is_quoted_in_it_is_told_apart(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS + HUSBAND)
    (tmp_path / "letter.eml").write_text(HEAD + "Karl her igen. Ring 20 11 22 44.\nMvh\nKarl Bach\n\n" + QUOTED)
    site.scanned()
    found = found_in(site, "letter.eml")
    karl = customer(site, 3)
    assert {each.subject for each in found if each.subject is not None} == {karl}
    assert others(site, found) == {"person_name", "postal_address"}
    own = [each for each in found if each.type == "person_name" and "quoted" not in each.why]
    assert own
    assert others(site, own) == set()


def test_kin_are_told_as_somebody_else(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    site.scanned()
    found = found_in(site, "customers.csv", "2#")
    assert customer(site, 2)
    told = others(site, found)
    assert told == {"person_name", "minor"}
    assert others(site, [each for each in found if each.field == "name"]) == set()


def test_a_number_in_national_form_is_compared_in_a_system_of_two_regions(site: Site, tmp_path: Path) -> None:
    site.system = replace(site.system, regions=("DK", "DE"))
    with site.database.transaction(site.controller) as tx:
        tx.connection.execute("UPDATE systems SET regions = '{DK,DE}' WHERE system = %s", (site.system.id,))
    (tmp_path / "customers.csv").write_text(CUSTOMERS + HUSBAND + GERMAN)
    (tmp_path / "calls.csv").write_text("call,caller_name,phone\n1,Karl Bach,+45 20 11 22 44\n2,Jens Feld,+49 461 1234567\n")
    site.scanned()
    asked = []
    with site.database.transaction(site.controller) as tx:
        for state in (LinkState.LIKELY, LinkState.DOUBTFUL):
            asked += [each.subject for each in linking.page_of_links(tx, state=state) if "tel" in told_of(each)]
    assert {customer(site, 3), customer(site, 4)} <= set(asked)


def told_of(link: Link) -> set[str]:
    return {each.aspect.value for each in link.compared if each.outcome.value == "agrees"}
