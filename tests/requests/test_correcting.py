"""What is wrong is put right beside what is held, with who entered it, and everywhere else before it is called done."""

from collections.abc import Callable

import pytest

from rightcall.activities import actions as activities
from rightcall.activities.model import NewRecipient, RecipientKind
from rightcall.actors import SYSTEM, Actor, Role
from rightcall.database.connection import Transaction
from rightcall.discovery.ports import Ability
from rightcall.discovery.systems import actions as systems
from rightcall.discovery.systems.model import NewSystem, SystemName
from rightcall.errors import Conflict, Malformed, NotFound
from rightcall.holdings import actions as holdings
from rightcall.holdings.categories import Category
from rightcall.holdings.model import NewForeign, Provenance, Source, Term
from rightcall.holdings.places import Place
from rightcall.ids import CorrectionId, HoldingId, PurposeId, SubjectId, SystemId, new_id
from rightcall.personal import Personal
from rightcall.purposes import actions as purposes
from rightcall.requests import actions, correcting, telling
from rightcall.requests.actions import Came
from rightcall.requests.corrections.model import ToRecipient
from rightcall.requests.corrections.rules import check_value
from rightcall.requests.informing.model import Reply
from rightcall.requests.model import Answered, ProofKind, Request, RequestKind, Step
from rightcall.subjects import actions as subjects
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from tests.cast import ADA_TEL, BEN_TEL
from tests.conftest import FixedClock
from tests.recordings.scene import new_purpose
from tests.requests.conftest import Known

DPO = Actor(id=new_id(), role=Role.DPO)
AGENT = Actor(id=new_id(), role=Role.AGENT)
RIGHT = Personal("+45 70 10 20 30")
Held = Callable[..., HoldingId]


@pytest.fixture
def held(tx: Transaction, vault: Vault, clock: FixedClock) -> Held:
    def held(
        subject: SubjectId, system: SystemId, category: Category = Category.TELEPHONE_NUMBER, *purposes: PurposeId
    ) -> HoldingId:
        new = NewForeign(
            id=HoldingId(new_id()),
            subject=subject,
            category=category,
            place=Place(system=system, field="phone"),
            terms=tuple(Term(purpose=each, last_day=None) for each in purposes),
            provenance=Provenance(source=Source.SCAN, actor=SYSTEM, at=clock.at, basis=None),
        )
        holdings.register(tx, vault, clock, [new])
        return new.id

    return held


@pytest.fixture
def registers(tx: Transaction, vault: Vault, clock: FixedClock) -> Callable[[str], SystemId]:
    """Where we put right ourselves what is wrong."""

    def registers(name: str) -> SystemId:
        new = NewSystem(name=SystemName(text=name), address=Personal(f"/srv/{name}"), regions=("DK",), corrects=True)
        abilities = {Ability.FIND, Ability.EXPORT, Ability.CORRECT}
        return systems.register(tx, vault, clock, new, abilities=frozenset(abilities), by=DPO).id

    return registers


@pytest.fixture
def crm(registers: Callable[[str], SystemId]) -> SystemId:
    return registers("crm")


def ask(
    tx: Transaction, vault: Vault, clock: FixedClock, subject: SubjectId, kind: RequestKind = RequestKind.RECTIFICATION
) -> Request:
    return actions.receive(tx, vault, clock, subject=subject, kind=kind, by=DPO)


def test_each_system_that_has_the_same_sort_of_data_is_a_task(
    tx: Transaction,
    vault: Vault,
    clock: FixedClock,
    ada: SubjectId,
    known: Known,
    held: Held,
    crm: SystemId,
    registers: Callable[[str], SystemId],
) -> None:
    ben, billing = known(BEN_TEL), registers("billing")
    joining.join(tx, vault, clock, ben, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    wrong = held(ada, crm)
    held(ben, billing)
    held(ada, registers("surveys"), Category.EMAIL_ADDRESS)
    request = ask(tx, vault, clock, ada)
    made = correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    [found] = correcting.of_request(tx, vault, request.id)
    assert (found.id, found.holding, found.by, found.replaces) == (made, wrong, DPO, None)
    assert isinstance(found.value, Personal)
    assert found.value.reveal("test") == RIGHT.reveal("test")
    assert {task.system for task in found.tasks} == {crm, billing}
    for system in sorted((crm, billing)):
        with pytest.raises(Conflict, match="not put right everywhere"):
            actions.fulfil(tx, clock, request.id, by=DPO)
        correcting.put_right_in(tx, clock, request.id, made, system, by=DPO)
        correcting.put_right_in(tx, clock, request.id, made, system, by=DPO)
    actions.fulfil(tx, clock, request.id, by=DPO)
    assert actions.get(tx, request.id).outcome is Answered.FULFILLED
    assert [each.step for each in actions.progress(tx, request.id)][-2:] == [Step.CORRECTED, Step.FULFILLED]
    said = tx.connection.execute("SELECT count(*) AS n FROM statements WHERE kind = 'requests.corrected_elsewhere'").fetchone()
    assert said == {"n": 2}


def test_a_second_correction_says_which_it_replaces(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, held: Held, crm: SystemId
) -> None:
    wrong, request = held(ada, crm), ask(tx, vault, clock, ada)
    first = correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    correcting.correct(tx, vault, clock, request.id, wrong, Personal("+45 70 10 20 31"), by=AGENT)
    assert [(each.replaces, each.by) for each in correcting.of_holding(tx, vault, wrong)] == [(None, DPO), (first, AGENT)]


def test_a_later_correction_takes_the_place_of_one_and_what_is_taken_back_counts_no_more(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, held: Held, crm: SystemId
) -> None:
    wrong, request = held(ada, crm), ask(tx, vault, clock, ada)
    first = correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    second = correcting.correct(tx, vault, clock, request.id, wrong, Personal("+45 70 10 20 31"), by=DPO)
    with pytest.raises(Conflict, match="something else was entered in its place"):
        correcting.put_right_in(tx, clock, request.id, first, crm, by=DPO)
    correcting.take_back(tx, vault, clock, request.id, second, by=DPO)
    assert [each.stands for each in correcting.of_request(tx, vault, request.id)] == [True, False]
    correcting.put_right_in(tx, clock, request.id, first, crm, by=DPO)
    with pytest.raises(Conflict, match="put right by it already"):
        correcting.take_back(tx, vault, clock, request.id, first, by=DPO)
    actions.fulfil(tx, clock, request.id, by=DPO)


@pytest.mark.parametrize(
    ("category", "wrong", "right"),
    [
        (Category.EMAIL_ADDRESS, "not an e-mail", "ada@caller.example"),
        (Category.TELEPHONE_NUMBER, "none", "+45 32 12 34 56"),
        (Category.IP_ADDRESS, "192.0.2", "192.0.2.7"),
        (Category.AGE, "young", "42"),
        (Category.BIRTH_DATE, "in May", "4 May 1980"),
        (Category.NAME, "ada@caller.example", "Ada"),
        (Category.HEALTH, "  ", "none"),
    ],
)
def test_what_is_no_value_of_its_kind_puts_nothing_right(category: Category, wrong: str, right: str) -> None:
    check_value(category, Personal(right))
    with pytest.raises(Malformed) as caught:
        check_value(category, Personal(wrong))
    assert wrong not in str(caught.value)


def test_only_what_is_about_the_person_and_only_once_it_is_shown_who_asks(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, known: Known, held: Held, crm: SystemId
) -> None:
    wrong, another = held(ada, crm), held(known(BEN_TEL), crm)
    request = ask(tx, vault, clock, ada)
    with pytest.raises(NotFound, match="not about the person"):
        correcting.correct(tx, vault, clock, request.id, another, RIGHT, by=DPO)
    unproved = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.RECTIFICATION, by=AGENT, came=Came())
    with pytest.raises(Conflict, match="not shown yet who asks"):
        correcting.correct(tx, vault, clock, unproved.id, wrong, RIGHT, by=DPO)
    with pytest.raises(Conflict, match="something else"):
        correcting.correct(tx, vault, clock, ask(tx, vault, clock, ada, RequestKind.ACCESS).id, wrong, RIGHT, by=DPO)
    made = correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    for correction, system in ((made, SystemId(new_id())), (CorrectionId(new_id()), crm)):
        with pytest.raises(NotFound):
            correcting.put_right_in(tx, clock, request.id, correction, system, by=DPO)
    proof = actions.receive(
        tx, vault, clock, subject=ada, kind=RequestKind.RECTIFICATION, by=AGENT, came=Came(proof=ProofKind.CALL_BACK)
    )
    with pytest.raises(NotFound):
        correcting.put_right_in(tx, clock, proof.id, made, crm, by=DPO)


def test_the_value_is_sealed_and_dies_with_the_person(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, held: Held, crm: SystemId
) -> None:
    wrong, request = held(ada, crm), ask(tx, vault, clock, ada)
    correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    [row] = tx.connection.execute("SELECT corrections::text AS row FROM corrections").fetchall()
    assert "70 10 20 30" not in row["row"]
    assert b"70 10 20 30".hex() not in row["row"]
    vault.destroy_subject(tx, ada)
    [found] = correcting.of_request(tx, vault, request.id)
    assert isinstance(found.value, Dark)


def test_whoever_received_it_is_told_what_is_right_and_what_they_say_is_kept(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, held: Held, crm: SystemId
) -> None:
    care, other = (purposes.create_purpose(tx, clock, new_purpose(key), by=DPO).id for key in ("care", "other"))

    def recipient(name: str, purpose: PurposeId) -> None:
        new = NewRecipient(name=name, kind=RecipientKind.CONTROLLER, country="DK", purposes=(purpose,), language="da-DK")
        activities.declare_recipient(tx, clock, new, by=DPO)

    recipient("Letters A/S", care)
    recipient("Never Had It A/S", other)
    wrong, request = held(ada, crm, Category.TELEPHONE_NUMBER, care), ask(tx, vault, clock, ada)
    with pytest.raises(Conflict, match="Nothing was put right yet"):
        actions.fulfil(tx, clock, request.id, by=DPO)
    made = correcting.correct(tx, vault, clock, request.id, wrong, RIGHT, by=DPO)
    correcting.put_right_in(tx, clock, request.id, made, crm, by=DPO)
    [found] = correcting.of_request(tx, vault, request.id)
    [(to, notice)] = found.recipients
    assert (to.name, notice.told_at, notice.answer) == ("Letters A/S", None, None)
    told = ToRecipient(request=request.id, correction=made, recipient=to.id)
    letter = telling.letter(tx, vault, clock, told).text
    assert all(each in letter for each in ("+45 70 10 20 30", ADA_TEL, "Til Letters A/S", "telefonnummer: ", str(made)))
    with pytest.raises(Conflict, match="1 open"):
        actions.fulfil(tx, clock, request.id, by=DPO)
    with pytest.raises(Conflict, match="not told yet"):
        telling.answer(tx, clock, told, Reply.CORRECTED, by=DPO)
    for _ in range(2):
        telling.tell(tx, clock, told, by=DPO)
    actions.fulfil(tx, clock, request.id, by=DPO)
    for answer in (Reply.DISAGREES, Reply.CORRECTED, Reply.CORRECTED):
        telling.answer(tx, clock, told, answer, by=DPO)
    [found] = correcting.of_request(tx, vault, request.id)
    assert [notice.answer for _, notice in found.recipients] == [Reply.CORRECTED]
    said = tx.connection.execute(
        "SELECT kind, count(*) AS n FROM statements WHERE kind LIKE 'requests.recipient%' GROUP BY kind ORDER BY kind"
    ).fetchall()
    assert [(row["kind"], row["n"]) for row in said] == [("requests.recipient_informed", 1), ("requests.recipient_replied", 2)]
    vault.destroy_subject(tx, ada)
    with pytest.raises(Conflict, match="was erased"):
        telling.letter(tx, vault, clock, told)


def test_a_letter_says_what_the_whole_person_is_known_by(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, held: Held, crm: SystemId
) -> None:
    """What is wrong is of somebody whom records alone tell of, joined to the caller."""
    care = purposes.create_purpose(tx, clock, new_purpose("care"), by=DPO).id
    new = NewRecipient(name="Letters A/S", kind=RecipientKind.CONTROLLER, country="DK", purposes=(care,))
    to = activities.declare_recipient(tx, clock, new, by=DPO).id
    records = subjects.identify(tx, vault, clock, [])
    joining.join(tx, vault, clock, records, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    request = ask(tx, vault, clock, records)
    made = correcting.correct(tx, vault, clock, request.id, held(records, crm, Category.TELEPHONE_NUMBER, care), RIGHT, by=DPO)
    told = ToRecipient(request=request.id, correction=made, recipient=to)
    assert ADA_TEL in telling.letter(tx, vault, clock, told).text
    vault.destroy_subject(tx, records)
    with pytest.raises(Conflict, match="was erased"):
        telling.letter(tx, vault, clock, told)
