"""Who has the database and the key service still does not have the raiser; who has a consent's key has, until it is destroyed."""

import pytest

from rightcall.concerns import actions, raiser, sealing, store
from rightcall.concerns.model import AboutCall, Customer, Days, Raised, RaisedAs, Raiser, Staff
from rightcall.concerns.raiser import ByCode
from rightcall.concerns.steps import step_bytes
from rightcall.concerns.wording import envelope_in
from rightcall.database.connection import Transaction
from rightcall.errors import Breach, Conflict, Tampered
from rightcall.ids import ConcernId, SubjectId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark
from rightcall.vault.wrapping import keyed_hash
from tests.concerns.conftest import Staffed
from tests.conftest import FixedClock

NAME = Personal("Plantadine Sealed-Lovelace")
WORDS = Personal("plantedconcern")


def raised_by(tx: Transaction, vault: Vault, clock: FixedClock, by: Raiser) -> Raised:
    return actions.raise_concern(tx, vault, clock, target=AboutCall(None), words=WORDS, by=by, days=Days())


def test_all_keys_of_the_vault_do_not_open_who_of_staff_it_is(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    raised = raised_by(tx, vault, clock, Staff(bearer=staff.agent, name=NAME))
    sealed = store.sealed_raiser(tx, raised.concern.id)
    assert sealed.key is not None
    assert sealed.identity is not None
    opened = vault.open_value(tx, sealed.key, sealed.identity, "concerns.identity")
    assert isinstance(opened, bytes)
    assert b"Lovelace" not in opened
    assert str(staff.agent.actor.id).encode() not in opened
    with pytest.raises(Breach):
        sealing.open_identity(tx, vault, raised.concern.id, RaisedAs.STAFF, sealed, envelope_in(tx, vault, raised.concern.id))


def test_no_key_of_the_vault_tells_which_customer_it_is(tx: Transaction, vault: Vault, clock: FixedClock, ada: SubjectId) -> None:
    raised = raised_by(tx, vault, clock, Customer(subject=ada, name=NAME))
    sealed, place = store.sealed_raiser(tx, raised.concern.id), envelope_in(tx, vault, raised.concern.id)
    assert (sealed.key, place.subject) == (None, None)
    assert sealed.identity is not None
    for key in (ada, place.key):
        with pytest.raises(Tampered):
            vault.open_value(tx, key, sealed.identity, "concerns.identity")
    with pytest.raises(Breach):
        sealing.open_identity(tx, vault, raised.concern.id, RaisedAs.CUSTOMER, sealed, place)


def test_each_consent_has_a_key_of_its_own_that_dies_with_it(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    raised = raised_by(tx, vault, clock, Staff(bearer=staff.agent, name=NAME))
    assert raised.code is not None
    concern, proof = raised.concern.id, ByCode(raised.code)
    keys = []
    for consenting in (proof, staff.agent):
        raiser.consent(tx, vault, clock, concern, consenting)
        raiser.consent(tx, vault, clock, concern, consenting)
        sealed = store.sealed_raiser(tx, concern)
        assert sealed.consent_key is not None
        assert sealed.consent is not None
        shown = sealing.open_identity(tx, vault, concern, RaisedAs.STAFF, sealed, envelope_in(tx, vault, concern))
        assert not isinstance(shown, Dark)
        assert shown.name == NAME
        raiser.withdraw(tx, vault, clock, concern, proof)
        raiser.withdraw(tx, vault, clock, concern, proof)
        assert isinstance(vault.open_value(tx, sealed.consent_key, sealed.consent, "concerns.consent"), Dark)
        keys.append(sealed.consent_key)
    assert len(set(keys)) == 2


def test_what_is_moved_to_another_concern_does_not_open(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
    one = raised_by(tx, vault, clock, Staff(bearer=staff.agent, name=NAME))
    other = raised_by(tx, vault, clock, Staff(bearer=staff.agent, name=NAME))
    sealed = store.sealed_raiser(tx, one.concern.id)
    with pytest.raises(Tampered):
        sealing.inner_by_token(tx, other.concern.id, sealed, staff.agent.secret)
    assert sealed.tag != store.sealed_raiser(tx, other.concern.id).tag, "one raiser's concerns are not linked to each other"


def test_a_step_in_the_ledger_opens_for_whoever_has_the_concerns_key(
    tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed
) -> None:
    raised = raised_by(tx, vault, clock, Staff(bearer=staff.agent))
    ((trace, statement),) = store.steps(tx, raised.concern.id)
    key = store.sealed_words(tx, raised.concern.id).key
    salt = vault.opening(tx, key, statement)
    assert isinstance(salt, bytes)
    found = tx.connection.execute("SELECT convert_from(leaf, 'UTF8') AS leaf FROM statements WHERE statement = %s", (statement,))
    row = found.fetchone()
    assert row is not None
    committed = keyed_hash(salt, step_bytes(raised.concern.id, raised.concern.target, trace)).hex()
    assert committed in row["leaf"]
    vault.destroy_subject(tx, key)
    assert isinstance(vault.opening(tx, key, statement), Dark)


def test_nothing_more_is_said_where_the_key_is_gone(tx: Transaction, vault: Vault, clock: FixedClock, staff: Staffed) -> None:
    raised = raised_by(tx, vault, clock, Staff(bearer=staff.agent))
    vault.destroy_subject(tx, store.sealed_words(tx, raised.concern.id).key)
    with pytest.raises(Conflict):
        envelope_in(tx, vault, ConcernId(raised.concern.id))
