"""The register on a real database: what changes is in the ledger, what was said stays said."""

from dataclasses import replace

import psycopg
import pytest

from rightcall.canonical import canonical_json, parse_json, sha256
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict, NotFound
from rightcall.ids import ControllerId, NoticeId, PurposeId, new_id
from rightcall.purposes import actions, rules
from rightcall.purposes.faults import VoidNotice
from rightcall.purposes.fitting import faults_of
from rightcall.purposes.model import Keypad, LawfulBasis, Purpose
from tests.conftest import FixedClock
from tests.purposes.examples import DPO, TEXT, TRAINING, a_notice


@pytest.fixture
def training(tx: Transaction, clock: FixedClock) -> Purpose:
    return actions.create_purpose(tx, clock, TRAINING, by=DPO)


def leaves(tx: Transaction, kind: str) -> list[dict[str, object]]:
    rows = tx.connection.execute("SELECT leaf FROM statements WHERE kind = %s ORDER BY statement", (kind,)).fetchall()
    return [dict(parse_json(bytes(row["leaf"]))) for row in rows]  # type: ignore[arg-type]  # a leaf is an object


def test_a_purpose_is_kept_whole(tx: Transaction, training: Purpose) -> None:
    assert actions.get(tx, training.id) == actions.by_key(tx, "training") == training
    assert actions.active(tx) == [training]
    assert (training.staff_basis, training.ended_at) == (LawfulBasis.LEGITIMATE_INTERESTS, None)


def test_making_a_purpose_is_a_statement(tx: Transaction, training: Purpose) -> None:
    (leaf,) = leaves(tx, "purposes.created")
    assert leaf["purpose"] == str(training.id)
    assert leaf["entry"] == sha256(canonical_json(rules.register_entry(TRAINING))).hex()
    assert (leaf["actor"], leaf["role"]) == (str(DPO.id), "dpo")


def test_a_key_is_used_once(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    with pytest.raises(Conflict, match="training"):
        actions.create_purpose(tx, clock, TRAINING, by=DPO)
    assert len(leaves(tx, "purposes.created")) == 1


def test_an_ended_purpose_stays_in_the_register(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    ended = actions.end_purpose(tx, clock, training.id, by=DPO)
    assert ended.ended_at == clock.at
    assert actions.end_purpose(tx, clock, training.id, by=DPO) == ended
    assert actions.active(tx) == []
    assert actions.all_purposes(tx) == [ended]
    assert len(leaves(tx, "purposes.ended")) == 1
    with pytest.raises(Conflict):
        actions.publish_notice(tx, clock, a_notice(training.id), by=DPO)


def test_better_words_are_a_new_version(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    first = actions.publish_notice(tx, clock, a_notice(training.id), by=DPO)
    second = actions.publish_notice(tx, clock, replace(a_notice(training.id), text="May we?"), by=DPO)
    danish = actions.publish_notice(tx, clock, replace(a_notice(training.id), language="DA", keypad=None), by=DPO)
    assert (first.version, second.version, danish.version) == (1, 2, 1)
    assert actions.notice(tx, first.id) == first
    assert actions.current_notice(tx, training.id, "en-GB") == second
    assert actions.current_notice(tx, training.id, "da") == danish
    assert actions.notices(tx, training.id) == [danish, first, second]
    with pytest.raises(NotFound):
        actions.current_notice(tx, training.id, "fi")


def test_a_notice_is_known_by_its_hash(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    notice = actions.publish_notice(tx, clock, a_notice(training.id), by=DPO)
    document = rules.notice_document(tx.of, training.id, "en", 1, TEXT, Keypad(yes="1", no="2"))
    assert notice.digest == sha256(canonical_json(document))
    (leaf,) = leaves(tx, "purposes.notice")
    assert leaf["digest"] == notice.digest.hex()
    assert (leaf["notice"], leaf["version"]) == (str(notice.id), 1)


@pytest.mark.parametrize("statement", ["UPDATE notices SET text = 'x'", "DELETE FROM notices", "DELETE FROM purposes"])
def test_what_was_said_cannot_be_changed(tx: Transaction, clock: FixedClock, training: Purpose, statement: str) -> None:
    actions.publish_notice(tx, clock, a_notice(training.id), by=DPO)
    with pytest.raises(psycopg.errors.InsufficientPrivilege), tx.connection.transaction():
        tx.connection.execute(statement)


def test_a_purpose_cannot_be_rewritten(tx: Transaction, training: Purpose) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege), tx.connection.transaction():
        tx.connection.execute("UPDATE purposes SET term_days = 9999")


def test_the_register_is_the_controllers_own(database: Database, clock: FixedClock, controller: ControllerId) -> None:
    with database.transaction(controller) as tx:
        purpose = actions.create_purpose(tx, clock, TRAINING, by=DPO)
    with database.transaction(ControllerId(new_id())) as tx:
        assert actions.all_purposes(tx) == []
        with pytest.raises(NotFound):
            actions.get(tx, purpose.id)


def test_what_is_not_there_is_not_found(tx: Transaction, clock: FixedClock) -> None:
    with pytest.raises(NotFound):
        actions.notice(tx, NoticeId(new_id()))
    with pytest.raises(NotFound):
        actions.by_key(tx, "nothing")
    with pytest.raises(NotFound):
        actions.publish_notice(tx, clock, a_notice(PurposeId(new_id())), by=DPO)


def test_a_notice_to_which_a_yes_would_be_none_is_not_published(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    words = "May we record this call to train our agents? If you say nothing, you agree."
    with pytest.raises(VoidNotice, match=r"choice\.opt_out: It takes silence") as caught:
        actions.publish_notice(tx, clock, replace(a_notice(training.id), text=words), by=DPO)
    assert [fault.kind.rule for fault in caught.value.faults] == ["choice.opt_out"]
    assert actions.notices(tx, training.id) == []


def test_where_the_law_demands_it_nobody_is_asked_and_telling_is_no_fault(tx: Transaction, clock: FixedClock) -> None:
    duty = replace(TRAINING, key="orders", lawful_basis=LawfulBasis.LEGAL_OBLIGATION, legal_duty="mifid")
    orders = actions.create_purpose(tx, clock, duty, by=DPO)
    words = "This is Example Bank. We record this call so that what was ordered can be proved. We cannot help you without it."
    notice = actions.publish_notice(tx, clock, replace(a_notice(orders.id), text=words, keypad=None), by=DPO)
    assert faults_of(notice, "Example Bank", orders.title, orders.lawful_basis) == ()
    with pytest.raises(VoidNotice):
        actions.publish_notice(
            tx, clock, replace(a_notice(actions.create_purpose(tx, clock, TRAINING, by=DPO).id), text=words), by=DPO
        )


def test_what_is_wrong_with_a_notice_is_read_from_its_words(tx: Transaction, clock: FixedClock, training: Purpose) -> None:
    notice = actions.publish_notice(tx, clock, a_notice(training.id), by=DPO)
    faults = faults_of(notice, "Example Energy", training.title)
    assert {fault.kind.rule for fault in faults} == {"informed.no_name", "informed.no_withdrawal"}
    assert faults == faults_of(actions.notice(tx, notice.id), "Example Energy", training.title)
