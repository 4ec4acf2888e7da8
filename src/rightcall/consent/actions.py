"""Asking, choosing, withdrawing: each in one transaction with its grant key and its statement."""

from datetime import datetime

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.consent.model import Ask, Choice, Evidence, NewChoice, Standing
from rightcall.database.connection import Transaction
from rightcall.ids import CallId, ChoiceId, NoticeId, PartyId, PurposeId, SubjectId
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark


def ask(tx: Transaction, clock: Clock, *, call: CallId, party: PartyId, notice: NoticeId, by: Actor) -> Ask:
    """The notice was put to the party, and its keypad counts from now. Conflict where asking would be a fake: the purpose does
    not rest on consent, has ended, or the party has left."""
    raise NotImplementedError


def choose(tx: Transaction, vault: Vault, clock: Clock, new: NewChoice) -> Choice:
    """Write the answer down, open or end its grant, and say so in the ledger."""
    raise NotImplementedError


def keypress(
    tx: Transaction, vault: Vault, clock: Clock, *, call: CallId, party: PartyId, digit: str, at: datetime
) -> Choice | None:
    """What a key meant. None, and nothing is kept of the digit, unless exactly one pending ask of that party gives it a meaning."""
    raise NotImplementedError


def stand_on_basis(tx: Transaction, vault: Vault, clock: Clock, *, call: CallId, party: PartyId, purpose: PurposeId) -> None:
    """For a party whose basis is not consent: open a grant on that basis. Open already is fine."""
    raise NotImplementedError


def standing(tx: Transaction, call: CallId) -> dict[tuple[PartyId, PurposeId], Standing]:
    """Every party of the call with every active purpose: `answer` is None for those never asked or on another basis."""
    raise NotImplementedError


def choice(tx: Transaction, choice: ChoiceId) -> Choice:
    raise NotImplementedError


def history(tx: Transaction, party: PartyId, purpose: PurposeId) -> list[Choice]:
    """All of one party's choices about one purpose, in order."""
    raise NotImplementedError


def choices_of_party(tx: Transaction, party: PartyId) -> list[Choice]:
    raise NotImplementedError


def choices_of_subject(tx: Transaction, subject: SubjectId) -> list[Choice]:
    raise NotImplementedError


def choices_of_call(tx: Transaction, call: CallId) -> list[Choice]:
    raise NotImplementedError


def evidence_of(tx: Transaction, vault: Vault, choice: ChoiceId) -> Evidence | Dark:
    raise NotImplementedError


def pending(tx: Transaction, party: PartyId, at: datetime) -> list[Ask]:
    """The asks whose keypad counts at `at`."""
    raise NotImplementedError
