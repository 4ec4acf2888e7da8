"""The words of a concern, sealed in turn: what the raiser said, the answer, the appeal, the decision, and why somebody looked."""

from dataclasses import replace

from rightcall.concerns import sealing, store
from rightcall.concerns.model import SealedWords, Words
from rightcall.concerns.sealing import Envelope
from rightcall.database.connection import Transaction
from rightcall.errors import Conflict, Tampered
from rightcall.ids import ConcernId
from rightcall.personal import Personal
from rightcall.vault.actions import Vault
from rightcall.vault.model import Dark

WORDS = "concerns.words"
ANSWER = "concerns.answer"
APPEAL = "concerns.appeal"
DECISION = "concerns.decision"
LOOK = "concerns.look"


def envelope_in(tx: Transaction, vault: Vault, concern: ConcernId) -> Envelope:
    """Where the words of this concern are sealed; Conflict once it is forgotten."""
    found = sealing.envelope_of(tx, vault, store.sealed_words(tx, concern))
    if isinstance(found, Dark):
        raise Conflict("This concern is forgotten: its keys are destroyed, and nothing can be added to it.")
    return found


def opened(tx: Transaction, vault: Vault, concern: ConcernId) -> Words:
    sealed = store.sealed_words(tx, concern)
    place = sealing.envelope_of(tx, vault, sealed)

    def open_one(given: bytes | None, context: str) -> Personal[str] | Dark | None:
        if given is None:
            return None
        return place if isinstance(place, Dark) else place.open(tx, vault, given, context)

    words = open_one(sealed.words, WORDS)
    if words is None:
        raise Tampered("A concern has no words. Stop, and tell the DPO.")
    return Words(
        words=words,
        answer=open_one(sealed.answer, ANSWER),
        appeal=open_one(sealed.appeal, APPEAL),
        decision=open_one(sealed.decision, DECISION),
    )


def sealed_anew(tx: Transaction, vault: Vault, concern: ConcernId) -> SealedWords:
    """What can be opened, as it is sealed today; what is dark, as it is."""
    sealed, place = store.sealed_words(tx, concern), envelope_in(tx, vault, concern)

    def anew(given: bytes, context: str) -> bytes:
        said = place.open(tx, vault, given, context)
        return given if isinstance(said, Dark) else place.seal(tx, vault, said, context)

    return replace(
        sealed,
        words=anew(sealed.words, WORDS),
        answer=None if sealed.answer is None else anew(sealed.answer, ANSWER),
        appeal=None if sealed.appeal is None else anew(sealed.appeal, APPEAL),
        decision=None if sealed.decision is None else anew(sealed.decision, DECISION),
    )


def shown(words: Personal[str] | Dark | None) -> str | None:
    """None where nothing was said, or its key is destroyed."""
    return None if words is None or isinstance(words, Dark) else words.reveal("show words of a concern")
