"""The rules of an answer, without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rightcall.consent.model import Answer, Evidence, EvidenceKind, GrantOutcome
from rightcall.consent.rules import evidence_bytes, outcome_of, settled
from rightcall.personal import Personal
from rightcall.purposes.model import OnWithdrawal
from rightcall.subjects.model import subject_bytes

GRANTED, REFUSED, WITHDRAWN = Answer.GRANTED, Answer.REFUSED, Answer.WITHDRAWN


@pytest.mark.parametrize(
    ("last", "given_answer", "written"),
    [
        (None, GRANTED, GRANTED),
        (None, REFUSED, REFUSED),
        (REFUSED, GRANTED, GRANTED),
        (REFUSED, REFUSED, REFUSED),
        (GRANTED, GRANTED, GRANTED),
        (GRANTED, REFUSED, WITHDRAWN),
        (GRANTED, WITHDRAWN, WITHDRAWN),
        (WITHDRAWN, GRANTED, GRANTED),
        (WITHDRAWN, REFUSED, REFUSED),
        (None, WITHDRAWN, REFUSED),
        (REFUSED, WITHDRAWN, REFUSED),
        (WITHDRAWN, WITHDRAWN, REFUSED),
    ],
)
def test_how_an_answer_is_written_down(last: Answer | None, given_answer: Answer, written: Answer) -> None:
    assert settled(last, given_answer) is written


@pytest.mark.parametrize(
    ("answer", "living", "on_withdrawal", "outcome"),
    [
        (GRANTED, False, OnWithdrawal.DESTROY, GrantOutcome.OPENED),
        (GRANTED, True, OnWithdrawal.DESTROY, GrantOutcome.RENEWED),
        (WITHDRAWN, True, OnWithdrawal.DESTROY, GrantOutcome.DESTROYED),
        (WITHDRAWN, True, OnWithdrawal.KEEP, GrantOutcome.KEPT),
        (REFUSED, False, OnWithdrawal.KEEP, None),
    ],
)
def test_what_becomes_of_the_grant(
    answer: Answer, living: bool, on_withdrawal: OnWithdrawal, outcome: GrantOutcome | None
) -> None:
    assert outcome_of(answer, living=living, on_withdrawal=on_withdrawal) is outcome


EVIDENCE = st.builds(
    Evidence,
    kind=st.sampled_from(EvidenceKind),
    detail=st.text(st.characters(codec="utf-8"), max_size=12).map(Personal),
)


@given(EVIDENCE, EVIDENCE, st.uuids())
def test_a_commitment_is_to_one_thing_only(one: Evidence, other: Evidence, subject: object) -> None:
    assert (evidence_bytes(one) == evidence_bytes(other)) == (one == other)
    assert evidence_bytes(one) != subject_bytes(subject)  # type: ignore[arg-type]  # a UUID
