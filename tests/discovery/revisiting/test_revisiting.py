"""Linked records in which something new was found: theirs by the same link, nobody's, linked anew, or a person is asked."""

from uuid import UUID

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.over import why_over
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Link, LinkReason, LinkState, Tally, Unlinked
from rightcall.discovery.revisiting import actions as revisiting
from rightcall.ids import SubjectId, new_id
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_NAME, BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import ADDRESS, NAME, Estate, estate

HOME = (ADDRESS, "12 Mill Road, Leeds LS1 4AB")
ADA, BEN = (NAME, ADA_NAME), (NAME, "Ben Planted-Lovelace")
PHONE, MAIL = (Kind.PHONE, BEN_TEL), (Kind.EMAIL, ADA_EMAIL)
OTHER_MAIL, OTHER_PHONE = (Kind.EMAIL, "new@caller.example"), (Kind.PHONE, "+44 20 7946 0958")
BORN, OTHER_BORN = (Kind.DATE_OF_BIRTH, "1985-12-10"), (Kind.DATE_OF_BIRTH, "1983-02-01")
HEALTH = (Kind.HEALTH, "asthma")
C1, C2 = ("customer_id", "C-1"), ("customer_id", "C-2")
DPO = Actor(id=new_id(), role=Role.DPO)


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    return estate(tx, vault, clock)


def run(crm: Estate, limit: int = 100) -> Tally:
    tally, after = Tally(), None
    while (after := revisiting.link_next(crm.tx, crm.vault, crm.clock, tally, after=after, limit=limit)) is not None:
        pass
    return tally


def subjects_of(crm: Estate, record: UUID) -> set[SubjectId | None]:
    rows = crm.tx.connection.execute("SELECT DISTINCT subject FROM findings WHERE record = %s AND gone_at IS NULL", (record,))
    return {row["subject"] for row in rows.fetchall()}


def linked(crm: Estate, *fields: tuple[str, str]) -> tuple[UUID, Link]:
    record = crm.record(*fields)
    run(crm)
    [link] = [each for each in linking.page_of_links(crm.tx) if each.record == record]
    assert link.state is LinkState.CERTAIN
    return record, link


@pytest.mark.parametrize(
    ("first", "gone", "later"),
    [
        pytest.param([ADA, MAIL, PHONE], [Kind.EMAIL], [OTHER_MAIL], id="another address"),
        pytest.param([ADA, MAIL], [], [BORN, HEALTH], id="a new column"),
        pytest.param([ADA, MAIL], [], [HEALTH, OTHER_PHONE], id="a note with a number"),
        pytest.param([ADA, MAIL], [], [HEALTH], id="a note that tells of nobody"),
        pytest.param([C1, ADA, MAIL], [NAME], [(NAME, "Ada Holm")], id="married"),
        pytest.param([C1, ADA, BORN], [NAME], [(NAME, "Adda Planted-Lovelace")], id="a name put right, the birth agrees"),
        pytest.param([C1, MAIL], [Kind.EMAIL], [OTHER_MAIL], id="the customer's id is the same"),
        pytest.param([ADA, MAIL], [NAME, Kind.EMAIL], [HEALTH], id="nothing left to tell by"),
    ],
)
def test_what_is_new_is_its_persons_by_the_same_link(
    crm: Estate, first: list[tuple[str, str]], gone: list[str], later: list[tuple[str, str]]
) -> None:
    record, link = linked(crm, *first)
    crm.gone(record, *gone)
    crm.add(record, *later)
    tally = run(crm)
    assert (tally.records, tally.followed, tally.findings, tally.over) == (0, 1, len(later), 0)
    assert subjects_of(crm, record) == {link.subject}
    assert linking.get(crm.tx, link.id) == link
    assert run(crm).followed == 0


def test_what_is_new_is_known_of_its_person(crm: Estate) -> None:
    record, link = linked(crm, ADA, MAIL)
    crm.gone(record, Kind.EMAIL)
    crm.add(record, OTHER_MAIL)
    run(crm)
    letter = crm.record(ADA, OTHER_MAIL)
    run(crm)
    assert subjects_of(crm, letter) == {link.subject}


@pytest.mark.parametrize(
    ("first", "gone", "later"),
    [
        pytest.param([ADA, MAIL], [NAME, Kind.EMAIL], [(NAME, "Greta Holm"), OTHER_MAIL], id="all is another's"),
        pytest.param([ADA, MAIL, PHONE, HOME], [NAME, Kind.EMAIL], [BEN, OTHER_MAIL], id="of one household"),
        pytest.param([C1, ADA, MAIL], ["customer_id", Kind.EMAIL], [C2, OTHER_MAIL], id="a namesake with another customer's id"),
        pytest.param([ADA, MAIL, BORN], [Kind.EMAIL, Kind.DATE_OF_BIRTH], [OTHER_MAIL, OTHER_BORN], id="a namesake by birth"),
    ],
)
def test_another_persons_row_under_the_same_key_is_linked_anew(
    crm: Estate, first: list[tuple[str, str]], gone: list[str], later: list[tuple[str, str]]
) -> None:
    record, link = linked(crm, *first, HEALTH)
    crm.gone(record, *gone)
    crm.add(record, *later)
    tally = run(crm)
    assert (tally.followed, tally.over, tally.records) == (0, 1, 1)
    over = linking.get(crm.tx, link.id)
    assert (over.state, over.reason) == (LinkState.OVER, LinkReason.SAYS_OTHERWISE)
    assert link.subject not in subjects_of(crm, record), "nor what lies there as before"
    assert [each.now for each in decisions.history(crm.tx, link.id)] == [LinkState.OVER]


def test_it_goes_to_whoever_its_identifier_names(crm: Estate) -> None:
    record, ada = linked(crm, C1, ADA, MAIL)
    _, ben = linked(crm, C2, BEN, OTHER_MAIL)
    crm.gone(record, "customer_id", NAME, Kind.EMAIL)
    crm.add(record, C2, (NAME, "B. Planted-Lovelace"), PHONE)
    assert run(crm).certain == 1
    assert subjects_of(crm, record) == {ben.subject}
    assert {each.subject for each in linking.page_of_links(crm.tx) if each.record == record} == {ada.subject, ben.subject}


@pytest.mark.parametrize("by_a_person", [False, True])
def test_where_nothing_tells_or_a_person_had_said_so_a_person_is_asked(crm: Estate, *, by_a_person: bool) -> None:
    record, link = linked(crm, MAIL, PHONE)
    later = [(NAME, "Greta Holm")] if by_a_person else []
    if by_a_person:
        crm.add(record, ADA)
        run(crm)
        decisions.undo(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
        decisions.accept(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
    crm.gone(record, Kind.EMAIL, NAME)
    crm.add(record, OTHER_MAIL, *later)
    tally = run(crm)
    assert (tally.over, tally.doubtful, tally.new) == (1, 1, 0)
    assert subjects_of(crm, record) == {None}
    [asked] = decisions.waiting(crm.tx)
    assert asked.subject == link.subject
    decisions.accept(crm.tx, crm.vault, crm.clock, asked.sorts[0].example, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert subjects_of(crm, record) == {link.subject}


def test_what_speaks_of_somebody_else_besides_stays_with_nobody_until_a_person_says(crm: Estate) -> None:
    record, link = linked(crm, ADA, MAIL)
    crm.add(record, (NAME, "Greta Holm"), HEALTH)
    for _ in range(2):
        tally = run(crm)
        assert (tally.followed, tally.over, tally.unlinked) == (0, 0, {Unlinked.SEVERAL_PEOPLE: 1})
        assert subjects_of(crm, record) == {link.subject, None}
    assert [each.is_theirs for each in linking.findings_of(crm.tx, link)] == [True, True, False, False]
    decisions.accept(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert subjects_of(crm, record) == {link.subject}
    assert run(crm).records == 0


def test_whoever_was_erased_does_not_come_back_and_their_key_may_be_anothers(crm: Estate) -> None:
    record, link = linked(crm, ADA, MAIL)
    crm.tx.connection.execute(
        "UPDATE findings SET subject = NULL, erased = true, sealed_spot = NULL, clue_kinds = '{}', clues = '{}'"
        " WHERE record = %s",
        (record,),
    )
    crm.tx.connection.execute("DELETE FROM known_clues WHERE subject = %s", (link.subject,))
    linking.forget(crm.tx, link.subject)
    crm.vault.destroy_subject(crm.tx, link.subject)
    crm.add(record, HEALTH, OTHER_MAIL)
    assert run(crm).records == 0
    assert subjects_of(crm, record) == {None}
    crm.gone(record, NAME, Kind.EMAIL)
    crm.add(record, (NAME, "Greta Holm"), OTHER_PHONE)
    tally = run(crm)
    assert (tally.over, tally.new) == (1, 1)
    assert subjects_of(crm, record).isdisjoint({None, link.subject})


def test_staff_in_a_linked_record_stay_nobodys(crm: Estate) -> None:
    record, link = linked(crm, ADA, MAIL)
    crm.add(record, HEALTH)
    crm.tx.connection.execute("UPDATE findings SET of_staff = true WHERE record = %s AND subject IS NULL", (record,))
    assert run(crm).followed == 0
    assert subjects_of(crm, record) == {link.subject, None}


def test_many_are_looked_at_page_by_page_each_once(crm: Estate) -> None:
    rows = [crm.record(("customer_id", f"C-{nth}"), ADA, (Kind.EMAIL, f"ada{nth}@caller.example")) for nth in range(7)]
    several = rows[3]
    run(crm)
    for nth, row in enumerate(rows):
        crm.add(row, *([(NAME, "Greta Holm")] if row == several else [(Kind.EMAIL, f"new{nth}@caller.example")]))
    tally = run(crm, limit=2)
    assert (tally.followed, tally.unlinked) == (6, {Unlinked.SEVERAL_PEOPLE: 1})


BRIEFLY = (NAME, "A. Planted-Lovelace")


def in_doubt(crm: Estate) -> UUID:
    """A ticket of somebody of the household, with an address that nobody is known by yet."""
    linked(crm, C1, ADA, HOME, PHONE)
    linked(crm, C2, BEN, HOME, PHONE)
    ticket = crm.record(BRIEFLY, PHONE, OTHER_MAIL)
    assert run(crm).doubtful == 1
    return ticket


def waiting_of(crm: Estate, record: UUID) -> list[Link]:
    return [each for each in linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL) if each.record == record]


def test_what_waits_is_linked_once_a_later_system_tells_whose_it_is(crm: Estate) -> None:
    """The other way round it had never waited: the order in which systems are scanned does not matter."""
    ticket = in_doubt(crm)
    asked = waiting_of(crm, ticket)
    row = crm.record(C1, ADA, OTHER_MAIL)
    assert run(crm).certain == 2
    assert waiting_of(crm, ticket) == []
    assert subjects_of(crm, ticket) == subjects_of(crm, row) != {None}
    noted = linking.get(crm.tx, asked[0].id)
    [standing] = [each for each in linking.page_of_links(crm.tx) if each.record == ticket and each.state is LinkState.CERTAIN]
    assert noted.state is LinkState.OVER
    assert str(standing.id) in str(why_over(crm.tx, noted))


def test_what_is_in_doubt_still_waits_and_is_left_alone_where_nothing_new_is_told(crm: Estate) -> None:
    ticket = in_doubt(crm)
    asked = waiting_of(crm, ticket)
    linked(crm, ("customer_id", "C-3"), (NAME, "Greta Holm"))
    assert (run(crm).doubtful, waiting_of(crm, ticket)) == (0, asked)
    linked(crm, ("customer_id", "C-4"), (NAME, "Carl Planted-Lovelace"), HOME, PHONE)
    anew = waiting_of(crm, ticket)
    assert anew != asked, "weighed anew, with whoever lives there too"
    assert {each.id for each in asked} <= {each.id for each in anew}, "whoever noted an id finds it again"
    assert run(crm).doubtful == 0, "once"


def test_what_is_gone_from_its_system_waits_no_more_and_waits_under_the_same_id_when_it_is_back(crm: Estate) -> None:
    ticket = in_doubt(crm)
    asked = waiting_of(crm, ticket)
    crm.gone(ticket, NAME, Kind.PHONE, Kind.EMAIL)
    run(crm)
    assert waiting_of(crm, ticket) == []
    assert str(why_over(crm.tx, linking.get(crm.tx, asked[0].id))).startswith("Nothing of it lies there any more")
    crm.add(ticket, BRIEFLY, PHONE, OTHER_MAIL)
    run(crm)
    assert {each.id for each in waiting_of(crm, ticket)} == {each.id for each in asked}
    assert why_over(crm.tx, linking.get(crm.tx, asked[0].id)) is None


def test_a_page_at_a_time_all_that_waits_is_looked_at(crm: Estate) -> None:
    tickets = [in_doubt(crm), *(crm.record(BRIEFLY, PHONE, OTHER_MAIL) for _ in range(2))]
    run(crm)
    crm.record(C1, ADA, OTHER_MAIL)
    assert run(crm, limit=2).certain == 4
    assert len({subject for each in tickets for subject in subjects_of(crm, each)}) == 1


def test_what_somebody_undid_waits_for_their_word_whatever_is_told_later(crm: Estate) -> None:
    ticket = in_doubt(crm)
    [link, *_] = waiting_of(crm, ticket)
    decisions.accept(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
    decisions.undo(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
    crm.record(C1, ADA, OTHER_MAIL)
    run(crm)
    assert subjects_of(crm, ticket) == {None}
