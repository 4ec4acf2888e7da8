"""A row of one customer whose text tells of another: it is the first one's, or waits on both, and never on the other alone."""

from pathlib import Path
from uuid import UUID

import pytest

from rightcall.actors import Actor, Role
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.clues import ClueKind as K
from rightcall.discovery.linking.model import Blinds, Certain, Doubtful, Link, LinkReason, LinkState, Record
from rightcall.discovery.linking.rows import row_of, together
from rightcall.discovery.linking.rules import Frequencies, decide
from rightcall.discovery.others import actions as others
from rightcall.ids import HoldingId, SystemId, new_id
from rightcall.requests import actions as requests
from rightcall.requests.going_without import Decided
from rightcall.requests.model import RequestKind
from tests.discovery.linking.test_letters import customer as customer_of
from tests.discovery.linking.test_letters import found_in, site
from tests.discovery.linking.test_rules import BORN, BORN_LATER, KARL, LISE, customer, told
from tests.discovery.scans.fakes import BY, Site
from tests.procedures.fakes import InlineSteps

__all__ = ["site"]
KNOWN = {KARL: told(customer("C-1"), "karl", BORN), LISE: told(customer("C-2"), "lise", BORN_LATER)}


def _decided(cells: dict[str | None, Blinds]) -> Certain | Doubtful:
    record = Record(id=new_id(), system=SystemId(new_id()), ours=True, clues=together(cells.values()), row=row_of(cells))
    decision = decide(record, KNOWN, Frequencies(subjects=10_000, shared_by={}))
    assert isinstance(decision, Certain | Doubtful)
    return decision


def test_the_column_of_its_own_says_whose_row_it_is() -> None:
    decision = _decided({"customer_no": told(customer("C-1")), "body": told(customer("C-2"), "lise", BORN_LATER)})
    assert isinstance(decision, Certain)
    assert decision.weighed.subject == KARL


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param({"body": told(customer("C-1"), customer("C-2"), "lise", BORN_LATER)}, id="no column says"),
        pytest.param(
            {"customer_no": told(customer("C-1")), "born": told(BORN_LATER), "body": told(customer("C-2"))}, id="it differs"
        ),
    ],
)
def test_whoever_has_an_id_in_it_is_asked_and_nobody_is_near_certain(cells: dict[str | None, Blinds]) -> None:
    decision = _decided(cells)
    assert isinstance(decision, Doubtful)
    assert {each.subject for each in decision.among} == {KARL, LISE}
    assert max(each.score for each in decision.among) <= 0.5


def test_whose_national_id_stands_in_somebody_elses_row_is_asked_where_it_differs() -> None:
    known = {KARL: told(customer("C-1"), BORN), LISE: told(customer("C-2"), {K.NATIONAL_ID: "2"}, BORN_LATER)}
    record = Record(
        id=new_id(),
        system=SystemId(new_id()),
        ours=True,
        clues=told(customer("C-1"), {K.NATIONAL_ID: "2"}, BORN_LATER),
    )
    decision = decide(record, known, Frequencies(subjects=10_000, shared_by={}))
    assert isinstance(decision, Doubtful)
    assert [each.subject for each in decision.among] == [KARL, LISE]


TICKET = "2,KD-000001,Karl moves his contract to KD-000002. He has epilepsy.\n"
CUSTOMERS = (
    "customer_no,name,phone,date_of_birth\n"
    "KD-000001,Lise Bach,20 11 22 33,1975-02-01\n"
    "KD-000002,Karl Holm,20 11 22 44,1974-04-03\n"
)


def _links(site: Site, record: UUID) -> list[Link]:
    with site.database.transaction(site.controller) as tx:
        return [each for each in linking.page_of_links(tx) if each.record == record]


def test_a_row_is_its_customers_and_the_other_is_a_mention_that_is_told_and_goes_to_them(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "tickets.csv").write_text(f"ticket,customer_no,body\n{TICKET}")
    site.scanned()
    there = found_in(site, "tickets.csv")
    lise, karl = customer_of(site, 2), customer_of(site, 3)
    assert {each.subject for each in there} == {lise}
    assert [(each.subject, each.state) for each in _links(site, there[0].record)] == [(lise, LinkState.CERTAIN)]
    with site.database.transaction(site.controller) as tx:
        told = linking.links_of(tx, [HoldingId(each.id) for each in there])
        known = linking.known_by(tx, [lise])[lise]
    assert [(each.type, each.field) for each in there if told[HoldingId(each.id)].of_another] == [("customer_id", "body")]
    assert len(known[K.CUSTOMER_ID]) == 1
    with site.database.transaction(site.controller) as tx:
        assert others.find_mentions(tx, site.vault, site.clock, karl) >= 1
    assert [(each.type, each.field) for each in found_in(site, "tickets.csv") if each.subject == karl] == [
        ("customer_id", "body")
    ]


def test_a_row_that_says_more_of_the_other_stays_its_customers(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "tickets.csv").write_text(f"ticket,customer_no,body\n{TICKET}")
    site.scanned()
    before = _links(site, found_in(site, "tickets.csv")[0].record)
    more = "2,KD-000001,Karl Holm moves his contract to KD-000002. He was born on 1974-04-03 and has epilepsy.\n"
    (tmp_path / "tickets.csv").write_text(f"ticket,customer_no,body\n{more}")
    site.scanned()
    there = found_in(site, "tickets.csv")
    assert "date_of_birth" in {each.type for each in there}
    assert {each.subject for each in there} == {customer_of(site, 2)}
    assert [each.id for each in _links(site, there[0].record)] == [each.id for each in before]


def test_what_is_of_somebody_else_in_an_accepted_record_is_told(site: Site, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "note.txt").write_text("Lise Bach, KD-000001, moves her contract to KD-000002, born 1974-04-03.\n")
    site.scanned()
    there, karl = found_in(site, "note.txt"), customer_of(site, 3)
    [link] = [each for each in _links(site, there[0].record) if each.subject == karl]
    with site.database.transaction(site.controller) as tx:
        decisions.accept(tx, site.vault, site.clock, link.id, by=BY, reason=LinkReason.PERSON_SAID_SO)
        told = linking.links_of(tx, [HoldingId(each.id) for each in there])
    of_another = sorted(each.type for each in there if told[HoldingId(each.id)].of_another)
    assert of_another == ["customer_id", "person_name"]


def test_a_given_name_tells_one_of_two_who_share_a_number(site: Site, tmp_path: Path) -> None:
    twins = "KD-000001,Frida Bach,20 11 22 33,1975-02-01\nKD-000002,Freja Bach,20 11 22 33,1975-02-01\n"
    (tmp_path / "customers.csv").write_text(f"customer_no,name,phone,date_of_birth\n{twins}")
    (tmp_path / "calls.csv").write_text("call,phone,note\n1,20 11 22 33,Frida ringede om regningen\n")
    site.scanned()
    there = found_in(site, "calls.csv")
    links = sorted(_links(site, there[0].record), key=lambda each: -each.score)
    assert links[0].subject == customer_of(site, 2)
    assert links[0].score > 0.9
    assert all(each.score < 0.1 for each in links[1:])


def test_what_a_request_waited_for_brings_what_others_records_tell_meanwhile(site: Site, tmp_path: Path) -> None:
    """He asks while a record may be his; another's ticket that names him comes in before anybody says whose it is."""
    (tmp_path / "customers.csv").write_text(CUSTOMERS)
    (tmp_path / "leads.csv").write_text("name,phone\nKarl Holm,20 11 22 44\n")
    site.scanned()
    karl = customer_of(site, 3)
    [waiting] = [each for each in _links(site, found_in(site, "leads.csv")[0].record) if each.state is LinkState.DOUBTFUL]
    with site.database.transaction(site.controller) as tx:
        dpo = Actor(id=new_id(), role=Role.DPO)
        asked = requests.receive(tx, site.vault, site.clock, subject=karl, kind=RequestKind.ACCESS, by=dpo)
    assert asked.ready_at is None
    (tmp_path / "tickets.csv").write_text(f"ticket,customer_no,body\n{TICKET}")
    site.scanned()
    assert {each.subject for each in found_in(site, "tickets.csv")} == {customer_of(site, 2)}
    with site.database.transaction(site.controller) as tx:
        decisions.refuse(tx, site.vault, site.clock, waiting.id, reason=LinkReason.SAME_NAME, by=dpo)
    looking = Decided(database=site.database, vault=site.vault, clock=site.clock)
    looking(InlineSteps(), str(site.controller), str(waiting.id))
    with site.database.transaction(site.controller) as tx:
        assert requests.get(tx, asked.id).ready_at is not None
    assert [each.type for each in found_in(site, "tickets.csv") if each.subject == karl] == ["customer_id"]
