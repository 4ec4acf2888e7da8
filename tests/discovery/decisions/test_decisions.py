"""Every word on a link is taken back by another, none is forgotten: what was undone waits, and nothing is linked meanwhile."""

from pathlib import Path

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.decisions import actions as decisions
from rightcall.discovery.decisions.states import STEPS, LinkDeed
from rightcall.discovery.detection.model import Kind
from rightcall.discovery.linking import actions as linking
from rightcall.discovery.linking.model import Link, LinkReason, LinkState, Tally
from rightcall.errors import Conflict
from rightcall.ids import LinkId, SubjectId, new_id
from rightcall.vault.actions import Vault
from tests.cast import ADA_EMAIL, ADA_NAME, BEN_TEL
from tests.conftest import FixedClock
from tests.discovery.linking.scene import ADDRESS, NAME, Estate, estate

HOME = (ADDRESS, "12 Mill Road, Leeds LS1 4AB")
ADA, BEN = (NAME, ADA_NAME), (NAME, "Ben Planted-Lovelace")
PHONE, MAIL = (Kind.PHONE, BEN_TEL), (Kind.EMAIL, ADA_EMAIL)
C1, C2 = ("customer_id", "C-1"), ("customer_id", "C-2")
DPO = Actor(id=new_id(), role=Role.DPO)
DEEDS = {
    LinkDeed.ACCEPT: decisions.accept,
    LinkDeed.REFUSE: decisions.refuse,
    LinkDeed.UNDO: decisions.undo,
    LinkDeed.REOPEN: decisions.reopen,
}


@pytest.fixture
def crm(tx: Transaction, vault: Vault, clock: FixedClock) -> Estate:
    return estate(tx, vault, clock)


def run(crm: Estate) -> Tally:
    tally = Tally()
    linking.link_next(crm.tx, crm.vault, crm.clock, tally, limit=100)
    return tally


def say(crm: Estate, deed: LinkDeed, link: LinkId, reason: LinkReason = LinkReason.SEEN_IN_SOURCE) -> Link:
    return DEEDS[deed](crm.tx, crm.vault, crm.clock, link, reason=reason, by=DPO)


def waiting(crm: Estate) -> set[tuple[LinkState, SubjectId]]:
    return {(sort.state, each.subject) for each in decisions.waiting(crm.tx) for sort in each.sorts}


@pytest.fixture
def certain(crm: Estate) -> Link:
    """Ada's ticket, linked by her customer id; Ben has a customer id of his own and the same number."""
    crm.record(C1, ADA, HOME)
    crm.record(C2, BEN, PHONE, HOME)
    run(crm)
    ticket = crm.record(C1, (NAME, "A. Planted-Lovelace"), PHONE, HOME)
    run(crm)
    [link] = [each for each in linking.page_of_links(crm.tx) if each.record == ticket]
    assert link.state is LinkState.CERTAIN
    return link


def test_what_was_undone_waits_and_is_not_linked_by_itself_and_accepted_again(crm: Estate, certain: Link) -> None:
    say(crm, LinkDeed.UNDO, certain.id, LinkReason.WRONG_IN_SOURCE)
    assert crm.subject_of(certain.record) is None
    assert (LinkState.UNDONE, certain.subject) in waiting(crm)
    assert run(crm).records == 0
    assert crm.subject_of(certain.record) is None
    again = say(crm, LinkDeed.ACCEPT, certain.id)
    assert (again.state, crm.subject_of(certain.record)) == (LinkState.CERTAIN, certain.subject)
    assert waiting(crm) == set()


def test_of_what_was_undone_it_is_asked_whose_else_it_may_be(crm: Estate) -> None:
    crm.record(C1, ADA, PHONE, HOME, MAIL)
    crm.record(C2, ADA, HOME, MAIL)
    run(crm)
    ticket = crm.record(C1, ADA, HOME, MAIL)
    run(crm)
    [link] = [each for each in linking.page_of_links(crm.tx) if each.record == ticket]
    say(crm, LinkDeed.UNDO, link.id)
    assert waiting(crm) == {(LinkState.UNDONE, link.subject)}, "another customer id is another customer"
    other = crm.record(ADA, HOME, MAIL)
    run(crm)
    asked = {each.subject: each for each in linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL) if each.record == other}
    assert len(asked) == 2
    mine = asked.pop(link.subject)
    say(crm, LinkDeed.ACCEPT, mine.id)
    say(crm, LinkDeed.UNDO, mine.id)
    assert waiting(crm) == {(LinkState.UNDONE, link.subject), *((LinkState.DOUBTFUL, subject) for subject in asked)}
    [theirs] = [each for each in linking.page_of_links(crm.tx, state=LinkState.DOUBTFUL) if each.record == other]
    say(crm, LinkDeed.ACCEPT, theirs.id)
    assert crm.subject_of(other) == theirs.subject
    with pytest.raises(Conflict, match="Undo that link first"):
        say(crm, LinkDeed.ACCEPT, mine.id)
    say(crm, LinkDeed.UNDO, theirs.id)
    say(crm, LinkDeed.ACCEPT, mine.id)
    assert crm.subject_of(other) == link.subject


def test_a_refusal_is_taken_back(crm: Estate, certain: Link) -> None:
    say(crm, LinkDeed.UNDO, certain.id)
    say(crm, LinkDeed.REFUSE, certain.id, LinkReason.SAME_NAME)
    assert (LinkState.UNDONE, certain.subject) not in waiting(crm)
    say(crm, LinkDeed.REOPEN, certain.id)
    assert (LinkState.DOUBTFUL, certain.subject) in waiting(crm)
    say(crm, LinkDeed.REFUSE, certain.id)
    say(crm, LinkDeed.ACCEPT, certain.id)
    assert crm.subject_of(certain.record) == certain.subject


def test_whom_a_person_denied_is_never_linked_to_by_itself_again_whatever_it_says(crm: Estate, certain: Link) -> None:
    say(crm, LinkDeed.UNDO, certain.id)
    say(crm, LinkDeed.REFUSE, certain.id)
    crm.tx.connection.execute("UPDATE findings SET gone_at = now() WHERE record = %s AND type = 'phone'", (certain.record,))
    tally = run(crm)
    assert (tally.certain, tally.likely, tally.doubtful) == (0, 0, 1)
    assert (LinkState.DOUBTFUL, certain.subject) in waiting(crm)
    with pytest.raises(Conflict, match="already"):
        say(crm, LinkDeed.REOPEN, certain.id)


def test_each_step_is_kept_with_its_reason_and_its_statement(crm: Estate, certain: Link) -> None:
    steps = (
        (LinkDeed.UNDO, LinkReason.WRONG_IN_SOURCE, LinkState.UNDONE),
        (LinkDeed.ACCEPT, LinkReason.SEEN_IN_SOURCE, LinkState.CERTAIN),
        (LinkDeed.UNDO, LinkReason.SAME_NAME, LinkState.UNDONE),
        (LinkDeed.REFUSE, LinkReason.OTHER, LinkState.REFUSED),
        (LinkDeed.REOPEN, LinkReason.OTHER, LinkState.DOUBTFUL),
    )
    for deed, reason, _ in steps:
        say(crm, deed, certain.id, reason)
    history = decisions.history(crm.tx, certain.id)
    assert [(each.reason, each.now, each.by) for each in history] == [(reason, now, DPO) for _, reason, now in steps]
    assert [each.was for each in history] == [LinkState.CERTAIN, *(now for _, _, now in steps[:-1])]
    said = crm.tx.connection.execute("SELECT statement FROM statements WHERE convert_from(leaf, 'UTF8') LIKE '%link_decided%'")
    assert {each.statement for each in history} <= {row["statement"] for row in said.fetchall()}


def test_all_that_stand_and_say_the_same_are_undone_at_once(crm: Estate) -> None:
    crm.record(C1, ADA, PHONE, HOME)
    crm.record(C2, BEN, HOME)
    run(crm)
    for _ in range(3):
        crm.record(ADA, PHONE, HOME)
    run(crm)
    [person] = decisions.waiting(crm.tx)
    first = person.sorts[0].example
    accepted = decisions.accept_alike(crm.tx, crm.vault, crm.clock, first, reason=LinkReason.SEEN_IN_SOURCE, by=DPO)
    undone = decisions.undo_alike(crm.tx, crm.vault, crm.clock, accepted[1].id, reason=LinkReason.SAME_NAME, by=DPO)
    assert {each.id for each in undone} == {each.id for each in accepted}
    assert {crm.subject_of(each.record) for each in undone} == {None}
    with pytest.raises(Conflict):
        decisions.undo_alike(crm.tx, crm.vault, crm.clock, first, reason=LinkReason.SAME_NAME, by=DPO)
    assert len(decisions.accept_alike(crm.tx, crm.vault, crm.clock, first, reason=LinkReason.OTHER, by=DPO)) == 3


def test_of_who_was_erased_nothing_waits_and_nothing_is_accepted(crm: Estate, certain: Link) -> None:
    say(crm, LinkDeed.UNDO, certain.id)
    linking.forget(crm.tx, certain.subject)
    crm.vault.destroy_subject(crm.tx, certain.subject)
    assert certain.subject not in {subject for _, subject in waiting(crm)}
    assert linking.get(crm.tx, certain.id).state is LinkState.OVER
    with pytest.raises(Conflict, match="erased"):
        say(crm, LinkDeed.ACCEPT, certain.id)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("was", LinkState)
def test_a_link_goes_only_where_the_table_says(crm: Estate, certain: Link, deed: LinkDeed, was: LinkState) -> None:
    crm.tx.connection.execute(
        "UPDATE links SET state = %s, decided_by = %s, decided_role = 'dpo', decided_at = now(), reason = 'other'"
        " WHERE link = %s",
        (was.value, DPO.id, certain.id),
    )
    if was in STEPS[deed].was:
        assert say(crm, deed, certain.id).state is STEPS[deed].now
    else:
        with pytest.raises(Conflict):
            say(crm, deed, certain.id)


def test_the_page_has_every_step() -> None:
    page = (Path(__file__).parents[3] / "docs/howto/whose-is-it.md").read_text()
    rows = {tuple(cell.strip(" `*") for cell in line.strip("|").split("|"))[:3] for line in page.splitlines() if "|" in line}
    for deed, step in STEPS.items():
        was = ", ".join(state.value for state in LinkState if state in step.was)
        assert (deed.value, was, step.now.value) in rows
