"""Which role may do what: the table is complete, closed, and says no by default."""

import pytest

from rightcall.actors import Role
from rightcall.staff import rules
from rightcall.staff.model import Allowed, Deed, NotThisRole


def test_every_deed_is_in_the_table() -> None:
    assert set(rules.MAY) == set(Deed)


@pytest.mark.parametrize("deed", Deed)
def test_each_deed_is_open_to_someone_and_never_to_those_without_tokens(deed: Deed) -> None:
    assert rules.MAY[deed]
    for role in (Role.SYSTEM, Role.SUBJECT):
        assert isinstance(rules.permission(role, deed), NotThisRole)


def test_a_deed_missing_from_the_table_is_refused_to_all(monkeypatch: pytest.MonkeyPatch) -> None:
    table = {deed: roles for deed, roles in rules.MAY.items() if deed is not Deed.PLAY_HOLDING}
    monkeypatch.setattr(rules, "MAY", table)
    for role in Role:
        assert isinstance(rules.permission(role, Deed.PLAY_HOLDING), NotThisRole)


def test_a_role_without_tokens_stays_out_even_when_the_table_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAY", {Deed.SEE_CALLS: frozenset({Role.SYSTEM, Role.AGENT})})
    assert isinstance(rules.permission(Role.SYSTEM, Deed.SEE_CALLS), NotThisRole)
    assert rules.permission(Role.AGENT, Deed.SEE_CALLS) == Allowed()


ENGINEER = {
    Deed.SEE_CALLS,
    Deed.ASK_VERDICT,
    Deed.SEE_PURPOSES,
    Deed.SEE_CONTROLLER,
    Deed.SEE_TRUNKS,
    Deed.CHANGE_TRUNKS,
    Deed.SEE_SYSTEMS,
    Deed.SEE_MAP,
    Deed.WRITE_DOWN_HOLDING,
    Deed.CHANGE_SYSTEMS,
    Deed.SCAN_SYSTEM,
    Deed.SEE_PROCEDURES,
    Deed.CHANGE_PROCEDURES,
    Deed.SEE_SAFETY,
    Deed.JUDGE_SAFETY,
    Deed.SEE_BREACHES,  # how many people, and never who
    Deed.ENTER_BREACH,
    Deed.REPORT_USE,  # so do those that use what is held
    Deed.REPORT_OUTCOME,  # the systems that know how a call went have this role's token
    Deed.SEE_REVIEWS,  # the rest anybody may
    Deed.SIGN_REVIEW,
    Deed.RAISE_CONCERN,
    Deed.SEE_RULES,
    Deed.SEE_LEDGER,
}


def test_an_engineer_keeps_it_running_and_sees_nobody() -> None:
    assert {deed for deed in Deed if rules.permission(Role.ENGINEER, deed) == Allowed()} == ENGINEER


def test_a_conserver_sends_and_does_nothing_else() -> None:
    assert {deed for deed in Deed if rules.permission(Role.CONSERVER, deed) == Allowed()} == {Deed.SEND_VCON}


AUDITOR = {
    *(deed for deed in Deed if deed.name.startswith("SEE_")),
    Deed.PLAY_HOLDING,
    Deed.ASK_VERDICT,
    Deed.REPORT_USE,  # what an auditor reads elsewhere is told like anybody's
    Deed.RAISE_CONCERN,  # and so is what an auditor thinks is wrong
    Deed.KEEP_ACCOUNT,
    Deed.FIND_SUBJECT,
} - {Deed.SEE_EVIDENCE, Deed.SEE_WISH}

ADMINISTRATOR = {
    *(Deed.SEE_STAFF, Deed.CHANGE_STAFF, Deed.KEEP_ACCOUNT),
    *(Deed.SEE_TRUNKS, Deed.CHANGE_TRUNKS),
    *(Deed.SEE_SYSTEMS, Deed.CHANGE_SYSTEMS, Deed.SCAN_SYSTEM),
    *(Deed.SEE_PROCEDURES, Deed.CHANGE_PROCEDURES, Deed.SEE_LEDGER),
    *(Deed.SEE_CONTROLLER, Deed.SEE_PURPOSES, Deed.SEE_REVIEWS, Deed.SEE_RULES),
    *(Deed.SEE_MAP, Deed.SEE_SAFETY),  # how much and how safely, never whose
    Deed.RAISE_CONCERN,
}


def test_an_auditor_reads_and_changes_nothing() -> None:
    assert {deed for deed in Deed if rules.permission(Role.AUDITOR, deed) == Allowed()} == AUDITOR


def test_an_administrator_looks_after_accounts_and_systems_and_sees_nobody() -> None:
    assert {deed for deed in Deed if rules.permission(Role.ADMINISTRATOR, deed) == Allowed()} == ADMINISTRATOR


def test_a_reviewer_gives_second_opinions_and_knows_nobody_by_name() -> None:
    may = {deed for deed in Deed if rules.permission(Role.REVIEWER, deed) == Allowed()}
    assert may >= {Deed.SIGN_REVIEW, Deed.ADOPT_RULES, Deed.DECIDE_APPEAL, Deed.AGREE_TO_HOLDS}
    assert not may & {Deed.FIND_SUBJECT, Deed.SEE_SUBJECT, Deed.PLAY_HOLDING, Deed.SEE_REQUESTS, Deed.SEE_EVIDENCE}


def test_a_refusal_says_who_may() -> None:
    answer = rules.permission(Role.AGENT, Deed.CHANGE_PURPOSES)
    assert answer == NotThisRole(deed=Deed.CHANGE_PURPOSES, may=frozenset({Role.DPO}))
