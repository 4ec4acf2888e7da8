"""Records become people's: by what is one person's, by a score that a household cannot pass, or by a person's word."""

import random

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.model import Asked, First
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Aspect, LinkReason, LinkState, Outcome, Tally, Unlinked
from rightcall.errors import Conflict, NotFound
from rightcall.ids import LinkId, SubjectId, new_id
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.knowing import actions as knowing
from rightcall.subjects.model import Identifier, IdentifierKind, JoinReason
from rightcall.subjects.rules import normalise
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_NAME, BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import ADDRESS, NAME, Estate, estate

HOME = (ADDRESS, "12 Mill Road, Leeds LS1 4AB")
ADA, BEN = (NAME, ADA_NAME), (NAME, "Ben Planted-Lovelace")
ADA_BORN, BEN_BORN = (Kind.DATE_OF_BIRTH, "1985-12-10"), (Kind.DATE_OF_BIRTH, "1983-02-01")
ACCOUNT = (Kind.IBAN, "DK5000400440116243")
PHONE, MAIL = (Kind.PHONE, BEN_TEL), (Kind.EMAIL, ADA_EMAIL)
DPO = Actor(id=new_id(), role=Role.DPO)
MOST = Asked(first=First.MOST)


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    return estate(tx, vault, clock)


def run(crm: Estate) -> Tally:
    tally, after = Tally(), None
    while (after := linking.link_next(crm.tx, crm.vault, crm.clock, tally, after=after, limit=100)) is not None:
        pass
    return tally


def customer(number: str) -> tuple[str, str]:
    return "customer_id", number


def test_a_record_with_an_identifier_that_nobody_has_is_a_new_subject_and_found_by_it(crm: Estate) -> None:
    record = crm.record(customer("C-1"), ADA, MAIL)
    assert run(crm).new == 1
    mail = normalise(IdentifierKind.EMAIL, Personal(ADA_EMAIL), "ZZ")
    assert subjects.find(crm.tx, crm.vault, mail) == [crm.subject_of(record)]


def test_somebody_who_called_is_known_in_the_system_by_their_customer_id(crm: Estate) -> None:
    called = subjects.identify(crm.tx, crm.vault, crm.clock, [Identifier(kind=IdentifierKind.CUSTOMER_ID, value=Personal("C-1"))])
    record = crm.record(customer("C-1"), ADA)
    assert run(crm).certain == 1
    assert crm.subject_of(record) == called
    [link] = linking.page_of_links(crm.tx, subject=called)
    assert (link.state, link.decided_by) == (LinkState.CERTAIN, None)


def test_where_people_are_not_ours_nobody_is_made_and_it_is_counted(tx: Transaction, vault: Vault, clock: FixedClock) -> None:
    foreign = estate(tx, vault, clock, ours=False)
    record = foreign.record(ADA, MAIL)
    foreign.record(ADA, HOME)
    assert run(foreign).unlinked == {Unlinked.NOT_OURS: 1, Unlinked.NO_IDENTIFIER: 1}
    assert foreign.subject_of(record) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([customer("C-1"), ADA, ADA_BORN, HOME, PHONE], [customer("C-2"), BEN, BEN_BORN, HOME, PHONE], id="couple"),
        pytest.param([customer("C-1"), ADA, MAIL, HOME], [BEN, MAIL, HOME], id="couple with one e-mail address"),
        pytest.param([customer("C-1"), ADA, ADA_BORN, HOME, PHONE], [BEN, ADA_BORN, HOME, PHONE], id="twins"),
        pytest.param([customer("C-1"), ADA, PHONE, HOME], [(NAME, "A. Planted-Lovelace"), PHONE, HOME], id="an initial"),
        pytest.param([customer("C-1"), ADA, PHONE, HOME], [(NAME, f"{ADA_NAME} Jr"), PHONE, HOME], id="junior"),
        pytest.param([customer("C-1"), ADA, ADA_BORN, PHONE], [ADA, BEN_BORN, PHONE], id="mother and daughter of one name"),
        pytest.param([customer("C-1"), ADA, PHONE], [(NAME, "Clara Smith"), PHONE], id="an office's number"),
        pytest.param([customer("C-1"), ADA, PHONE], [PHONE], id="a number alone"),
        pytest.param([customer("C-1"), ADA, HOME, ACCOUNT], [BEN, ACCOUNT, HOME], id="one account"),
        pytest.param([customer("C-1"), ADA, MAIL], [MAIL], id="an e-mail address alone"),
        pytest.param([customer("C-1"), ADA, MAIL], [(NAME, "B. Planted-Lovelace"), MAIL], id="another initial, one address"),
        pytest.param([customer("C-1"), ADA, PHONE], [ADA, PHONE], id="a number, and no address to see who lives there"),
    ],
)  # fmt: skip
def test_two_of_one_household_are_never_joined_without_a_word(
    crm: Estate, first: list[tuple[str, str]], second: list[tuple[str, str]]
) -> None:
    one = crm.record(*first)
    run(crm)
    other = crm.record(*second)
    run(crm)
    assert crm.subject_of(one) is not None
    assert crm.subject_of(other) != crm.subject_of(one)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param([customer("C-1"), ADA, ADA_BORN, HOME], [ADA, ADA_BORN, HOME], id="name, birth and address"),
        pytest.param([customer("C-1"), ADA, ADA_BORN, PHONE], [(NAME, "LOVELACE, Ada"), ADA_BORN, PHONE], id="half of the name"),
        pytest.param([customer("C-1"), ADA, ADA_BORN, HOME], [(NAME, "Ada Jensen"), ADA_BORN, HOME], id="married"),
        pytest.param([customer("C-1"), ADA, MAIL], [ADA, MAIL], id="name and e-mail address"),
        pytest.param([customer("C-1"), ADA, MAIL], [(NAME, "A. Planted-Lovelace"), MAIL], id="initial and e-mail address"),
        pytest.param([customer("C-1"), ADA, PHONE, HOME], [ADA, PHONE], id="name and number of somebody who lives alone"),
        pytest.param([customer("C-1"), ADA], [(NAME, "A. Planted-Lovelace"), customer("C-1")], id="customer id and an initial"),
        pytest.param([(Kind.DK_CPR, "101285-1232"), ADA], [(Kind.DK_CPR, "1012851232"), PHONE], id="national id"),
    ],
)
def test_one_person_is_found_again(crm: Estate, first: list[tuple[str, str]], second: list[tuple[str, str]]) -> None:
    one, other = crm.record(*first), crm.record(*second)
    run(crm)
    assert crm.subject_of(other) == crm.subject_of(one) is not None


@pytest.mark.parametrize(
    "mate",
    [
        pytest.param([customer("C-2"), BEN, HOME], id="one address"),
        pytest.param([customer("C-2"), BEN, PHONE], id="one number"),
        pytest.param([customer("C-2"), BEN, ACCOUNT], id="one account"),
    ],
)
def test_a_name_and_a_number_wait_where_somebody_else_lives_there(crm: Estate, mate: list[tuple[str, str]]) -> None:
    """Whoever has a household may have a namesake in it."""
    crm.record(customer("C-1"), ADA, PHONE, HOME, ACCOUNT)
    crm.record(*mate)
    run(crm)
    other = crm.record(ADA, PHONE)
    assert run(crm).doubtful == 1
    assert crm.subject_of(other) is None


def test_an_initial_waits_where_two_have_the_address(crm: Estate) -> None:
    crm.record(customer("C-1"), ADA, MAIL)
    crm.record(customer("C-2"), (NAME, "Anna Planted-Lovelace"), MAIL)
    run(crm)
    other = crm.record((NAME, "A. Planted-Lovelace"), MAIL)
    assert run(crm).doubtful == 1
    assert crm.subject_of(other) is None


def test_a_record_of_several_people_is_nobodys(crm: Estate) -> None:
    record = crm.record(ADA, BEN, MAIL)
    assert run(crm).unlinked == {Unlinked.SEVERAL_PEOPLE: 1}
    assert crm.subject_of(record) is None


def _called(name: str) -> list[tuple[tuple[str, str], ...]]:
    """Karl's own row; calls on his account by him, by somebody else, and by nobody who gave a name; and Lise's of his house."""
    karl, lise = (NAME, f"Karl {name}"), (NAME, f"Lise {name}")
    return [
        (customer("C-1"), karl, MAIL, PHONE, ADA_BORN, HOME),
        (customer("C-1"), karl),
        (customer("C-1"), lise),
        (customer("C-1"),),
        (karl, MAIL),
        (karl, PHONE, HOME),
        (customer("C-2"), lise, BEN_BORN, PHONE),
        (lise, PHONE),
        (PHONE,),
    ]


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_rows_does_not_decide_what_somebody_gets(crm: Estate, seed: int) -> None:
    fields = _called("Holm")
    order = list(range(len(fields)))
    random.Random(seed).shuffle(order)  # noqa: S311 - an order
    rows = {number: crm.record(*fields[number]) for number in order}
    run(crm)
    whose = {number: crm.subject_of(record) for number, record in rows.items()}
    people = {subject: number for number in sorted(whose, reverse=True) if (subject := whose[number]) is not None}
    waiting = {link.record for link in linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL)}
    assert {number: None if subject is None else people[subject] for number, subject in whose.items()} == {
        **dict.fromkeys((0, 1, 3, 4), 0),
        6: 6,
        **dict.fromkeys((2, 5, 7, 8)),
    }
    assert {number for number, record in rows.items() if record in waiting} == {2, 5, 7, 8}


def test_of_more_records_than_a_page_those_that_tell_most_come_first(crm: Estate) -> None:
    crm.record(customer("C-1"), (NAME, "Lise Holm"))
    for _ in range(3):
        crm.record(customer("C-1"))
    own = crm.record(customer("C-1"), (NAME, "Karl Holm"), MAIL)
    tally, after = Tally(), None
    while (after := linking.link_next(crm.tx, crm.vault, crm.clock, tally, after=after, limit=2)) is not None:
        pass
    assert (tally.records, tally.new, tally.certain, tally.doubtful) == (5, 1, 3, 1)
    assert crm.subject_of(own) is not None


def test_a_number_of_an_office_makes_nobody_new_however_many_have_it(crm: Estate) -> None:
    for nth in range(6):
        crm.record(customer(f"C-{nth}"), (NAME, f"{'ABCDEF'[nth]}nna Holm"), PHONE)
    run(crm)
    log = [crm.record(PHONE) for _ in range(40)]
    tally = run(crm)
    assert tally.new == 0
    assert tally.unlinked.get(Unlinked.SHARED, 0) + tally.doubtful == 40
    assert {crm.subject_of(each) for each in log} == {None}
    assert len(subjects.find(crm.tx, crm.vault, normalise(IdentifierKind.TEL, Personal(BEN_TEL), "ZZ"))) == 6


def doubtful(crm: Estate) -> tuple[SubjectId, LinkId]:
    """Two records of Ada Planted-Lovelace with her number, who does not live alone: the second may be her namesake's."""
    first = crm.record(customer("C-1"), ADA, PHONE, HOME)
    crm.record(customer("C-2"), BEN, HOME)
    run(crm)
    crm.record(ADA, PHONE, HOME)
    assert run(crm).doubtful == 1
    [link] = linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL)
    subject = crm.subject_of(first)
    assert link.subject == subject
    assert subject is not None
    return subject, link.id


def test_what_is_doubtful_says_what_agrees_and_what_it_weighs(crm: Estate) -> None:
    _, id = doubtful(crm)
    link = linking.get(crm.tx, id)
    assert {each.aspect: each.outcome for each in link.compared} == {
        Aspect.TEL: Outcome.AGREES,
        Aspect.GIVEN_NAME: Outcome.AGREES,
        Aspect.FAMILY_NAME: Outcome.AGREES,
        Aspect.ADDRESS: Outcome.AGREES,
    }
    weights = {each.aspect: each for each in link.compared}
    assert weights[Aspect.ADDRESS].bits > 5 > 1 > weights[Aspect.ADDRESS].household
    assert weights[Aspect.GIVEN_NAME].household > 5
    assert 0.9 < link.score < 0.999


def test_a_person_accepts_and_it_is_linked_and_can_be_undone_exactly(crm: Estate) -> None:
    subject, id = doubtful(crm)
    link = decisions.accept(crm.tx, crm.vault, crm.clock, id, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert (link.state, link.decided_by, link.reason) == (LinkState.CERTAIN, DPO, LinkReason.SEEN_IN_SOURCE)
    assert crm.subject_of(link.record) == subject
    known = crm.tx.connection.execute("SELECT count(*) AS n FROM known_clues WHERE record = %s", (link.record,))
    assert next(iter(known))["n"] > 0
    undone = decisions.undo(crm.tx, crm.vault, crm.clock, id, reason=LinkReason.SAME_NAME, by=DPO)
    assert undone.state is LinkState.UNDONE
    assert crm.subject_of(link.record) is None
    known = crm.tx.connection.execute("SELECT count(*) AS n FROM known_clues WHERE record = %s", (link.record,))
    assert next(iter(known))["n"] == 0


def test_whom_a_record_had_made_is_nobody_once_it_is_undone_and_somebody_again_by_a_word(crm: Estate) -> None:
    record = crm.record((NAME, ADA_NAME), (Kind.EMAIL, ADA_EMAIL))
    run(crm)
    [link] = linking.page_of_links(crm.tx)
    there = knowing.count_subjects(crm.tx)
    decisions.undo(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.SAME_NAME, by=DPO)
    assert subjects.get(crm.tx, link.subject).nobody_since == crm.clock.now()
    assert knowing.count_subjects(crm.tx) == there - 1
    decisions.accept(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert subjects.get(crm.tx, link.subject).nobody_since is None
    assert knowing.count_subjects(crm.tx) == there
    assert crm.subject_of(record) == link.subject


def test_whoever_is_known_by_anything_else_stays_somebody(crm: Estate) -> None:
    """Another record; a call."""
    caller = subjects.identify(crm.tx, crm.vault, crm.clock, [normalise(IdentifierKind.TEL, Personal(BEN_TEL), "ZZ")])
    crm.record(customer("C-1"), ADA, MAIL)
    wrong = {crm.record(ADA, MAIL), crm.record((NAME, "Ben Holm"), PHONE)}
    run(crm)
    for link in [each for each in linking.page_of_links(crm.tx) if each.record in wrong]:
        if link.state is LinkState.DOUBTFUL:
            decisions.accept(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
        decisions.undo(crm.tx, crm.vault, crm.clock, link.id, reason=LinkReason.OTHER, by=DPO)
    people = {each.subject for each in linking.page_of_links(crm.tx, state=LinkState.UNDONE)}
    assert len(people) == 2
    assert caller in people
    assert {subjects.get(crm.tx, each).nobody_since for each in people} == {None}


def test_what_was_refused_is_not_proposed_again(crm: Estate) -> None:
    subject, id = doubtful(crm)
    decisions.refuse(crm.tx, crm.vault, crm.clock, id, reason=LinkReason.SAME_NAME, by=DPO)
    tally = run(crm)
    assert (tally.doubtful, tally.new) == (0, 1)
    assert crm.subject_of(linking.get(crm.tx, id).record) != subject


@pytest.fixture
def queue(crm: Estate) -> SubjectId:
    """Three records on Ada that say the same, one that says less, one with another given name; and one on Greta."""
    first = crm.record(customer("C-1"), ADA, PHONE, HOME, MAIL)
    crm.record(customer("C-2"), BEN, HOME)
    crm.record(customer("C-3"), (NAME, "Greta Holm"), (Kind.EMAIL, "greta@caller.example"))
    run(crm)
    for _ in range(3):
        crm.record(ADA, PHONE, HOME)
    crm.record(PHONE)
    crm.record((NAME, "Clara Planted-Lovelace"), MAIL)
    crm.record((Kind.EMAIL, "greta@caller.example"))
    assert run(crm).doubtful == 6
    ada = crm.subject_of(first)
    assert ada is not None
    return ada


def test_what_waits_is_told_by_person_and_by_sort_the_most_first(crm: Estate, queue: SubjectId) -> None:
    ada, greta = decisions.waiting(crm.tx, MOST)
    assert (ada.subject, ada.records, [each.records for each in ada.sorts]) == (queue, 5, [3, 1, 1])
    assert {each.aspect for each in ada.sorts[0].compared} == {
        Aspect.TEL,
        Aspect.GIVEN_NAME,
        Aspect.FAMILY_NAME,
        Aspect.ADDRESS,
    }
    assert (greta.records, decisions.count_waiting(crm.tx)[1]) == (1, 2)
    assert [each.subject for each in decisions.waiting(crm.tx, MOST, limit=1)] == [queue]


def test_all_that_say_the_same_are_accepted_at_once_each_by_itself(crm: Estate, queue: SubjectId) -> None:
    same = decisions.waiting(crm.tx, MOST)[0].sorts[0]
    done = decisions.accept_alike(crm.tx, crm.vault, crm.clock, same.example, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert len(done) == 3
    assert {(each.state, each.subject, each.decided_by) for each in done} == {(LinkState.CERTAIN, queue, DPO)}
    assert {crm.subject_of(each.record) for each in done} == {queue}
    leaves = [bytes(row["leaf"]) for row in crm.tx.connection.execute("SELECT leaf FROM statements").fetchall()]
    assert sum(b"discovery.link_decided" in leaf for leaf in leaves) == 3
    assert decisions.waiting(crm.tx, MOST)[0].records == 2
    decisions.undo(crm.tx, crm.vault, crm.clock, done[0].id, reason=LinkReason.SAME_NAME, by=DPO)
    assert [crm.subject_of(each.record) for each in done] == [None, queue, queue]
    with pytest.raises(Conflict):
        decisions.accept_alike(crm.tx, crm.vault, crm.clock, done[1].id, reason=LinkReason.OTHER, by=DPO)


def test_all_that_say_the_same_are_refused_at_once_and_not_proposed_again(crm: Estate, queue: SubjectId) -> None:
    same = decisions.waiting(crm.tx, MOST)[0].sorts[0]
    done = decisions.refuse_alike(crm.tx, crm.vault, crm.clock, same.example, reason=LinkReason.SAME_NAME, by=DPO)
    assert {each.state for each in done} == {LinkState.REFUSED}
    assert decisions.waiting(crm.tx, MOST)[0].records == 2
    run(crm)
    assert queue not in {crm.subject_of(each.record) for each in done}


def test_what_differs_is_accepted_one_by_one(crm: Estate, queue: SubjectId) -> None:
    """Another given name is Ben's in one record and Clara's in the next."""
    [other] = [
        each for each in decisions.waiting(crm.tx, MOST)[0].sorts if any(one.outcome is Outcome.DIFFERS for one in each.compared)
    ]
    with pytest.raises(Conflict, match="one by one"):
        decisions.accept_alike(crm.tx, crm.vault, crm.clock, other.example, reason=LinkReason.OTHER, by=DPO)
    refused = decisions.refuse_alike(crm.tx, crm.vault, crm.clock, other.example, reason=LinkReason.OTHER, by=DPO)
    assert [each.subject for each in refused] == [queue]


def test_what_is_gone_from_its_system_keeps_nobody_from_deciding_the_others(crm: Estate, queue: SubjectId) -> None:
    same = decisions.waiting(crm.tx, MOST)[0].sorts[0]
    gone = linking.get(crm.tx, same.example)
    crm.tx.connection.execute("UPDATE findings SET gone_at = now() WHERE record = %s", (gone.record,))
    done = decisions.accept_alike(crm.tx, crm.vault, crm.clock, same.example, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    assert (len(done), gone.id in {each.id for each in done}) == (2, False)


def test_a_decision_is_in_the_ledger_without_a_subjects_id(crm: Estate) -> None:
    subject, id = doubtful(crm)
    decisions.refuse(crm.tx, crm.vault, crm.clock, id, reason=LinkReason.SAME_NAME, by=DPO)
    leaves = [bytes(row["leaf"]) for row in crm.tx.connection.execute("SELECT leaf FROM statements").fetchall()]
    assert any(b"discovery.link_decided" in leaf and str(id).encode() in leaf for leaf in leaves)
    assert any(b"discovery.records_linked" in leaf for leaf in leaves)
    assert not any(str(subject).encode() in leaf for leaf in leaves)


def test_there_is_no_such_link(crm: Estate) -> None:
    with pytest.raises(NotFound):
        linking.get(crm.tx, LinkId(new_id()))


def test_what_was_found_is_in_no_table(crm: Estate) -> None:
    doubtful(crm)
    for table in ("links", "known_clues", "findings", "statements"):
        rows = crm.tx.connection.execute(f"SELECT row_to_json(t)::text AS told FROM {table} t").fetchall()  # noqa: S608
        assert rows
        for planted in ("lovelace", "Lovelace", BEN_TEL, "4AB"):
            assert not any(planted in row["told"] for row in rows)


def test_erasing_forgets_what_records_told_and_what_waits(crm: Estate) -> None:
    subject, _ = doubtful(crm)
    subjects.forget_identifiers(crm.tx, subject)
    linking.forget(crm.tx, subject)
    assert linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL) == []
    left = crm.tx.connection.execute("SELECT count(*) AS n FROM known_clues WHERE subject = %s", (subject,))
    assert next(iter(left))["n"] == 0
    said = crm.tx.connection.execute("SELECT count(said) AS n FROM links WHERE subject = %s", (subject,))
    assert next(iter(said))["n"] == 0


def test_records_of_joined_subjects_go_to_the_one_that_stands_for_the_person(crm: Estate) -> None:
    one, two = crm.record(customer("C-1"), ADA), crm.record(customer("C-2"), ADA, MAIL)
    run(crm)
    first, second = crm.subject_of(one), crm.subject_of(two)
    assert first is not None
    assert second is not None
    joining.join(crm.tx, crm.vault, crm.clock, second, into=first, reason=JoinReason.ENTERED_TWICE, by=DPO)
    again = crm.record(ADA, MAIL)
    run(crm)
    assert crm.subject_of(again) == first
    assert {each.subject for each in linking.page_of_links(crm.tx, subject=second)} == {first, second}
