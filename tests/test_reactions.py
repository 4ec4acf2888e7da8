"""Reactions follow the ledger: each is started once by its id, in order, however often the worker dies in between."""

from collections.abc import Iterator
from datetime import date

import pytest

from rightcall.actors import Role
from rightcall.database.connection import Database
from rightcall.erasure.statements import SubjectErased
from rightcall.errors import Breach
from rightcall.ethics.statements import LookAsked
from rightcall.holdings.holds.statements import HoldLifted
from rightcall.ids import ControllerId, ErasureId, HoldId, PurposeId, RequestId, StatementId, new_id
from rightcall.ledger.actions import Sequencer, append
from rightcall.ledger.model import Commitment, Statement
from rightcall.procedures import actions as procedures
from rightcall.reactions import REACTIONS, _start, follow
from rightcall.requests.model import RequestKind
from rightcall.requests.statements import RequestReady
from rightcall.retention.statements import TermEnded
from rightcall.worker.procedures import PROCEDURES
from tests.cast import MONDAY
from tests.conftest import FixedClock
from tests.ledger.fakes import ORIGIN, SIGNER, own_database


@pytest.fixture(scope="module")
def database(database_url: str) -> Iterator[Database]:
    with own_database(database_url, "reactions_tests") as url:
        database = Database(url)
        yield database
        database.close()


@pytest.fixture
def controller() -> ControllerId:
    return ControllerId(new_id())


class Started:
    """Remembers what was started. Dies after `dies_after` of them."""

    def __init__(self, dies_after: int | None = None) -> None:
        self.calls: list[tuple[str, ...]] = []
        self._dies_after = dies_after

    def __call__(self, name: str, id: str, *arguments: str) -> None:
        if self._dies_after == len(self.calls):
            raise RuntimeError("killed")
        self.calls.append((name, id, *arguments))


def request(controller: ControllerId, kind: RequestKind) -> RequestReady:
    return RequestReady(at=MONDAY, controller=controller, request=RequestId(new_id()), kind_of_request=kind)


def say(database: Database, controller: ControllerId, *statements: Statement) -> list[StatementId]:
    with database.transaction(controller) as tx:
        ids = [append(tx, statement) for statement in statements]
    sequencer = Sequencer(database, SIGNER, ORIGIN, FixedClock())
    while sequencer.run_once():
        pass
    return ids


def test_each_statement_starts_its_procedure_with_its_ids(database: Database, controller: ControllerId) -> None:
    follow(database, Started())
    erasure, access = request(controller, RequestKind.ERASURE), request(controller, RequestKind.ACCESS)
    term = TermEnded(at=MONDAY, controller=controller, purpose=PurposeId(new_id()), last_day=date(2026, 11, 30))
    lifted = HoldLifted(at=MONDAY, controller=controller, hold=HoldId(new_id()), actor=new_id(), role=Role.DPO)
    erased = SubjectErased(
        at=MONDAY, controller=controller, erasure=ErasureId(new_id()), subject=Commitment(bytes(32)), epoch=1, identifiers=1
    )
    wanted = LookAsked(at=MONDAY, controller=controller, actor=new_id(), role=Role.DPO)
    ids = say(database, controller, erasure, access, term, lifted, erased, wanted)
    started = Started()
    assert follow(database, started) is False
    assert started.calls == [
        ("answer_erasure", f"answer_erasure:{ids[0]}", str(controller), str(erasure.request)),
        ("make_package", f"make_package:{ids[1]}", str(controller), str(access.request)),
        ("order_copies", f"order_copies:{ids[1]}", str(controller), str(access.request)),
        ("dispose_of_term", f"dispose_of_term:{ids[2]}", str(controller), "2026-11-30"),
        ("dispose_of_hold", f"dispose_of_hold:{ids[3]}", str(controller), str(lifted.hold)),
        ("forget_outcomes", f"forget_outcomes:{ids[4]}", str(controller), str(erased.erasure)),
        ("plan_telling", f"plan_telling:{ids[4]}", str(controller), str(erased.erasure)),
        ("look_at_parity", f"look_at_parity:{ids[5]}", str(controller)),
    ]
    again = Started()
    follow(database, again)
    assert again.calls == []


@pytest.mark.parametrize("dies_after", [0, 1, 2])
def test_killed_between_starting_and_remembering_the_same_is_started_again(
    database: Database, controller: ControllerId, dies_after: int
) -> None:
    follow(database, Started())
    say(database, controller, *(request(controller, RequestKind.ERASURE) for _ in range(3)))
    dying, after = Started(dies_after), Started()
    with pytest.raises(RuntimeError):
        follow(database, dying)
    follow(database, after)
    assert len(after.calls) == 3
    assert after.calls[:dies_after] == dying.calls
    assert len({call[1] for call in [*dying.calls, *after.calls]}) == 3


def test_killed_between_the_last_start_and_the_commit(
    database: Database, controller: ControllerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(database, Started())
    say(database, controller, request(controller, RequestKind.ERASURE))
    first, second = Started(), Started()

    def killed(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(procedures, "advance", killed)
        with pytest.raises(RuntimeError):
            follow(database, first)
    follow(database, second)
    assert first.calls == second.calls != []


def test_what_is_not_sequenced_is_not_followed(database: Database, controller: ControllerId) -> None:
    follow(database, Started())
    with database.transaction(controller) as tx:
        append(tx, request(controller, RequestKind.ERASURE))
    started = Started()
    follow(database, started)
    assert started.calls == []


def test_a_leaf_that_lacks_a_field_stops_everything() -> None:
    for leaf in (b'["a list"]', b'{"kind_of_request":"erasure","id":"x","controller":"c"}'):
        with pytest.raises(Breach):
            _start(REACTIONS[0], leaf, Started())


def test_every_reaction_names_fields_of_its_statement_and_a_known_procedure() -> None:
    for reaction in REACTIONS:
        fields = reaction.after.__dataclass_fields__
        assert {*reaction.arguments, *reaction.only} <= set(fields), reaction
        assert reaction.procedure in PROCEDURES
    by_workers_themselves = {"share_scan", "let_go_elsewhere", "ask_processor", "tell_agent", "drill_backup"}
    by_workers_themselves |= {"count_parity", "count_for_record"}
    assert {reaction.procedure for reaction in REACTIONS} == set(PROCEDURES) - by_workers_themselves
