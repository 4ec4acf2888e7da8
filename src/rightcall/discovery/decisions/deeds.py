"""What every decision on links looks like, so that each face asks for all of them in one way."""

from typing import Protocol

from rightcall.actors import Actor
from rightcall.clock import Clock
from rightcall.database.connection import Transaction
from rightcall.discovery.linking.model import Link, LinkReason
from rightcall.ids import LinkId
from rightcall.vault.actions import Vault


class DecideOne(Protocol):
    def __call__(self, tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor) -> Link: ...


class DecideAlike(Protocol):
    """Of links that say the same. The decided ones, each a decision of its own."""

    def __call__(
        self, tx: Transaction, vault: Vault, clock: Clock, link: LinkId, *, reason: LinkReason, by: Actor
    ) -> list[Link]: ...
