"""One-time codes through the API: nobody learns who is known, a code works once, floods are stopped."""

import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from rightcall.clock import SystemClock
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.subjects import actions as subjects
from rightcall.subjects.model import IdentifierKind
from rightcall.subjects.rules import normalise
from rightcall.worker import forgetting
from tests.api.conftest import Clients
from tests.api.fakes import RealHouse
from tests.api.scene import done
from tests.cast import ADA_EMAIL, ADA_TEL, BEN_TEL
from tests.standing import SetClock

ADA = {"kind": "tel", "value": ADA_TEL}
NOBODY = {"kind": "tel", "value": "+4532999999"}


@pytest.fixture
def ada(house: RealHouse, clients: Clients) -> SubjectId:
    return known(house, clients, ("tel", ADA_TEL), ("email", ADA_EMAIL))


def known(house: RealHouse, clients: Clients, *by: tuple[str, str]) -> SubjectId:
    with house.database.transaction(clients.controller) as tx:
        identifiers = [normalise(IdentifierKind(kind), Personal(value), "DK") for kind, value in by]
        return subjects.identify(tx, house.vault, house.clock, identifiers)


def code(clients: Clients, identifier: dict[str, str], **more: Any) -> dict[str, Any]:
    return done(clients.agent.post("/api/v1/requests/codes", json={"identifier": identifier} | more), 202)


def ask(clients: Clients, made: dict[str, Any], digits: str, kind: str = "access") -> Any:
    return clients.agent.post(f"/api/v1/requests/codes/{made['id']}", json={"digits": digits, "kind": kind})


@pytest.mark.parametrize("kind", ["access", "erasure"])
def test_who_reads_the_code_back_asks_and_is_believed(house: RealHouse, clients: Clients, ada: SubjectId, kind: str) -> None:
    """For an erasure too, and with an agent's token: it is nobody's word."""
    made = code(clients, ADA, language="da-DK")
    to, words, language = house.codes.sent[-1]
    assert (to.value.reveal("test"), language) == (ADA_TEL, "da")
    assert words.endswith("skal du ikke gøre noget.")
    asked = done(ask(clients, made, house.codes.digits(), kind), 201)
    assert (asked["subject"], asked["proof"], asked["channel"]) == (str(ada), "code", "portal")
    assert asked["waits_for"] == []


def test_nobody_learns_who_is_known(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    there, away = code(clients, ADA), code(clients, NOBODY)
    assert there.keys() == away.keys()
    assert len(house.codes.sent) == 1
    digits = house.codes.digits()
    wrong, unknown = ask(clients, there, "00000000"), ask(clients, away, digits)
    none = ask(clients, {"id": str(uuid4())}, digits)
    assert wrong.status_code == unknown.status_code == none.status_code == 403
    assert wrong.json() == unknown.json() == none.json()
    for _ in range(2):
        code(clients, ADA)
        code(clients, NOBODY)
    flooded = [clients.agent.post("/api/v1/requests/codes", json={"identifier": each}) for each in (ADA, NOBODY)]
    assert [each.status_code for each in flooded] == [429, 429]
    assert flooded[0].json() == flooded[1].json()
    assert ADA_TEL not in flooded[0].text


def test_a_code_works_once(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    made = code(clients, {"kind": "email", "value": ADA_EMAIL})
    done(ask(clients, made, house.codes.digits()), 201)
    assert done(ask(clients, made, house.codes.digits()), 403)["why"] == "wrong_code"


def test_a_code_is_tried_five_times(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    made = code(clients, ADA)
    wrong = f"{(int(house.codes.digits().replace(' ', '')) + 1) % 10**8:08}"
    for _ in range(5):
        assert ask(clients, made, wrong).status_code == 403
    assert ask(clients, made, house.codes.digits()).status_code == 403


def test_a_code_is_old_after_ten_minutes_and_forgotten_after_a_day(
    house: RealHouse, clients: Clients, ada: SubjectId, set_clock: SetClock
) -> None:
    now = SystemClock().now()
    made, later = code(clients, ADA), code(clients, ADA)
    set_clock.at = now + timedelta(minutes=9)
    digits = house.codes.digits()
    done(ask(clients, later, digits), 201)
    set_clock.at = now + timedelta(minutes=11)
    assert ask(clients, made, house.codes.sent[0][1][:9]).status_code == 403
    set_clock.at = now + timedelta(hours=25)
    forgetting.forget_old(house)  # type: ignore[arg-type]  # all that it needs of a house
    with house.database.transaction(clients.controller) as tx:
        assert tx.connection.execute("SELECT FROM request_codes").fetchall() == []


def test_two_who_share_a_number_are_not_told_apart_by_it(house: RealHouse, clients: Clients) -> None:
    for customer in "AB":
        known(house, clients, ("tel", ADA_TEL), ("customer_id", customer))
    code(clients, ADA)
    assert house.codes.sent == []


def test_a_code_of_ben_does_not_prove_ada(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    known(house, clients, ("tel", BEN_TEL))
    asked = done(clients.agent.post("/api/v1/requests", json={"subject": str(ada), "kind": "access"}), 201)
    path = f"/api/v1/requests/{asked['id']}/code"
    bens = code(clients, {"kind": "tel", "value": BEN_TEL})
    shown = {"code": bens["id"], "digits": house.codes.digits()}
    assert done(clients.agent.post(path, json=shown), 403)["why"] == "not_theirs"
    adas = code(clients, ADA)
    shown = {"code": adas["id"], "digits": house.codes.digits()}
    assert done(clients.agent.post(path, json=shown))["proof"] == "code"
    steps = done(clients.dpo.get(f"/api/v1/requests/{asked['id']}"))["steps"]
    assert "not_theirs" in [each["detail"] for each in steps]


def test_an_asker_and_a_token_are_limited_whomever_they_ask_for(clients: Clients, ada: SubjectId) -> None:
    for last in range(10):
        code(clients, {"kind": "tel", "value": f"+453299990{last}"}, asker="198.51.100.7")
    form = {"identifier": ADA, "asker": "198.51.100.7"}
    assert clients.agent.post("/api/v1/requests/codes", json=form).status_code == 429
    code(clients, ADA, asker="198.51.100.8")


def test_the_table_holds_no_digits_and_no_number(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    code(clients, ADA, asker="198.51.100.7")
    with house.database.transaction(clients.controller) as tx:
        [row] = tx.connection.execute("SELECT request_codes::text AS row FROM request_codes").fetchall()
    digits = house.codes.digits().replace(" ", "")
    for planted in (digits, ADA_TEL[1:], "198.51.100.7"):
        assert planted not in row["row"]
        assert planted.encode().hex() not in row["row"]


def test_what_cannot_be_sent_is_said_in_the_log_without_whom(
    house: RealHouse, clients: Clients, ada: SubjectId, caplog: pytest.LogCaptureFixture
) -> None:
    house.codes.away = True
    with caplog.at_level(logging.ERROR):
        code(clients, ADA)
    assert "could not be sent" in caplog.text
    assert ADA_TEL not in caplog.text


def test_nothing_is_sent_to_a_customer_id(clients: Clients) -> None:
    form = {"identifier": {"kind": "customer_id", "value": "C-1"}}
    assert clients.agent.post("/api/v1/requests/codes", json=form).status_code == 400


def test_who_asks_again_while_it_waits_has_the_same_request(house: RealHouse, clients: Clients, ada: SubjectId) -> None:
    first = done(ask(clients, code(clients, ADA), house.codes.digits()), 201)
    again = done(ask(clients, code(clients, ADA), house.codes.digits()), 201)
    other = done(ask(clients, code(clients, ADA), house.codes.digits(), "portability"), 201)
    assert first["id"] == again["id"] != other["id"]
