"""Nothing is done before it is shown who asks; access before erasure; two requests of one person at the same time."""

import threading
from collections.abc import Callable

import pytest

from rightcall.actors import Actor, Role
from rightcall.database.connection import Database, Transaction
from rightcall.errors import Conflict
from rightcall.ids import ControllerId, RequestId, SubjectId, new_id
from rightcall.requests import actions, proving
from rightcall.requests.actions import Came
from rightcall.requests.model import Behalf, DenialGround, Missing, ProofKind, ProofRefusal, Request, RequestKind, Step
from rightcall.subjects.joining import actions as joining
from rightcall.subjects.model import JoinReason
from rightcall.vault.actions import Vault
from tests.cast import ADA_TEL, BEN_TEL
from tests.conftest import FixedClock
from tests.requests.conftest import Known, known_by

DPO = Actor(id=new_id(), role=Role.DPO)
AGENT = Actor(id=new_id(), role=Role.AGENT)
Ask = Callable[..., Request]


@pytest.fixture
def ask(tx: Transaction, vault: Vault, clock: FixedClock) -> Ask:
    def ask(subject: SubjectId, kind: RequestKind, by: Actor = DPO, came: Came = Came()) -> Request:  # noqa: B008 - frozen
        return actions.receive(tx, vault, clock, subject=subject, kind=kind, by=by, came=came)

    return ask


def missing(tx: Transaction, clock: FixedClock, request: RequestId) -> tuple[Missing, ...]:
    return proving.missing_of(tx, clock, actions.get(tx, request))


@pytest.mark.parametrize("kind", RequestKind)
def test_nothing_is_begun_or_done_before_it_is_shown_who_asks(
    tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask, kind: RequestKind
) -> None:
    asked = ask(ada, kind, AGENT)
    assert missing(tx, clock, asked.id) == (Missing.IDENTITY,)
    for deed in (lambda: actions.begin(tx, clock, asked.id), lambda: actions.fulfil(tx, clock, asked.id, by=DPO)):
        with pytest.raises(Conflict, match="not shown yet who asks"):
            deed()
    assert not actions.open_for(tx, ada, [kind])
    assert proving.prove(tx, clock, asked.id, proof=ProofKind.VOUCHED, by=DPO) is None
    assert actions.open_for(tx, ada, [kind])
    actions.fulfil(tx, clock, asked.id, by=DPO)


def test_it_can_be_denied_without_a_proof(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    asked = ask(ada, RequestKind.ACCESS, AGENT)
    actions.deny(tx, clock, asked.id, ground=DenialGround.IDENTITY_IN_DOUBT, by=DPO)
    with pytest.raises(Conflict, match="answered already"):
        proving.prove(tx, clock, asked.id, proof=ProofKind.CALL_BACK, by=DPO)


def test_a_proof_of_somebody_else_is_refused_and_written_down(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, known: Known, ask: Ask
) -> None:
    ben, asked = known(BEN_TEL), ask(ada, RequestKind.ERASURE, AGENT)
    shown = proving.prove_shown(tx, clock, asked, proof=ProofKind.RECEIPT, whose=ben, by=AGENT)
    assert shown is ProofRefusal.NOT_THEIRS
    assert actions.progress(tx, asked.id)[-1].detail == "not_theirs"
    assert missing(tx, clock, asked.id) == (Missing.IDENTITY,)


def test_what_one_of_two_joined_subjects_shows_counts_for_the_person(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, known: Known, ask: Ask
) -> None:
    ben, asked = known(BEN_TEL), ask(ada, RequestKind.ACCESS, AGENT)
    joining.join(tx, vault, clock, ben, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    assert proving.prove_shown(tx, clock, asked, proof=ProofKind.RECEIPT, whose=ben, by=AGENT) is None


def test_access_comes_before_erasure(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    access, erasure = ask(ada, RequestKind.ACCESS), ask(ada, RequestKind.ERASURE)
    assert missing(tx, clock, erasure.id) == (Missing.ACCESS_FIRST,)
    with pytest.raises(Conflict, match="Answer that first"):
        actions.begin(tx, clock, erasure.id)
    actions.fulfil(tx, clock, access.id, by=DPO)
    assert actions.get(tx, erasure.id).ready_at is not None
    assert [each.step for each in actions.progress(tx, erasure.id)][-1] is Step.READY


def test_access_of_the_one_stops_the_erasure_of_the_joined_other_until_it_is_denied_too(
    tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId, known: Known, ask: Ask
) -> None:
    ben = known(BEN_TEL)
    joining.join(tx, vault, clock, ben, into=ada, reason=JoinReason.PERSON_SAID_SO, by=DPO)
    access, erasure = ask(ada, RequestKind.PORTABILITY), ask(ben, RequestKind.ERASURE)
    assert missing(tx, clock, erasure.id) == (Missing.ACCESS_FIRST,)
    actions.deny(tx, clock, access.id, ground=DenialGround.LEGAL_CLAIMS, by=DPO)
    assert missing(tx, clock, erasure.id) == ()


def test_nobody_stops_an_erasure_by_asking_in_another_name(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    ask(ada, RequestKind.ACCESS, AGENT)
    assert ask(ada, RequestKind.ERASURE).ready_at is not None


def test_an_erasure_that_is_ready_stays_it(tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask) -> None:
    """Access that is asked for afterwards comes too late: the erasure has begun, and is not stopped half-way."""
    erasure = ask(ada, RequestKind.ERASURE)
    ask(ada, RequestKind.ACCESS)
    assert missing(tx, clock, erasure.id) == ()


def test_who_asks_for_another_says_so_and_the_dpo_does_not_vouch_unasked(
    tx: Transaction, clock: FixedClock, ada: SubjectId, ask: Ask
) -> None:
    asked = ask(ada, RequestKind.ACCESS, DPO, Came(behalf=Behalf.REPRESENTATIVE))
    assert missing(tx, clock, asked.id) == (Missing.IDENTITY, Missing.MANDATE)


def test_of_two_at_the_same_time_the_erasure_is_never_forgotten(
    database: Database, controller: ControllerId, vault: Vault, clock: FixedClock
) -> None:
    """Access is answered while the erasure is proved: whichever comes second finds that nothing is missing."""
    with database.transaction(controller) as tx:
        ada = known_by(tx, vault, clock, ADA_TEL)
    for _ in range(10):
        with database.transaction(controller) as tx:
            access = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ACCESS, by=DPO)
            erasure = actions.receive(tx, vault, clock, subject=ada, kind=RequestKind.ERASURE, by=AGENT)
        both = threading.Barrier(2)
        deeds = [
            lambda tx, id=access.id: actions.fulfil(tx, clock, id, by=DPO),
            lambda tx, id=erasure.id: proving.prove(tx, clock, id, proof=ProofKind.VOUCHED, by=DPO),
        ]
        threads = [threading.Thread(target=_at_once, args=(database, controller, both, deed)) for deed in deeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with database.transaction(controller) as tx:
            assert actions.get(tx, erasure.id).ready_at is not None
            actions.deny(tx, clock, erasure.id, ground=DenialGround.LEGAL_CLAIMS, by=DPO)


def _at_once(
    database: Database, controller: ControllerId, both: threading.Barrier, deed: Callable[[Transaction], object]
) -> None:
    both.wait()
    database.run(controller, deed)
