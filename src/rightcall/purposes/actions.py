"""Keeping the purpose register and its notices. Every change is a statement in the ledger."""

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.ids import NoticeId, PurposeId
from rightcall.purposes.model import NewNotice, NewPurpose, Notice, Purpose


def create_purpose(tx: Transaction, clock: Clock, new: NewPurpose, *, by: Actor) -> Purpose:
    """Malformed where the register would be incomplete; Conflict where the key is taken."""
    raise NotImplementedError


def end_purpose(tx: Transaction, clock: Clock, purpose: PurposeId, *, by: Actor) -> Purpose:
    """Nobody is asked and nothing is captured for it any more. What was captured stays until its term. Ended twice is once."""
    raise NotImplementedError


def publish_notice(tx: Transaction, clock: Clock, new: NewNotice, *, by: Actor) -> Notice:
    """The next version of the words in this language. Earlier versions stay as they were."""
    raise NotImplementedError


def get(tx: Transaction, purpose: PurposeId) -> Purpose:
    raise NotImplementedError


def by_key(tx: Transaction, key: str) -> Purpose:
    raise NotImplementedError


def active(tx: Transaction) -> list[Purpose]:
    """Those not ended, in the order they were made."""
    raise NotImplementedError


def all_purposes(tx: Transaction) -> list[Purpose]:
    raise NotImplementedError


def notice(tx: Transaction, notice: NoticeId) -> Notice:
    raise NotImplementedError


def current_notice(tx: Transaction, purpose: PurposeId, language: str) -> Notice:
    """The latest version in this language (a region falls back to its language: `da-DK` to `da`); NotFound if none."""
    raise NotImplementedError


def notices(tx: Transaction, purpose: PurposeId) -> list[Notice]:
    """All versions in all languages, by language and version."""
    raise NotImplementedError
