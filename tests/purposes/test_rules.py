"""What may enter the register."""

import re
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.actors import PartyRole, Role
from rightcall.errors import Malformed
from rightcall.ids import ControllerId, PurposeId, new_id
from rightcall.purposes import rules
from rightcall.purposes.model import Keypad, LawfulBasis, NewPurpose, Purpose
from tests.cast import MONDAY
from tests.purposes.examples import TRAINING, a_notice

CONTROLLER, PURPOSE = ControllerId(UUID(int=1)), PurposeId(UUID(int=2))


def test_a_full_entry_passes_and_is_trimmed() -> None:
    assert rules.checked_purpose(TRAINING) == TRAINING
    assert rules.checked_purpose(replace(TRAINING, title=f" {TRAINING.title} ")) == TRAINING


@pytest.mark.parametrize(
    "wrong",
    [
        replace(TRAINING, key="Training"),
        replace(TRAINING, key=""),
        replace(TRAINING, title="  "),
        replace(TRAINING, justification="  "),
        replace(TRAINING, term_days=0),
        replace(TRAINING, term_days=-1),
        replace(TRAINING, term_days=10**6),
        replace(TRAINING, may_use=frozenset()),
        replace(TRAINING, may_use=frozenset({Role.DPO, Role.ADMINISTRATOR})),
        replace(TRAINING, data_categories=()),
        replace(TRAINING, data_categories=("voice",)),
        replace(TRAINING, dpv_purpose="Staff training"),
        replace(TRAINING, dpv_purpose="javascript:alert"),
        replace(TRAINING, dpv_purpose="dpv:StaffTraining"),
        replace(TRAINING, data_categories=("pd:VoiceCommunicationRecording", "pd:Nonsense")),
    ],
)
def test_what_is_incomplete_is_refused(wrong: NewPurpose) -> None:
    with pytest.raises(Malformed):
        rules.checked_purpose(wrong)


@pytest.mark.parametrize(
    "keypad",
    [
        Keypad(yes="1", no="1"),
        Keypad(yes="1", no="22"),
        Keypad(yes="1", no=""),
        Keypad(yes="A", no="2"),
        Keypad(yes="1", no="٢"),
    ],
)
def test_a_no_costs_no_more_than_a_yes(keypad: Keypad) -> None:
    with pytest.raises(Malformed):
        rules.checked_notice(replace(a_notice(PURPOSE), keypad=keypad))


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "bell \x07"])
def test_words_that_cannot_be_played_are_refused(text: str) -> None:
    with pytest.raises(Malformed):
        rules.checked_notice(replace(a_notice(PURPOSE), text=text))


Facts = tuple[ControllerId, PurposeId, str, int, str, Keypad | None]
FACTS: st.SearchStrategy[Facts] = st.tuples(
    st.uuids().map(ControllerId),
    st.uuids().map(PurposeId),
    st.sampled_from(["en", "da", "en-GB"]),
    st.integers(1, 3),
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=20),
    st.sampled_from([None, Keypad(yes="1", no="2"), Keypad(yes="2", no="1")]),
)


@given(FACTS, FACTS)
def test_the_digest_knows_every_part_of_a_notice(one: Facts, other: Facts) -> None:
    digests = [rules.notice_digest(rules.notice_document(*facts)) for facts in (one, other)]
    assert (digests[0] == digests[1]) == (one == other)
    for position, part in enumerate(other):
        mixed = (*one[:position], part, *one[position + 1 :])
        same = rules.notice_digest(rules.notice_document(*mixed)) == digests[0]  # type: ignore[arg-type]  # mixed from two
        assert same == (one[position] == part)


def test_the_basis_follows_the_role() -> None:
    purpose = Purpose(
        id=PurposeId(new_id()),
        key="training",
        title="t",
        justification="j",
        lawful_basis=LawfulBasis.CONSENT,
        staff_basis=LawfulBasis.LEGITIMATE_INTERESTS,
        data_categories=("pd:VoiceMail",),
        may_use=TRAINING.may_use,
        term_days=1,
        dpv_purpose="dpv:PersonnelManagement",
        on_withdrawal=TRAINING.on_withdrawal,
        created_at=MONDAY,
    )
    assert purpose.basis_for(PartyRole.AGENT) is LawfulBasis.LEGITIMATE_INTERESTS
    assert purpose.basis_for(PartyRole.CUSTOMER) is purpose.basis_for(PartyRole.THIRD_PARTY) is LawfulBasis.CONSENT


DUTY = replace(TRAINING, key="orders", lawful_basis=LawfulBasis.LEGAL_OBLIGATION)


@pytest.mark.parametrize("law", ["mifid", "bookkeeping", "AO § 147", "Bogføringsloven § 12"])
def test_a_duty_is_named_by_the_short_name_that_rules_go_by_or_as_it_is_cited(law: str) -> None:
    assert rules.checked_purpose(replace(DUTY, legal_duty=law)).legal_duty == law


@pytest.mark.parametrize("law", [None, "", "The tax law", "AO § 147, Ada 4512345678", "MiFID II Art. 16(7)"])
def test_a_duty_that_is_no_laws_is_refused_with_how_to_name_it(law: str | None) -> None:
    with pytest.raises(Malformed, match="legal_duty as"):
        rules.checked_purpose(replace(DUTY, legal_duty=law))


def test_all_short_names_that_rules_go_by_are_known_here() -> None:
    packs = "".join(each.read_text() for each in (Path(rules.__file__).parents[1] / "policy").rglob("*.cedar"))
    assert set(re.findall(r'duty [!=]= "(\w+)"', packs)) == set(rules.DUTIES_WITH_RULES)
