"""Customers' concerns from before migration 0039: the words lay under the customer's key too, until the worker laid them anew."""

import pytest

from rightcall.canonical import canonical_json
from rightcall.concerns import actions, answering, keeping, raiser, store
from rightcall.concerns.codes import key_of_code
from rightcall.concerns.model import AboutCall, Customer, Days, Identity, Raised, Words
from rightcall.concerns.raiser import ByCode
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict
from rightcall.ids import SubjectId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark, DarkReason
from rightcall.vault.wrapping import context, new_secret, wrap
from tests.cast import ADA_NAME
from tests.concerns.conftest import Staffed
from tests.conftest import FixedClock

WORDS = Personal("A no costs me my place in the queue.")


@pytest.fixture
def raised(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> Raised:
    """One in the form of before, that nobody has answered yet."""
    raised = actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=WORDS, by=Customer(subject=ada), days=Days())
    assert raised.code is not None
    concern, key, inner = raised.concern.id, store.sealed_words(tx, raised.concern.id).key, new_secret()
    under_subject = vault.seal_value(tx, ada, WORDS.reveal("test").encode(), "concerns.words")
    said = canonical_json({"id": str(ada), "role": None, "name": ADA_NAME})
    tx.connection.execute(
        """
        UPDATE concerns SET words_of_subject = true, sealed_subject = %(subject)s, sealed_words = %(words)s,
            sealed_raiser = %(raiser)s, raiser_by_code = %(by_code)s
        WHERE concern = %(concern)s
        """,
        {
            "concern": concern,
            "subject": vault.seal_value(tx, key, ada.bytes, "concerns.subject"),
            "words": vault.seal_value(tx, key, b"\x01" + under_subject, "concerns.words"),
            "raiser": vault.seal_value(
                tx, ada, wrap(inner, said, context("concern identity", tx.of, concern)), "concerns.identity"
            ),
            "by_code": wrap(key_of_code(raised.code, tx.of, concern), inner, context("concern inner key", tx.of, concern)),
        },
    )
    return raised


def words_of(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, raised: Raised) -> Words:
    return answering.read(tx, vault, clock, raised.concern.id, staff.dpo)


def test_once_laid_anew_an_erasure_darkens_no_words(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, ada: SubjectId, raised: Raised
) -> None:
    assert words_of(tx, vault, clock, staff, raised).words == WORDS
    keeping.keep(tx, vault, clock, days=Days())
    assert store.bound_to_subject(tx) == []
    vault.destroy_subject(tx, ada)
    assert words_of(tx, vault, clock, staff, raised).words == WORDS
    assert raised.code is not None
    with pytest.raises(Conflict, match="erased"):
        raiser.consent(tx, vault, clock, raised.concern.id, ByCode(raised.code))


def test_what_was_dark_stays_dark_and_is_not_tried_again(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, ada: SubjectId, raised: Raised
) -> None:
    vault.destroy_subject(tx, ada)
    keeping.keep(tx, vault, clock, days=Days())
    assert store.bound_to_subject(tx) == []
    assert words_of(tx, vault, clock, staff, raised).words == Dark(reason=DarkReason.SUBJECT_ERASED)


def test_who_it_was_is_shown_with_consent_before_and_after(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed, ada: SubjectId, raised: Raised
) -> None:
    assert raised.code is not None
    raiser.consent(tx, vault, clock, raised.concern.id, ByCode(raised.code))
    for _ in range(2):
        shown = answering.reveal(tx, vault, clock, raised.concern.id, staff.dpo, reason="to call her back", case="concern-2026-7")
        assert isinstance(shown, Identity)
        assert (shown.id, shown.name) == (ada, Personal(ADA_NAME))
        keeping.keep(tx, vault, clock, days=Days())
